"""Flask's development server: `flask run`, and `app.run()` in a file that is run as a script.

The settings are "host", "port", "debug", "app" and, where Flask-SocketIO runs the application,
"socketio": its `async_mode`, "" where it takes the first of eventlet, gevent and Werkzeug that is
installed. Kinds of problems: "unknown-option", "missing-value", "bad-value" (flask/cli.py, flask/app.py
of 3.1).
"""

from typing import TYPE_CHECKING

from ..address import tcp, unix
from ..facts import Bind, Command, Environment, Problem, ServerFacts, Word
from ..tree import Tree
from ..value import Default, Known, Unknown, Value, has_hole

if TYPE_CHECKING:
    import ast

    from .evaluate import Scope
    from .reached import Walk

DEFAULT = "Flask's default"
_DASH = "Dash's default"
_GLOBAL_TAKES = {"-A": "app", "--app": "app", "-e": "env-file", "--env-file": "env-file"}
_RUN_TAKES = {
    "-h": "host",
    "--host": "host",
    "-p": "port",
    "--port": "port",
    "--cert": "cert",
    "--key": "key",
    "--extra-files": "extra-files",
    "--exclude-patterns": "exclude-patterns",
}
_FLAGS = {"--debug": ("debug", True), "--no-debug": ("debug", False)}
_RUN_FLAGS = frozenset(
    {
        "--reload",
        "--no-reload",
        "--debugger",
        "--no-debugger",
        "--with-threads",
        "--without-threads",
        "--eager-loading",
        "--lazy-loading",
        "--help",
    }
)


def read_flask(command: Command, tree: Tree, folder: str | None) -> ServerFacts:
    """Return the settings of `flask [options] run [options]`."""
    problems: list[Problem] = []
    given = _options(command, problems)
    lookup = _Variables(command.environment, tree, folder)
    debug = given.get("debug") or _debug(lookup)
    host = given.get("host") or lookup.get("FLASK_RUN_HOST") or Default("127.0.0.1", DEFAULT)
    port = given.get("port") or lookup.get("FLASK_RUN_PORT") or Default(5000, DEFAULT)
    spec = given.get("app") or lookup.get("FLASK_APP")
    spec = spec if spec is not None else Unknown("found by Flask: wsgi.py, then app.py", command.at)
    if isinstance(port, Known) and not has_hole(str(port.value)) and not str(port.value).strip().isdecimal():
        message = f"Error: Invalid value for '--port' / '-p': {str(port.value)!r} is not a valid integer."
        problems.append(Problem("flask", "bad-value", message, port.at))
        port = Unknown("Flask refuses it", port.at)
    elif isinstance(port, Known) and str(port.value).strip().isdecimal():
        port = Known(int(str(port.value)[:10]), port.at)
    return ServerFacts(
        kind="flask",
        at=command.at,
        binds=(_bind(host, port),),
        spec=_text(spec),
        settings={"host": host, "port": port, "debug": debug, "app": spec},
        directory=command.directory,
        environment=command.environment,
        problems=tuple(problems),
    )


class _Variables:
    """The environment of `flask`; python-dotenv, if installed, adds `.env` and `.flaskenv`."""

    def __init__(self, environment: Environment, tree: Tree, folder: str | None) -> None:
        self.environment = environment
        self.files = []
        while folder is not None:
            names = (f"{folder}/{name}" if folder else name for name in (".env", ".flaskenv"))
            self.files += [source for name in names if (source := tree.read(name)) is not None]
            folder = folder.rpartition("/")[0] if folder else None

    def get(self, name: str) -> Value[object] | None:
        found = self.environment.get(name)
        if found is None and any(f"{name}=" in source.text for source in self.files):
            return Unknown(f"${name} may come from a .env file")
        return Known(found.value, found.at) if isinstance(found, Known) else found and Unknown("not written")


def _debug(lookup: _Variables) -> Value[object]:
    """FLASK_DEBUG, as `flask.helpers.get_debug_flag` reads it; FLASK_ENV did the same before Flask 2.3."""
    value = lookup.get("FLASK_DEBUG")
    if isinstance(value, Known):
        return Known(_is_true(str(value.value)), value.at)
    if isinstance(value, Unknown):
        return value
    old = lookup.get("FLASK_ENV")
    if old is not None and not (isinstance(old, Known) and old.value != "development"):
        return Unknown("FLASK_ENV switches it on before Flask 2.3", old.at if isinstance(old, Known) else None)
    return Default(False, DEFAULT)


def _is_true(text: str) -> bool:
    return bool(text) and text.lower() not in ("0", "false", "no")


def _text(value: Value[object]) -> Value[str]:
    if isinstance(value, Known):
        return Known(str(value.value), value.at)
    return value if isinstance(value, Unknown) else Unknown("not set")


def _options(command: Command, problems: list[Problem]) -> dict[str, Value[object]]:
    """Read the options as click does: no abbreviations, each level its own."""
    given: dict[str, Value[object]] = {}
    words, index, ran = command.words, 1, False
    while index < len(words):
        word = words[index]
        flag, equals, text = word.text.partition("=") if word.text.startswith("--") else (word.text, "", "")
        takes = _RUN_TAKES if ran else _GLOBAL_TAKES
        index += 1
        if flag[:2] in takes and not flag.startswith("--") and len(flag) > 2:
            given[takes[flag[:2]]] = _value(word, flag[2:])
        elif flag in takes and equals:
            given[takes[flag]] = _value(word, text)
        elif flag in takes:
            if index >= len(words):
                problems.append(
                    Problem("flask", "missing-value", f"Error: Option '{flag}' requires an argument.", word.at)
                )
                break
            given[takes[flag]] = _value(words[index], words[index].text)
            index += 1
        elif flag in _FLAGS:
            given[_FLAGS[flag][0]] = Known(_FLAGS[flag][1], word.at)
        elif not ran and flag == "run":
            ran = True
        elif (
            word.fixed
            and flag.startswith("-")
            and (flag not in _RUN_FLAGS if ran else flag not in ("--version", "--help"))
        ):
            repair = "put it before `run`" if flag in _GLOBAL_TAKES else ""
            problems.append(
                Problem("flask", "unknown-option", f"Error: No such option: {flag}", word.at, repair=repair)
            )
            break
    return given


def _value(word: Word, text: str) -> Value[object]:
    if not word.fixed:
        return Unknown("depends on a variable", word.at)
    found = word.at.text.rfind(text) if text else -1
    return Known(text, word.at.part(found, found + len(text)) if found >= 0 else word.at)


def _bind(host: Value[object], port: Value[object]) -> Bind:
    """Return the one address of a development server."""
    if isinstance(host, Unknown) or isinstance(port, Unknown):
        dark = host if isinstance(host, Unknown) else port
        return Bind(Unknown("host or port cannot be told", dark.at if isinstance(dark, Unknown) else None), "", None)
    shown, at = (
        str(host.value),
        host.at if isinstance(host, Known) else port.at if isinstance(port, Known) else None,
    )
    if shown.startswith("unix://") and at is not None:
        return Bind(Known(unix(shown.removeprefix("unix://")), at), shown, at)
    address = tcp(shown, str(port.value))
    return Bind(Known(address, at) if at is not None else Default(address, DEFAULT), str(address), at)


# ----------------------------------------------------------------------------------------- app.run


def from_call(scope: "Scope", node: "ast.Call", walk: "Walk") -> ServerFacts | None:
    """Return the facts of `app.run(...)`, `socketio.run(app, ...)` or werkzeug's `run_simple(...)`."""
    import ast

    from .evaluate import span_of

    on, method = (node.func.value, node.func.attr) if isinstance(node.func, ast.Attribute) else (node.func, "")
    app, usual = "", (DEFAULT, 5000)
    if scope.canonical(node.func) in ("werkzeug.serving.run_simple", "werkzeug.run_simple"):
        names = ["host", "port", "app", "", "use_debugger"]
    elif method == "run" and walk.is_app(on):
        names, app = ["host", "port", "debug"], span_of(scope.source, on).text
    elif method in ("run", "run_server") and walk.maker(on) == "Dash":
        names, usual = ["host", "port", "proxy", "debug"], (_DASH, 8050)
    elif method == "run" and walk.is_socketio(on):
        names = ["app", "host", "port"]
    else:
        return None
    given = walk.arguments(node, tuple(names))
    at = span_of(scope.source, node)
    debug = given.get("debug") or given.get("use_debugger") or walk.debug(node.func)
    if isinstance(debug, Known):
        debug = Known(bool(debug.value), debug.at)
    host = _or_default(given.get("host"), _usual("HOST", "127.0.0.1", scope, usual[0]))
    port = _or_default(given.get("port"), _usual("PORT", usual[1], scope, usual[0]))
    spec: Value[str] = Known(app, at) if app else Unknown("the application's name is not read here", at)
    settings: dict[str, Value[object]] = {"host": host, "port": port, "debug": debug}
    if names[0] == "app":
        settings["socketio"] = walk.made_with(on, "async_mode", Default("", "Flask-SocketIO's default"))
    directory: Value[str] = Unknown("the directory that the script is started in")
    return ServerFacts("flask", at, (_bind(host, port),), spec, settings, directory, scope.environment, in_code=True)


def _usual(variable: str, value: object, scope: "Scope", program: str) -> Value[object]:
    """Return the default; Dash takes $HOST and $PORT before its own (dash/dash.py of 2 and 3)."""
    found = scope.environment.get(variable) if program == _DASH else None
    if found is None:
        return Default(value, program)
    return Known(found.value, found.at) if isinstance(found, Known) else Unknown(f"${variable} may be set")


def _or_default(value: Value[object] | None, default: Value[object]) -> Value[object]:
    """`host=None` is the default, too."""
    return default if value is None or (isinstance(value, Known) and value.value is None) else value
