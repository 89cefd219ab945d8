"""What `python FILE.py` starts: a server in code, nothing that serves, or something nobody can tell."""

import ast
from typing import Literal

from ..address import tcp, unix
from ..facts import Bind, Command, ServerFacts
from ..source import Source
from ..tree import Tree
from ..value import Default, Known, Unknown, Value
from . import devserver, manage, waitress
from .evaluate import Scope, span_of
from .reached import Walk
from .syntax import code_of

_UVICORN = "Uvicorn's default"
_WAITRESS_SERVERS = ("waitress.create_server", "waitress.server.create_server")
_GEVENT_SERVERS = ("gevent.pywsgi.WSGIServer", "gevent.wsgi.WSGIServer")


def read(module: Source, command: Command, tree: Tree) -> ServerFacts | Unknown | None:
    """Return the server that the script starts.

    None: it surely calls nothing that serves. Unknown: it calls what cannot be seen into (an imported
    `main()`, a command line interface), or decides at run time.
    """
    code = code_of(module)
    if code.body is None:
        line = code.error.lineno if code.error else None
        return Unknown("the script is no valid Python for this interpreter", module.line_span(line or 1))
    walk = Walk(module, code.body, command.environment)
    doubtful: list[ServerFacts] = []
    for call in walk.calls():
        facts = _server(walk, call) or manage.from_call(walk, call, command, tree)
        if facts is None:
            continue
        facts = facts._replace(directory=command.directory, files=(module,))
        if not walk.doubtful:
            return facts if not doubtful else Unknown("which server it starts is decided at run time", facts.at)
        doubtful.append(facts)
    if len(doubtful) == 1 and not walk.dark:
        return doubtful[0]
    if doubtful:
        return Unknown("which server it starts is decided at run time", doubtful[0].at)
    if walk.dark or walk.scope.tainted:
        return Unknown(walk.dark or walk.scope.tainted, module.whole())
    return None


def _server(walk: Walk, call: ast.Call) -> ServerFacts | None:
    scope = walk.scope
    name = scope.canonical(call.func)
    if name == "waitress.serve":
        return waitress.from_call(scope, call)
    if name == "uvicorn.run":
        return _uvicorn(walk, call)
    if isinstance(call.func, ast.Attribute) and call.func.attr in ("run", "serve_forever"):
        made = _made(scope, call.func.value)
        maker = scope.canonical(made.func) if made else ""
        if made and maker in _WAITRESS_SERVERS and call.func.attr == "run":
            return waitress.from_call(scope, made)
        if made and maker in _GEVENT_SERVERS and made.args:
            return _gevent(scope, made)
    return devserver.from_call(scope, call, walk)


def _uvicorn(walk: Walk, call: ast.Call) -> ServerFacts:
    """`uvicorn.run(app, host="127.0.0.1", port=8000, uds=None)`."""
    given = walk.arguments(call, ("app",))
    at = span_of(walk.scope.source, call)
    host, port, path = given.get("host"), given.get("port"), given.get("uds")
    if isinstance(path, Known) and path.value:
        binds = (Bind(Known(unix(str(path.value)), path.at), str(path.value), path.at),)
    else:
        binds = (_address(host or Default("127.0.0.1", _UVICORN), port or Default(8000, _UVICORN)),)
    app = given.get("app")
    spec: Value[str] = Unknown("an object", at)
    if isinstance(app, Known) and isinstance(app.value, str):
        spec = Known(app.value, app.at)
    return _facts("uvicorn", walk.scope, call, binds, spec)


def _made(scope: Scope, server: ast.expr) -> ast.Call | None:
    """The call that made a server object: itself, or what its name was bound to."""
    bound = scope.names.get(server.id) if isinstance(server, ast.Name) else None
    made = bound.node if bound is not None else server
    return made if isinstance(made, ast.Call) else None


def _gevent(scope: Scope, made: ast.Call) -> ServerFacts:
    """`WSGIServer((host, port), app)`."""
    at = span_of(scope.source, made.args[0])
    listener = scope.value(made.args[0])
    host: Value[object] = Unknown("cannot be told", at)
    port: Value[object] = host
    if isinstance(listener, tuple) and not isinstance(listener, Unknown) and len(listener) == 2:
        host, port = Known(listener[0] or "0.0.0.0", at), Known(listener[1], at)
    elif isinstance(listener, (str, int)) and str(listener).rpartition(":")[2].isdigit():
        before, _, after = str(listener).rpartition(":")
        host, port = Known(before or "0.0.0.0", at), Known(after, at)
    spec: Value[str] = Unknown("an object", at)
    if len(made.args) > 1:
        place = span_of(scope.source, made.args[1])
        spec = Known(place.text, place)
    return _facts("gevent", scope, made, (_address(host, port),), spec)


def _facts(
    kind: Literal["uvicorn", "gevent"], scope: Scope, call: ast.Call, binds: tuple[Bind, ...], spec: Value[str]
) -> ServerFacts:
    directory: Value[str] = Unknown("the directory that the script is started in")
    at = span_of(scope.source, call)
    return ServerFacts(kind, at, binds, spec, {}, directory, scope.environment, in_code=True)


def _address(host: Value[object], port: Value[object]) -> Bind:
    if isinstance(host, Unknown) or isinstance(port, Unknown):
        dark = host if isinstance(host, Unknown) else port
        return Bind(Unknown("cannot be told"), "", None) if not isinstance(dark, Unknown) else Bind(dark, "", dark.at)
    address = tcp(str(host.value), str(port.value))
    at = host.at if isinstance(host, Known) else port.at if isinstance(port, Known) else None
    return Bind(Known(address, at) if at is not None else Default(address, _UVICORN), str(address), at)
