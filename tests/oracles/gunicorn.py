"""Ask Gunicorn itself what its settings come to, and compare the reader's answer with it."""

import os
import pwd
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from flasklint.facts import Environment, Runs, ServerFacts, Variable, Word
from flasklint.read import command, gunicorn
from flasklint.source import Source
from flasklint.tree import Tree
from flasklint.value import Default, Known, Unknown

from .forks import Oracle

# Gunicorn reads some variables and the directory while it is imported: it is imported again for every case that
# sets one. What follows up to the first bind is what the arbiter does, except that an extra package for a known
# worker class is not asked for.
PROGRAM = """
import contextlib, io, os, sys, types
import gunicorn.app.wsgiapp, gunicorn.arbiter

AT_IMPORT = ("PORT", "WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS")

def answer(case):
    errors = io.StringIO()
    with contextlib.redirect_stderr(errors):
        told = checked(case) if case["check"] else settings(case)
    return {"error": errors.getvalue()[-2000:], **told}

def prepare(case):
    os.chdir(case["cwd"])
    os.environ.update(case["env"])
    if any(name in case["env"] for name in AT_IMPORT):
        for name in [name for name in sys.modules if name.partition(".")[0] == "gunicorn"]:
            del sys.modules[name]
    sys.argv = ["gunicorn", *case["argv"]]
    from gunicorn import config, util
    config.Chdir.default = util.getcwd()

def checked(case):
    # Every application that a case names is there.
    for name in ("shop", "shop.wsgi", "conf", "extra", "x"):
        sys.modules[name] = module = types.ModuleType(name)
        module.__path__ = [case["cwd"] + "/conf"]
        module.app = module.y = lambda environ, start_response: []
    try:
        prepare({**case, "argv": ["--check-config", *case["argv"]]})
        from gunicorn.app.wsgiapp import WSGIApplication
        WSGIApplication("%(prog)s", prog="gunicorn").run()
    except SystemExit as error:
        return {"exit": error.code or 0}
    except BaseException as error:
        return {"exit": 1, "error": str(error)}

def settings(case):
    try:
        prepare(case)
        from gunicorn import util
        from gunicorn.app.wsgiapp import WSGIApplication
        from gunicorn.workers import SUPPORTED_WORKERS
        app = WSGIApplication("%(prog)s", prog="gunicorn")
        cfg = app.cfg
        worker = cfg.settings["worker_class"].get()
        if worker not in SUPPORTED_WORKERS:
            util.load_class(worker)
        address = cfg.address
        for each in address:
            if isinstance(each, tuple) and not 0 <= each[1] <= 65535:
                raise OverflowError("bind(): port must be 0-65535.")
        cfg.env
    except SystemExit as error:
        return {"exit": error.code}
    except BaseException as error:
        return {"exit": 1, "error": str(error)}
    settings = {name: plain(setting.get()) for name, setting in cfg.settings.items()}
    return {"exit": None, "settings": settings, "address": address, "spec": app.app_uri, "chdir": cfg.chdir}

def plain(value):
    simple = value is None or isinstance(value, (str, int, float, list, tuple))
    return value if simple else {"other": repr(value)}
"""

# Computed when Gunicorn starts, kept as written, or compared by themselves below.
_APART = frozenset(
    {
        "bind",
        "chdir",
        "config",
        "user",
        "group",
        "statsd_host",
        "ssl_version",
        "wsgi_app",
        "default_proc_name",
        "http_protocols",
    }
)
_LATER = re.compile(r"class uri|environment setting")  # found wrong by the arbiter, after --check-config
_USAGE = ("gunicorn: error:",)


class Case(NamedTuple):
    """How Gunicorn is started.

    `late`: an address is only found wrong when it is opened. `unjudged`: it is refused for a reason that the
    reader leaves alone, such as a folder that is missing. `later`: options that older releases do not know, which
    the reader forgives, as a pinned version may be out of date.
    """

    argv: list[str]
    env: dict[str, str]
    cwd: Path
    late: bool = False
    unjudged: bool = False
    later: bool = False


def ask(oracle: Oracle, case: Case, *, check: bool = False) -> dict[str, Any]:
    """Ask for the settings, or with `check` what `gunicorn --check-config` ends with."""
    told: dict[str, Any] = oracle.ask({"argv": case.argv, "env": case.env, "cwd": str(case.cwd), "check": check})
    return told


def facts(case: Case, version: str | None) -> ServerFacts:
    """Read a command line, its words written one after the other."""
    source = Source("case", " ".join(["gunicorn", *case.argv]))
    at, words = 0, []
    for text in ["gunicorn", *case.argv]:
        words.append(Word(text, source.span(at, at + len(text))))
        at += len(text) + 1
    whole, root = source.whole(), Default("root", "")
    variables = (Variable(name, Known(value, Source("env", value).whole()), whole) for name, value in case.env.items())
    runs = Runs("case", "systemd", tuple(words), whole, whole, root, root, Known(str(case.cwd), whole),
                Environment(tuple(variables)))  # fmt: skip
    tree = Tree(str(case.cwd))
    return gunicorn.read(command.unwrap(runs, tree, ""), tree, "", version)


def difference(
    ours: ServerFacts, real: dict[str, Any], case: Case, told: frozenset[str] = frozenset(), old: bool = False
) -> str:
    """Say in what the reader differs from Gunicorn, empty where it does not.

    `old` tells a release that is not the newest. `told` are the settings that the reader has to know; others it may leave unknown, but not get wrong.
    """
    if real["exit"] == 0:
        return ""  # --help, --version
    if real["exit"] is not None:
        exits = {2 if problem.message.startswith(_USAGE) else 1 for problem in ours.problems}
        raised = "Failed to read config file" in real["error"] and "SyntaxError" not in real["error"]
        if real["exit"] in exits or raised or case.unjudged or (case.later and old):
            return ""
        return f"Gunicorn ends with {real}, said: {_said(ours)}"
    if ours.problems:
        return (
            "" if case.late and all(p.kind == "invalid-bind" for p in ours.problems) else f"false alarm: {_said(ours)}"
        )
    return _settings(ours, real, told) or _places(ours, real)


def misjudged(ours: ServerFacts, real: dict[str, Any], case: Case, old: bool = False) -> str:
    """Say where `gunicorn --check-config` judges otherwise, which loads no worker class and opens no address."""
    noticed = [one for one in ours.problems if one.kind != "invalid-bind" and not _LATER.search(one.message)]
    if real["exit"]:
        return "" if ours.problems else difference(ours, real, case, old=old)
    helps = any(word in ("-h", "--help", "--h", "-v", "--version") for word in case.argv)
    return f"--check-config accepts it, told: {_said(ours)}" if noticed and not helps else ""


def uncommon(ours: ServerFacts, real: Sequence[dict[str, Any]], case: Case) -> str:
    """Say what is told without a version that does not hold for every release that accepts the case."""
    if ours.problems and any(each["exit"] is None for each in real) and not case.late:
        return f"accepted by some: {_said(ours)}"
    accepted = [each for each in real if each["exit"] is None and not ours.problems]
    return next((why for each in accepted if (why := _settings(ours, each, frozenset()) or _places(ours, each))), "")


def _said(ours: ServerFacts) -> list[str]:
    return [f"{problem.kind}: {problem.message}" for problem in ours.problems]


def _settings(ours: ServerFacts, real: dict[str, Any], told: frozenset[str]) -> str:
    for name, value in ours.settings.items():
        if name in real["settings"] and name not in _APART:
            expected = real["settings"][name]
            if isinstance(value, Unknown):
                if name in told:
                    return f"{name} is {expected!r}, not told: {value.why}"
            elif _plain(value.value) != expected and not isinstance(expected, dict):
                return f"{name} is {expected!r}, told: {value.value!r}"
    for name in ("user", "group"):
        value = ours.settings[name]
        if name == "user" and not isinstance(value, Unknown) and _uid(value.value) != real["settings"][name]:
            return f"{name} is {real['settings'][name]!r}, told: {value.value!r}"
    return ""


def _plain(value: object) -> object:
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value


def _uid(user: object) -> int:
    return int(user) if isinstance(user, int) or str(user).isdigit() else pwd.getpwnam(str(user)).pw_uid


def _places(ours: ServerFacts, real: dict[str, Any]) -> str:
    """Compare the addresses, the application and the directory."""
    expected = [_expected(each, real["chdir"]) for each in real["address"]]
    told = [bind.address if isinstance(bind.address, Unknown) else _address(bind.address.value) for bind in ours.binds]
    if not any(isinstance(each, Unknown) for each in told) and told != expected:
        return f"binds {expected}, told: {told}"
    for what, value, really in (("spec", ours.spec, real["spec"]), ("chdir", ours.directory, real["chdir"])):
        if not isinstance(value, Unknown) and value.value != really:
            return f"{what} {really!r}, told: {value.value!r}"
    return ""


def _expected(address: Any, directory: str) -> object:
    if isinstance(address, str):
        return os.path.normpath(os.path.join(directory, address))
    return ["0.0.0.0" if address[0] in ("", "0") else address[0], address[1]]


def _address(value: Any) -> object:
    return value.path if value.is_unix else [value.host, int(value.port)]
