"""What nginx refuses of locations and of `proxy_pass` in them."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ...facts import Problem
from ...source import Span
from .effective import blocks, matches
from .mask import is_touched
from .tree import Directive
from .values import PASSES, parse_pass

_MODIFIERS = ("=", "^~", "~", "~*")
_NO_URI = (
    '"proxy_pass" cannot have URI part in location given by regular expression, or inside named location,'
    ' or inside "if" statement, or inside "limit_except" block'
)


class _Place(NamedTuple):
    """Where directives stand: the location they are in, and whether a URI part is allowed there."""

    modifier: str = ""
    pattern: str = ""
    plain: bool = True


def refuse_routes(http: Iterable[Directive], upstreams: frozenset[str]) -> Iterator[Problem]:
    """Check the locations of all servers, and those of a loose snippet."""
    body = tuple(http)
    for server in blocks(body, "server"):
        yield from _level(server.block or (), _Place(), upstreams)
    yield from _level(tuple(each for each in body if each.name != "server"), _Place(), upstreams)


def _level(body: tuple[Directive, ...], place: _Place, upstreams: frozenset[str]) -> Iterator[Problem]:
    yield from _locations(body, place)
    for directive in body:
        if directive.name in PASSES and directive.args and not is_touched(directive.at.text):
            yield from _pass(directive, place, upstreams)
        elif directive.block and directive.name == "location":
            modifier, pattern = matches(directive)
            yield from _level(directive.block, _Place(modifier, pattern, modifier in ("", "=", "^~")), upstreams)
        elif directive.block and directive.name in ("if", "limit_except"):
            yield from _level(directive.block, place._replace(plain=False), upstreams)


def _locations(body: tuple[Directive, ...], place: _Place) -> Iterator[Problem]:
    first: dict[tuple[str, str], Span] = {}
    for location in blocks(body, "location"):
        modifier, pattern = matches(location)
        if is_touched(location.at.text) or len(location.args) > 2 or not location.args:
            continue
        if len(location.args) == 2 and modifier not in _MODIFIERS:
            message = f'invalid location modifier "{modifier}"'
            yield Problem("nginx", "invalid-location", message, location.args[0].at)
        elif modifier not in ("~", "~*", "@"):  # nginx 1.22 takes two of these
            yield from _outside(location, pattern, place)
            earlier = first.setdefault(("" if modifier == "^~" else modifier, pattern), location.at)
            if earlier is not location.at:
                because = ((earlier, "the first one"),)
                yield Problem("nginx", "duplicate", f'duplicate location "{pattern}"', location.at, because)


def _outside(location: Directive, pattern: str, place: _Place) -> Iterator[Problem]:
    if not place.pattern or not place.plain or is_touched(place.pattern):
        return
    if not pattern.startswith(place.pattern):
        message = f'location "{pattern}" is outside location "{place.pattern}"'
        yield Problem("nginx", "invalid-location", message, location.at)


def _pass(directive: Directive, place: _Place, upstreams: frozenset[str]) -> Iterator[Problem]:
    word = directive.args[0]
    if "$" in word.text:
        return
    target = parse_pass(directive.name, word.text, word.at, {name: name for name in upstreams})
    if directive.name == "proxy_pass" and not word.text.lower().startswith(("http://", "https://")):
        yield Problem("nginx", "invalid-proxy-pass", "invalid URL prefix", word.at)
        return
    if directive.name == "proxy_pass" and target.uri and not place.plain:
        yield Problem("nginx", "invalid-proxy-pass", _NO_URI, word.at)
    if target.has_port and target.host.lower() in upstreams:
        port = word.text.rpartition("://")[2].partition("/")[0].rpartition(":")[2]
        message = f'upstream "{target.host}" may not have port {port}'
        yield Problem("nginx", "invalid-proxy-pass", message, word.at)
