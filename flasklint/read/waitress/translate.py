"""Gunicorn's options where Waitress stands, and what Waitress calls the same."""

from collections.abc import Mapping, Sequence

from ...facts import Problem, Word
from ...source import Span
from ..gunicorn.table import table
from ..options import Given, Option, argparse

# Gunicorn's settings that Waitress has no need of: it has no worker processes, and logs by `logging`.
_LEFT_OUT = frozenset(
    {"timeout", "graceful_timeout", "keepalive", "worker_class", "worker_connections", "worker_tmp_dir", "max_requests",
     "max_requests_jitter", "preload_app", "reload", "proc_name", "accesslog", "errorlog", "loglevel",
     "access_log_format", "capture_output", "disable_redirect_access_to_syslog"}
)  # fmt: skip
_BLANKS = " \t\r\n\\"


def is_gunicorns(name: str) -> bool:
    """Tell whether Gunicorn has a setting of that name."""
    return name in table(None).settings


def repair(name: str) -> str:
    """Say what to do with a setting of Gunicorn among the arguments of `serve()`."""
    meant = {"workers": "threads", "bind": "listen"}.get(name)
    return f"write {meant}=" if meant else f"leave {name}= out" if name in _LEFT_OUT else ""


def gunicorns(words: Sequence[Word], flags: Mapping[str, Option]) -> Problem | None:
    """Return one problem (kind "gunicorn-option") for all of Gunicorn's options among the words, or None.

    Its place is from the first of them to the last one's value. `flags` are Waitress's own.
    """
    parsed = argparse(words, {**table(None).flags, **flags}, "gunicorn")
    found = [given for given in parsed.given if not _is_own(given.option, flags)]
    if not found:
        return None
    source = found[0].at.source
    if any(given.at.source is not source for given in found):
        return Problem("waitress", "gunicorn-option", _message(found[0]), found[0].at)
    at = Span(source, found[0].at.start, max(_end(given) for given in found))
    threads = any(given.option.name == "threads" for given in parsed.given)
    return Problem("waitress", "gunicorn-option", _message(found[0]), at, instead=_rewritten(found, threads) or "")


def _is_own(option: Option, flags: Mapping[str, Option]) -> bool:
    return option.name in ("help", "version") or any(flag in flags for flag in option.flags)


def _message(given: Given) -> str:
    flag = given.at.text.strip("\"'").partition("=")[0]
    return f"Error: option {flag if flag.startswith('--') else flag[:2]} not recognized"


def _end(given: Given) -> int:
    """Where an option with its value ends, closing quotes included."""
    if given.value is None or given.value.at.source is not given.at.source:
        return given.at.end
    text, start, end = given.at.source.text, given.value.at.start, given.value.at.end
    quoted = start > given.at.end and text[start - 1] in "\"'" and text[end : end + 1] == text[start - 1]
    return max(given.at.end, end + quoted)


def _rewritten(found: Sequence[Given], threads: bool) -> str | None:
    """The options as Waitress knows them, with all that stands between them; None where one has no counterpart."""
    text, source, done = "", found[0].at.source.text, found[0].at.start
    for given in found:
        instead = _instead(given, threads)
        apart = source[given.at.end : given.value.at.start].strip(_BLANKS + "\"'") if given.value else ""
        if instead is None or apart or given.at.start < done:
            return None
        text += source[done : given.at.start]
        if not instead and _is_listed(given):
            return None
        text = text + instead if instead else text.rstrip(_BLANKS)
        done = _end(given)
    return text.lstrip(_BLANKS)


def _is_listed(given: Given) -> bool:
    """Whether an option is an item of a list, which is not as if it were not there when it is empty."""
    source, start = given.at.source, given.at.start
    before = source.text[source.text.rfind("\n", 0, start) + 1 : start]
    return before.strip() == "-" or before[-1:] in ("'", '"')


def _instead(given: Given, threads: bool) -> str | None:
    name, value = given.option.name, given.value.text if given.value and given.value.fixed else ""
    if name in _LEFT_OUT or (name == "workers" and threads):
        return ""
    if name == "workers" and value.isdigit():
        return f"--threads={value}"
    if name == "pidfile" and value.isdigit() and given.at.text.startswith("-p"):
        return f"--port={value}"
    return _listen(value) if name == "bind" else None


def _listen(bind: str) -> str | None:
    """`--listen` for an address that Gunicorn binds; its sockets are open to everybody, Waitress's to their owner."""
    if bind.startswith("unix:"):
        return f"--unix-socket={bind[5:]} --unix-socket-perms=666" if bind[5:6] == "/" else None
    host, _, port = bind.rpartition(":")
    return f"--listen={host or '*'}:{port}" if port.isdigit() and not host.endswith(":") else None
