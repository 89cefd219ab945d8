"""Waitress: the command `waitress-serve` and calls of `waitress.serve()` in Python.

No environment variable and no config file is read (waitress/adjustments.py, runner.py; 2.1 and 3.0).

Kinds of problems: "unknown-option", "ambiguous-option", "missing-value", "bad-value", "combination",
"app-before-options", "no-app", "invalid-bind".
"""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ..address import Address, tcp, unix
from ..facts import Bind, Command, Environment, Problem, ServerFacts, Word
from ..source import Source, Span
from ..tree import Tree
from ..value import Default, Known, Unknown, Value, has_hole
from .options import Option, Parsed, getopt
from .options import table as by_flag

if TYPE_CHECKING:
    import ast

DEFAULT = "Waitress's default"
_PROXY_HEADERS = frozenset({"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port",
                            "x-forwarded-by", "forwarded"})  # fmt: skip
_HELP = Option("help", ("--help",), "flag", "str", "", None)
_CALL = Option("call", ("--call",), "flag", "str", "", None)

Given = Mapping[str, Value[object]]


class _Refused(NamedTuple):
    kind: str
    message: str
    name: str  # the adjustment to point at


@cache
def adjustments(version: str | None) -> dict[str, Option]:
    """Return the adjustments of a release by name; without a version, of the newest."""
    from .data.waitress_options import ROWS, VERSIONS

    old = version is not None and version.split(".")[0] in ("0", "1", "2")
    index = 0 if old else len(VERSIONS) - 1
    rows = [Option(*row) for row in ROWS]  # type: ignore[arg-type]
    return {row.name: row for row in rows if row.first <= index <= row.last}


def read(command: Command, tree: Tree, folder: str | None, version: str | None) -> ServerFacts:
    """Return the settings of a `waitress-serve` command line."""
    known = adjustments(version)
    parsed = getopt(command.words[1:], {**by_flag((_HELP, _CALL)), **by_flag(known.values())})
    given = _given(parsed)
    problems = [
        Problem("waitress", kind, message, word.at, repair=f"did you mean `{near}`?" if near else "")
        for kind, message, word, near in parsed.faults
    ]
    spec = _spec(parsed, problems, command)
    hidden = None if parsed.certain else Unknown("the command line has a variable that may hold options")
    facts = _facts(given, known, command.at, problems, hidden)
    return facts._replace(
        spec=spec,
        directory=command.directory,
        environment=command.environment,
        search=_python_path(command.environment),
        call=any(one.option.name == "call" for one in parsed.given),
    )


def _python_path(environment: Environment) -> tuple[Value[str], ...]:
    variable = environment.known("PYTHONPATH")
    return tuple(Known(part, variable.at) for part in variable.value.split(":") if part) if variable else ()


def _given(parsed: Parsed) -> dict[str, Value[object]]:
    """Return the adjustments as texts; several `--listen` are one text with blanks between them."""
    values: dict[str, Value[object]] = {}
    for option, word, at in parsed.given:
        if option.name in ("help", "call"):
            continue
        if word is None:
            values[option.name] = Known("true", at)
        elif not word.fixed:
            values[option.name] = Unknown("depends on a variable", word.at)
        else:
            before = values.get(option.name) if option.name == "listen" else None
            text = f"{before.value} {word.text}" if isinstance(before, Known) else word.text
            if isinstance(before, Unknown):
                continue
            values[option.name] = Known(text, before.at if isinstance(before, Known) else word.at)
    return values


def _spec(parsed: Parsed, problems: list[Problem], command: Command) -> Value[str]:
    words = parsed.positionals
    if problems or any(given.option.name == "help" for given in parsed.given):
        return Known(words[0].text, words[0].at) if words and words[0].fixed else Unknown("no application is named")
    if not words:
        problems.append(Problem("waitress", "no-app", "Error: Specify one application only", command.at))
        return Unknown("no application is named", command.at)
    if len(words) > 1 and parsed.certain:
        late = next((word for word in words[1:] if word.text.startswith("-")), words[1])
        message = "Error: Specify one application only"
        problems.append(
            Problem("waitress", "app-before-options", message, late.at, ((words[0].at, "the application comes first"),),
                    "put the options before the application")  # fmt: skip
        )
    return Known(words[0].text, words[0].at) if words[0].fixed else Unknown("depends on a variable", words[0].at)


# ------------------------------------------------------------------------------------ adjustments


def _facts(
    given: Given, known: dict[str, Option], at: Span, problems: list[Problem], hidden: Unknown | None
) -> ServerFacts:
    """Return the facts of adjustments that were given, as texts or as values of Python."""
    values = {name: _converted(known.get(name), name, value, problems) for name, value in given.items()}
    for kind, message, name in _refusals(given, values):
        place = given[name]
        where = place.at if isinstance(place, (Known, Unknown)) and place.at is not None else at
        problems.append(Problem("waitress", kind, message, where))
    settings: dict[str, Value[object]] = {
        name: values.get(name) or hidden or Default(option.default, DEFAULT) for name, option in known.items()
    }
    binds = _binds(values, given, hidden, problems)
    spec = Unknown("no application is named", at)
    directory = Unknown("the directory that the script is started in")
    return ServerFacts("waitress", at, binds, spec, settings, directory, Environment(), problems=tuple(problems))


def _converted(option: Option | None, name: str, value: Value[object], problems: list[Problem]) -> Value[object]:
    """Convert like `Adjustments._params`; a value it refuses is a "bad-value" problem."""
    if isinstance(value, Unknown) or option is None or not isinstance(value, Known):
        return value
    raw = value.value
    if isinstance(raw, str) and has_hole(raw) and option.type in ("int", "asoctal", "asbool"):
        return Unknown("depends on a template variable", value.at)
    try:
        return Known(_cast(option.type, raw), value.at)
    except (TypeError, ValueError) as error:
        problems.append(Problem("waitress", "bad-value", f"{type(error).__name__}: {error}", value.at))
        return Unknown("Waitress refuses it", value.at)


def _cast(kind: str, raw: object) -> object:
    text = str(raw)[:10_000]
    if kind == "int":
        if not isinstance(raw, (int, float, str)):
            raise TypeError(f"int() argument must be a string, a bytes-like object or a real number, not {type(raw).__name__!r}")
        return int(raw)
    if kind == "asbool":
        return raw if isinstance(raw, bool) else raw is not None and text.strip().lower() in ("t", "true", "y", "yes", "on", "1")
    if kind == "asoctal":
        if not isinstance(raw, str):
            raise TypeError("int() can't convert non-string with explicit base")
        return int(raw, 8)
    if kind in ("aslist", "asset"):
        pieces = raw.splitlines() if isinstance(raw, str) else raw
        if not isinstance(pieces, (list, tuple)):
            raise TypeError(f"{type(raw).__name__!r} object is not iterable")
        return tuple(word for piece in pieces for word in str(piece).split())
    if kind == "slash_fixed_str":
        return f"/{text.strip().strip('/')}" if text.strip() else ""
    return (str(raw) if raw else None) if kind == "str_iftruthy" else raw if kind == "as_socket_list" else str(raw)


def _refusals(given: Given, values: Given) -> list[_Refused]:
    """Return what `Adjustments.__init__` refuses: the first one only, as it raises."""
    checks = (
        ("listen", ("host", "port"), "ValueError: host or port may not be set if listen is set."),
        ("listen", ("sockets",), "ValueError: socket may not be set if listen is set."),
        ("sockets", ("host", "port"), "ValueError: host or port may not be set if sockets is set."),
        ("unix_socket", ("sockets",), "ValueError: unix_socket may not be set if sockets is set"),
        ("unix_socket", ("host", "port"), "ValueError: unix_socket may not be set if host or port is set"),
        ("unix_socket", ("listen",), "ValueError: unix_socket may not be set if listen is set"),
    )
    for name, others, message in checks:
        if name in given and any(other in given for other in others):
            return [_Refused("combination", message, name)]
    for name in ("trusted_proxy_count", "trusted_proxy_headers"):
        value = values.get(name)
        if "trusted_proxy" not in given and isinstance(value, Known) and value.value not in ((), None):
            return [_Refused("combination", f"ValueError: {name} has no meaning without setting trusted_proxy", name)]
    return _header_refusals(values)


def _header_refusals(values: Given) -> list[_Refused]:
    headers = values.get("trusted_proxy_headers")
    if not isinstance(headers, Known) or not isinstance(headers.value, tuple):
        return []
    named = {str(header).lower() for header in headers.value}
    unknown = sorted(named - _PROXY_HEADERS)
    if any(has_hole(header) for header in unknown):
        return []
    if unknown:
        message = f"ValueError: Received unknown trusted_proxy_headers value ({', '.join(unknown)})"
        return [_Refused("bad-value", message, "trusted_proxy_headers")]
    if "forwarded" in named and len(named) > 1:
        message = "ValueError: The Forwarded proxy header and the X-Forwarded-{By,Host,Proto,Port,For} headers are mutually exclusive."
        return [_Refused("combination", message, "trusted_proxy_headers")]
    return []


# ------------------------------------------------------------------------------------------ binds


def _binds(values: Given, given: Given, hidden: Unknown | None, problems: list[Problem]) -> tuple[Bind, ...]:
    path = values.get("unix_socket")
    if isinstance(path, Unknown) or isinstance(values.get("sockets"), (Known, Unknown)):
        return (Bind(Unknown("a socket that cannot be told"), "", None),)
    if isinstance(path, Known):
        return (Bind(Known(unix(str(path.value)), path.at), str(path.value), path.at),)
    listen = values.get("listen")
    if isinstance(listen, Unknown):
        return (Bind(listen, "", listen.at),)
    if isinstance(listen, Known) and isinstance(listen.value, tuple):
        raw = given["listen"]
        several = isinstance(raw, Known) and " " in str(raw.value).strip()
        texts = [str(text) for text in listen.value]
        return tuple(bind for text in texts for bind in _listen(text, _within(text, listen.at, several), problems))
    return _host_and_port(values, hidden, problems)


def _within(text: str, at: Span, several: bool) -> Span:
    """Find one address in what was written; further ones may stand in later words of the same line."""
    whole = at.source.text
    found = whole.find(text, at.start, min(at.start + 4000, len(whole))) if several else at.text.find(text) + at.start
    return Span(at.source, found, found + len(text)) if found >= at.start else at


def _host_and_port(values: Given, hidden: Unknown | None, problems: list[Problem]) -> tuple[Bind, ...]:
    host, port = values.get("host"), values.get("port")
    for part in (host, port):
        if isinstance(part, Unknown):
            return (Bind(part, "", part.at),)
    if hidden is not None and (host is None or port is None):
        return (Bind(hidden, "", None),)
    at = next((part.at for part in (host, port) if isinstance(part, Known)), None)
    shown = f"{host.value if isinstance(host, Known) else '0.0.0.0'}:{port.value if isinstance(port, Known) else 8080}"
    if at is None:
        return (Bind(Default(tcp("0.0.0.0", 8080), DEFAULT), "0.0.0.0:8080", None),)
    return _listen(shown, at, problems)


def _listen(text: str, at: Span, problems: list[Problem]) -> tuple[Bind, ...]:
    """Read one `listen` value: the last colon parts host and port; `*` is both families."""
    host, colon, port = _colon(text)
    if not colon or "]" in port:
        host, port = text, "8080"
    bare = host.strip("[").rstrip("]") if "[" in host and "]" in host else host
    hole = has_hole(text)
    if not hole and (not bare or bare == "unix" or "/" in bare or "," in text or (":" in bare and "[" not in host and bare.count(":") < 2)):
        problems.append(Problem("waitress", "invalid-bind", "ValueError: Invalid host/port specified.", at))
        return (Bind(Unknown("Waitress refuses it", at), text, at),)
    if not hole and bare.isdigit():
        message = "OSError: [Errno 99] Cannot assign requested address"
        problems.append(Problem("waitress", "invalid-bind", message, at, repair=f"write `127.0.0.1:{bare}`"))
        return (Bind(Unknown("Waitress cannot bind it", at), text, at),)
    if not hole and port.isdigit():
        port = str(int(port[:20]) % 65536)  # getaddrinfo takes the number modulo 65536
    elif not hole:
        port = {"http": "80", "https": "443", "http-alt": "8080"}.get(port, "")
        if not port:
            return (Bind(Unknown("a service name", at), text, at),)
    addresses: tuple[Address, ...] = (tcp("0.0.0.0", port), tcp("::", port)) if bare == "*" else (tcp(bare, port),)
    return tuple(Bind(Known(address, at), text, at) for address in addresses)


def _colon(text: str) -> tuple[str, str, str]:
    """Split at the last colon that is not inside `{{ }}`."""
    end = text.rfind("}}")
    at = text.rfind(":") if text.rfind(":") > end or "{{" not in text[: text.rfind(":")] else text.rfind(":", 0, text.rfind("{{"))
    return (text[:at], ":", text[at + 1 :]) if at >= 0 else (text, "", "")


# ---------------------------------------------------------------------------------------- in code


def calls(module: Source, tree: "ast.Module", environment: Environment | None = None) -> list[ServerFacts]:
    """Return every call of `waitress.serve()` or `create_server()` in a module, wherever it stands."""
    import ast

    from .evaluate import Scope

    scope = Scope(module, environment or Environment(complete=False))
    scope.run(tree.body)
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_serve(scope.canonical(node.func))]
    return [from_call(scope, node) for node in found]


def _is_serve(name: str) -> bool:
    return name in ("waitress.serve", "waitress.create_server", "waitress.server.create_server")


def from_call(scope: object, node: "ast.Call") -> ServerFacts:
    """Return the facts of one call of `waitress.serve(app, **adjustments)`."""
    from .evaluate import Opaque, Scope, span_of

    assert isinstance(scope, Scope)
    known, problems = adjustments(None), list[Problem]()
    given: dict[str, Value[object]] = {}
    hidden: Unknown | None = None
    for keyword in node.keywords:
        at = span_of(scope.source, keyword.value)
        value = scope.value(keyword.value)
        if keyword.arg is None:
            hidden = Unknown("adjustments are passed with **", at)
        elif keyword.arg not in known and not keyword.arg.startswith("_"):
            problems.append(Problem("waitress", "unknown-option", f"ValueError: Unknown adjustment {keyword.arg!r}", at))
        elif isinstance(value, (Unknown, Opaque)):
            given[keyword.arg] = Unknown(value.why if isinstance(value, Unknown) else "cannot be told", at)
        else:
            given[keyword.arg] = Known(value, at)
    facts = _facts(given, known, span_of(scope.source, node), problems, hidden)
    spec: Value[str] = Unknown("no application is named", facts.at)
    if node.args:
        at = span_of(scope.source, node.args[0])
        spec = Known(at.text, at)
    return facts._replace(spec=spec, environment=scope.environment, in_code=True)
