"""What is in force: servers, locations, and what each inherits.

nginx merges a level with the one above it directive by directive; `proxy_set_header` is inherited
only by a level that has none of its own (its manual, "proxy_set_header").
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from ...address import Address, tcp
from ...facts import Forwards, Header, Headers, NginxListen, NginxLocation, NginxServer, NginxUpstream, ServesFiles
from ...record import Record
from ...source import Span
from ...value import Default, Known, Unknown, Value
from .mask import HOLE, is_touched
from .tree import Directive, Word
from .values import PASSES, parse_endpoint, parse_listen, parse_pass, parse_size, parse_time

_DEFAULT = "nginx's default"
_TIMEOUT = Default(60.0, _DEFAULT)
_BODY_LIMIT = Default(1024 * 1024, _DEFAULT)
_INHERITED = frozenset(
    [f"{protocol}_{what}_timeout" for protocol in ("proxy", "uwsgi", "fastcgi", "scgi", "grpc")
     for what in ("connect", "read", "send")] + ["client_max_body_size", "ssl"]
)  # fmt: skip
_REDIRECTS = frozenset({"redirect", "permanent"})
_CONDITIONS = frozenset({"if", "limit_except"})
_FORWARDING = _CONDITIONS.union(PASSES)
_ACCESS = frozenset({"allow", "deny", "satisfy"})
_SERVING = frozenset({"alias", "root"})
_MODIFIERS = ("=", "^~", "~*", "~", "@")
_ANSWERING = frozenset({"return", "empty_gif", "stub_status"})


class Level(Record):
    """What one level hands down to the next. `names` are those of its own directives."""

    headers: Headers = Headers()
    settings: Mapping[str, Word] = {}
    files: ServesFiles | None = None
    denied: bool = False  # `deny all`, which a level without rules of its own inherits
    falls_back: bool = False  # `error_page 404 = @app`, inherited likewise
    names: frozenset[str] = frozenset()


class Scene(Record):
    """What all locations of a server share: upstreams by lower-case name, `set $x literal` values,
    the URIs of auth_request, and whether template statements choose among its directives."""

    upstreams: dict[str, str]
    values: dict[str, str | None]
    subrequests: frozenset[str]
    branches: bool


def blocks(body: Iterable[Directive], name: str) -> Iterator[Directive]:
    return (directive for directive in body if directive.name == name and directive.block is not None)


def every(body: Iterable[Directive]) -> list[Directive]:
    """Every directive at any depth."""
    found = []
    for directive in body:
        found.append(directive)
        if directive.block:
            found += every(directive.block)
    return found


def read_upstreams(body: Iterable[Directive]) -> tuple[NginxUpstream, ...]:
    return tuple(
        NginxUpstream(upstream.args[0].known, tuple(_endpoints(upstream)))
        for upstream in blocks(body, "upstream")
        if upstream.args
    )


def read_servers(
    body: tuple[Directive, ...], upstreams: Iterable[NginxUpstream], branches: bool
) -> tuple[NginxServer, ...]:
    """Read the servers of the `http` level's directives."""
    names = {upstream.name.value.lower(): upstream.name.value for upstream in upstreams}
    outer = _enter(Level(), body, "http")
    return tuple(_server(server, outer, names, branches) for server in blocks(body, "server"))


def _endpoints(upstream: Directive) -> Iterator[Value[Address]]:
    for directive in upstream.block or ():
        if directive.name == "server" and directive.args:
            yield parse_endpoint(directive.arg(0), directive.args[0].at)
        elif directive.name == "include" or directive.is_hole:
            yield Unknown("an include outside the input", directive.at)


def _server(server: Directive, outer: Level, upstreams: dict[str, str], branches: bool) -> NginxServer:
    body = server.block or ()
    inner = every(body)
    scene = Scene(upstreams, _set_values(inner), _subrequests(inner), branches)
    level = _enter(outer, body, "server")
    own = _location(server, body, level, scene, "server", "")
    names = tuple(word.known for directive in body if directive.name == "server_name" for word in directive.args)
    tls = "ssl" in level.settings and level.settings["ssl"].text == "on"
    listens = tuple(_listen(directive, tls) for directive in body if directive.name == "listen" and directive.args)
    if not listens:
        listens = (NginxListen(tcp("*", "80"), tls, False, server.name_at),)
    locations = (own, *_locations(body, level, scene))
    return NginxServer(server.name_at, names, listens, locations, not _is_open(level.names))


def _listen(directive: Directive, tls: bool) -> NginxListen:
    flags = {word.text for word in directive.args[1:]}
    address = parse_listen(directive.arg(0))
    default = bool(flags & {"default_server", "default"})
    return NginxListen(address, tls or bool(flags & {"ssl", "quic"}), default, directive.args[0].at)


def _locations(
    body: Iterable[Directive], outer: Level, scene: Scene, parent: NginxLocation | None = None
) -> Iterator[NginxLocation]:
    for directive in blocks(body, "location"):
        inner = directive.block or ()
        level = _enter(outer, inner, "location")
        modifier, pattern = matches(directive)
        location = _location(directive, inner, level, scene, modifier, pattern)
        if parent is not None:
            location = location._replace(parent=parent)
        yield location
        yield from _locations(inner, level, scene, location)


def matches(location: Directive) -> tuple[str, str]:
    """Return modifier and pattern; nginx takes `=/x` and `~^/x` in one word, too."""
    if len(location.args) > 1:
        return location.arg(0), location.arg(1)
    text = location.arg(0)
    if not text.startswith(_MODIFIERS) or location.args[0].quoted:
        return "", text
    modifier = next(each for each in _MODIFIERS if text.startswith(each))
    return modifier, text[len(modifier) :]


def _location(
    directive: Directive, body: tuple[Directive, ...], level: Level, scene: Scene, modifier: str, pattern: str
) -> NginxLocation:
    at = directive.name_at
    if modifier != "server" and directive.args:
        first, last = directive.args[0], directive.args[-1]
        at = Span(at.source, first.at.start - first.quoted, last.at.end + last.quoted)
    tries = next((each.args for each in body if each.name == "try_files"), ()) if "try_files" in level.names else ()
    return NginxLocation(
        _modifier(modifier), pattern, at, _forwards(body, level, scene), level.files,
        tuple(word.known for word in tries), level.denied or _answers(body, level.names),
        "internal" in level.names or (modifier in ("", "=", "^~") and pattern in scene.subrequests),
        falls_back=level.falls_back,
    )  # fmt: skip


def _modifier(text: str) -> str:
    return text if text in ("", "=", "^~", "~", "~*", "@", "server") else ""


def _answers(body: tuple[Directive, ...], names: frozenset[str]) -> bool:
    if not names.isdisjoint(_ANSWERING):
        return True
    return "rewrite" in names and any(each.name == "rewrite" and _redirects(each) for each in body)


def _redirects(rewrite: Directive) -> bool:
    return rewrite.arg(2) in _REDIRECTS or rewrite.arg(1).startswith(("http://", "https://", "$scheme"))


# --------------------------------------------------------------------------------------- one level


def _enter(outer: Level, body: tuple[Directive, ...], name: Literal["location", "server", "http"]) -> Level:
    names = frozenset([directive.name for directive in body])
    is_open = _is_open(names)
    complete = name == "http" or not is_open
    sent = _sent(body) if "proxy_set_header" in names else ()
    headers = outer.headers
    if sent:
        headers = Headers(sent, complete, name, outer.headers.sent)
    elif not complete:
        headers = outer.headers._replace(complete=False)
    settings = outer.settings
    if not names.isdisjoint(_INHERITED):
        own = {each.name: each.args[0] for each in body if each.name in _INHERITED and each.args}
        settings = {**settings, **own}
    denied = outer.denied if names.isdisjoint(_ACCESS) else _is_denied(outer, body)
    falls_back = _falls_back(body) if "error_page" in names else outer.falls_back
    files = None if names.isdisjoint(_SERVING) else _files(body)
    if files is None and outer.files:
        files = outer.files._replace(inherited=True)
    return Level(headers, settings, files, denied and not is_open, falls_back, names)


def _sent(body: tuple[Directive, ...]) -> tuple[Header, ...]:
    setting = [each for each in body if each.name == "proxy_set_header" and len(each.args) >= 2]
    return tuple([Header(each.arg(0), each.arg(1), each.at) for each in setting])


def _files(body: tuple[Directive, ...]) -> ServesFiles | None:
    for each in body:
        if each.name in _SERVING and each.args:
            return ServesFiles("alias" if each.name == "alias" else "root", each.args[0].known, False)
    return None


def _falls_back(body: tuple[Directive, ...]) -> bool:
    """Whether a 404 goes on to a named location, or takes the status of what answers in its place."""
    pages = [[word.text for word in each.args] for each in body if each.name == "error_page"]
    found = (page for page in pages if "404" in page)
    return any(page[-1].startswith("@") or "=" in page for page in found)


def _is_denied(outer: Level, body: tuple[Directive, ...]) -> bool:
    """Whether nobody is let in; `satisfy any` may let somebody in."""
    rules = [each for each in body if each.name in ("allow", "deny")]
    if any(each.name == "satisfy" and each.arg(0) == "any" for each in body):
        return False
    if not rules:
        return outer.denied
    return all(each.name == "deny" for each in rules) and any(each.arg(0) == "all" for each in rules)


def _is_open(names: frozenset[str]) -> bool:
    """Whether something that nobody sees may add to the level of these directives, as an include may."""
    return "include" in names or HOLE in "".join(names)


# ---------------------------------------------------------------------------------------- forwards


def _forwards(body: tuple[Directive, ...], level: Level, scene: Scene) -> Forwards | None:
    if level.names.isdisjoint(_FORWARDING):
        return None
    passes = [each for each in body if each.name in PASSES and each.args]
    if not passes:
        inner = ((each.at.text, each.block) for each in body if each.name in _CONDITIONS and each.block)
        found = ((around, _forwards(block, _enter(level, block, "location"), scene)) for around, block in inner)
        return next((forwards._replace(condition=around) for around, forwards in found if forwards is not None), None)
    directive = passes[-1]
    word = directive.args[0]
    target = parse_pass(directive.name, _with_values(word.text, scene), word.at, scene.upstreams)
    address = target.address
    if scene.branches and len({each.arg(0) for each in passes}) > 1:
        address = Unknown("a choice of the template", word.at)
    prefix = directive.name.removesuffix("_pass")
    headers = level.headers if prefix == "proxy" else Headers(complete=False)
    times = (_timeout(level, f"{prefix}_{what}_timeout") for what in ("connect", "read", "send"))
    connect, read, send = times
    return Forwards(target.protocol, word.known, address, target.uri, headers, connect, read, send, _body_limit(level))


def _timeout(level: Level, name: str) -> Value[float]:
    word = level.settings.get(name)
    if word is None:
        return _TIMEOUT
    seconds = parse_time(word.text)
    return Known(seconds, word.at) if seconds is not None else Unknown("not a time", word.at)


def _body_limit(level: Level) -> Value[int]:
    word = level.settings.get("client_max_body_size")
    if word is None:
        return _BODY_LIMIT
    size = parse_size(word.text)
    return Known(size, word.at) if size is not None else Unknown("not a size", word.at)


def _with_values(text: str, scene: Scene) -> str:
    """Put literal values of `set` in the place of their variables."""
    for name, value in scene.values.items() if "$" in text else ():
        if value is not None and name in text:
            text = _replaced(text.replace("${" + name[1:] + "}", value), name, value)
    return text


def _replaced(text: str, name: str, value: str) -> str:
    parts = text.split(name)
    result = parts[0]
    for part in parts[1:]:
        longer = part[:1].isalnum() or part[:1] == "_"
        result += (name if longer else value) + part
    return result


def _set_values(directives: Iterable[Directive]) -> dict[str, str | None]:
    """`set $x literal` of a server; None where it is set twice or to something else."""
    values: dict[str, str | None] = {}
    for directive in directives:
        if directive.name == "set" and len(directive.args) == 2:
            name, value = directive.arg(0), directive.arg(1)
            fixed = name not in values and "$" not in value and not is_touched(value)
            values[name] = value if fixed or values.get(name) == value else None
    return values


def _subrequests(directives: Iterable[Directive]) -> frozenset[str]:
    return frozenset([each.arg(0) for each in directives if each.name == "auth_request" and each.arg(0) != "off"])
