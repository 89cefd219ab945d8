"""Gunicorn's bind addresses, as `gunicorn.util.parse_address` reads them (the same from 20.1 to 27)."""

from posixpath import isabs, join, normpath

from ...address import Address, tcp, unix
from ...facts import Bind, Problem
from ...source import Span
from ...value import Known, Unknown, Value, has_hole, normal

_HOLES = (("{{", "}}"), ("${", "}"), ("%(", ")s"))


def bind(text: str, at: Span, directory: Value[str], fixed: bool = True) -> tuple[Bind, Problem | None]:
    """Return one bind, and what Gunicorn says where it refuses it.

    `directory` is the one after --chdir: relative socket paths are relative to it.
    """
    if not fixed:
        text = _braced(text)
    whole = _mask(text)
    if (whole and not whole.strip("\0")) or has_hole(whole):
        return Bind(Unknown("depends on a variable", at), text, at), None
    if whole.startswith("unix:"):
        return _unix(text.rpartition("unix:")[2].removeprefix("//"), text, at, directory), None
    if whole.startswith("fd://"):
        return Bind(Unknown("a descriptor that is inherited", at), text, at), None
    host, port, problem = _host_and_port(whole.removeprefix("tcp://"))
    if problem and _is_left_open(port):
        return Bind(Unknown("for somebody to fill in", at), text, at), None
    if problem:
        message, meant = problem
        repair = f"write `{meant}`" if meant else ""
        return Bind(Unknown("Gunicorn refuses it", at), text, at), Problem(
            "gunicorn", "invalid-bind", message, at, repair=repair, instead=meant if at.text == text else ""
        )
    host, port = _unmask(host, port, text)
    return Bind(Known(tcp(host or "0.0.0.0", port), at), text, at), None


def _unix(path: str, text: str, at: Span, directory: Value[str]) -> Bind:
    if isabs(path) or (path.startswith(("{{", "${")) and not _names_a_folder_of(path, directory)):
        return Bind(Known(unix(path), at), text, at)
    if isinstance(directory, Unknown):
        return Bind(Unknown("relative to a directory that cannot be told", at), text, at, path)
    address: Address = unix(normpath(join(directory.value, path)))
    return Bind(Known(address, at), text, at, path)


def _names_a_folder_of(path: str, directory: Value[str]) -> bool:
    """Whether the variable that a path begins with is a mere name: it stands after a slash in the directory."""
    hole = path[: path.find("}") + 1 + path.startswith("{{")]
    return not isinstance(directory, Unknown) and f"/{normal(hole)}" in normal(directory.value)


def _host_and_port(text: str) -> tuple[str, str, tuple[str, str] | None]:
    """Split what is no socket path; the third part is Gunicorn's message and what was meant."""
    host, port = text, "8000"
    if "[" in text and "]" in text:
        host = text.split("]")[0][1:]
        port = [*text.split("]:"), "8000"][1]
    elif ":" in text:
        host, port = text.split(":")[:2]
    if "\0" not in port and not _is_number(port):
        return host, port, (f"Error: {port!r} is not a valid port number.", "")
    host = "0.0.0.0" if host in ("", "0") else host.lower()
    if "\0" not in port:
        port = str(int(port))
        if not 0 <= int(port) <= 65535:
            return host, port, ("OverflowError: bind(): port must be 0-65535.", "")
    if host.isdigit():
        return host, port, (f"Invalid address: ({host!r}, {port})", f"127.0.0.1:{host}")
    if host.startswith(("/", "./", "@")) or host.endswith(".sock"):
        return host, port, (f"Invalid address: ({host!r}, {port})", f"unix:{host}")
    if host == "*":
        return host, port, (f"Invalid address: ('*', {port})", f"0.0.0.0:{port}")
    return host, port, None


def _is_left_open(port: str) -> bool:
    """Whether an installer, or whoever reads the file, is to write the port: `PORT`, `<port>`."""
    return (port.isalpha() and port.isupper()) or (port.startswith("<") and port.endswith(">"))


def _is_number(text: str) -> bool:
    """Whether Python's `int` takes it, as Gunicorn asks."""
    try:
        int(text)
    except ValueError:
        return False
    return True


def _braced(text: str) -> str:
    """Write `$NAME` as `${NAME}`, the form that is recognised as a hole."""
    result, at = "", 0
    while (start := text.find("$", at)) >= 0:
        end = start + 1
        while end < len(text) and (text[end].isalnum() or text[end] == "_"):
            end += 1
        result += text[at:start] + (f"${{{text[start + 1 : end]}}}" if end > start + 1 else "$")
        at = end
    return result + text[at:]


def _mask(text: str) -> str:
    """Return the text with every hole as NULs of the same length."""
    if "{" not in text and "%(" not in text:
        return text
    for opens, closes in _HOLES:
        at = text.find(opens)
        while at >= 0 and (end := text.find(closes, at)) >= 0:
            end += len(closes)
            text = text[:at] + "\0" * (end - at) + text[end:]
            at = text.find(opens, end)
    return text


def _unmask(host: str, port: str, text: str) -> tuple[str, str]:
    """Put the holes back: the parts follow each other in the text."""
    if "\0" in host + port and has_hole(text):
        at = _mask(text).lower().find(host) if "\0" in host else -1
        host = text[at : at + len(host)] if at >= 0 else host
        at = _mask(text).rfind(port) if "\0" in port else -1
        port = text[at : at + len(port)] if at >= 0 else port
    return host, port
