"""What nginx refuses of locations and of `proxy_pass` in them."""

from collections.abc import Iterable, Iterator

from ...facts import Problem
from ...record import Record
from ...source import Span
from .effective import blocks, every, matches
from .mask import is_touched
from .tree import Directive
from .url import url_fault
from .values import PASSES, parse_pass

_MODIFIERS = ("=", "^~", "~", "~*")
_SCHEMES = {
    "proxy_pass": ("http://", "https://"),
    "uwsgi_pass": ("uwsgi://", "suwsgi://"),
    "grpc_pass": ("grpc://", "grpcs://"),
    "fastcgi_pass": (),
    "scgi_pass": (),
}
_NO_URI = (
    '"proxy_pass" cannot have URI part in location given by regular expression, or inside named location,'
    ' or inside "if" statement, or inside "limit_except" block'
)


class _Place(Record):
    """Where directives stand: the location they are in, and whether a URI part is allowed there."""

    modifier: str = ""
    pattern: str = ""
    plain: bool = True


def refuse_routes(http: Iterable[Directive], upstreams: frozenset[str]) -> Iterator[Problem]:
    """Check the locations of all servers, and those of a loose snippet."""
    body = tuple(http)
    for server in blocks(body, "server"):
        yield from _level(server.block or (), _Place(), upstreams)
        yield from _fallbacks(server.block or ())
    yield from _level(tuple(each for each in body if each.name != "server"), _Place(), upstreams)


def _level(body: tuple[Directive, ...], place: _Place, upstreams: frozenset[str]) -> Iterator[Problem]:
    yield from _locations(body, place)
    for directive in body:
        if directive.name in PASSES and directive.args and not is_touched(directive.at.text):
            yield from _pass(directive, place, upstreams)
        elif directive.name == "alias" and place.modifier == "@":
            message = 'the "alias" directive cannot be used inside the named location'
            yield Problem("nginx", "invalid-location", message, directive.name_at)
        elif directive.block and directive.name == "location":
            modifier, pattern = matches(directive)
            yield from _level(directive.block, _Place(modifier, pattern, modifier in ("", "=", "^~")), upstreams)
        elif directive.block and directive.name in ("if", "limit_except"):
            yield from _level(directive.block, place._replace(plain=False), upstreams)


def _fallbacks(server: tuple[Directive, ...]) -> Iterator[Problem]:
    """`try_files` that ends in a named location which the server lacks: nginx notices at the first request."""
    directives = every(server)
    lasts = [each.args[-1] for each in directives if each.name == "try_files" and each.args]
    if not lasts or any(each.name == "include" or each.is_hole for each in directives):
        return
    named = {each.arg(0) for each in blocks(server, "location")}
    for last in lasts:
        if last.text.startswith("@") and last.text not in named and not is_touched(last.text):
            message = f'could not find named location "{last.text}": 500 Internal Server Error'
            yield Problem(
                "nginx", "missing-location", message, last.at, repair=f"write `location {last.text} {{ ... }}`"
            )


def _locations(body: tuple[Directive, ...], place: _Place) -> Iterator[Problem]:
    first: dict[tuple[str, str], Span] = {}
    for location in blocks(body, "location"):
        modifier, pattern = matches(location)
        if is_touched(location.at.text) or len(location.args) > 2 or not location.args:
            continue
        if len(location.args) == 2 and modifier not in _MODIFIERS:
            message = f'invalid location modifier "{modifier}"'
            yield Problem("nginx", "invalid-location", message, location.args[0].at)
            continue
        yield from _outside(location, modifier, pattern, place)
        if modifier not in ("~", "~*", "@"):  # nginx 1.22 takes two of these
            earlier = first.setdefault(("" if modifier == "^~" else modifier, pattern), location.at)
            if earlier is not location.at:
                because = ((earlier, "the first one"),)
                yield Problem("nginx", "duplicate", f'duplicate location "{pattern}"', location.at, because)


def _outside(location: Directive, modifier: str, pattern: str, place: _Place) -> Iterator[Problem]:
    """What may not stand inside the location around it; nginx compares with the text of a regex, too."""
    if not place.modifier and not place.pattern:
        return
    outer = "@" + place.pattern if place.modifier == "@" else place.pattern
    message = ""
    if place.modifier in ("=", "@"):
        kind = "exact" if place.modifier == "=" else "named"
        message = f'location "{pattern}" cannot be inside the {kind} location "{outer}"'
    elif modifier == "@":
        message = f'named location "@{pattern}" can be on the server level only'
    elif modifier not in ("~", "~*") and not pattern.startswith(outer):
        message = f'location "{pattern}" is outside location "{outer}"'
    if message and not is_touched(outer):
        yield Problem("nginx", "invalid-location", message, location.at)


def _pass(directive: Directive, place: _Place, upstreams: frozenset[str]) -> Iterator[Problem]:
    word = directive.args[0]
    if "$" in word.text:
        return
    url = _without_scheme(directive.name, word.text)
    if url is None:
        yield Problem(
            "nginx", "invalid-proxy-pass", "invalid URL prefix", word.at, repair=f"write `http://{word.text}`"
        )
        return
    if fault := url_fault(url, takes_uri=directive.name == "proxy_pass"):
        yield Problem("nginx", "invalid-proxy-pass", f'{fault} in upstream "{url}"', word.at)
        return
    if place.plain and not upstreams:
        return
    target = parse_pass(directive.name, word.text, word.at, {name: name for name in upstreams})
    if target.uri and not place.plain:
        yield Problem("nginx", "invalid-proxy-pass", _NO_URI, word.at)
    elif target.has_port and target.host.lower() in upstreams:
        port = url.partition("/")[0].rpartition(":")[2]
        message = f'upstream "{target.host}" may not have port {port}'
        yield Problem("nginx", "invalid-proxy-pass", message, word.at)


def _without_scheme(directive: str, text: str) -> str | None:
    """Return what nginx takes apart as an address; None where `proxy_pass` lacks its http:// or https://."""
    scheme = next((each for each in _SCHEMES[directive] if text.lower().startswith(each)), "")
    return None if directive == "proxy_pass" and not scheme else text[len(scheme) :]
