"""What nginx refuses when it looks at more than one directive: upstreams, listens, duplicates."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ...address import Address
from ...facts import NginxUpstream, Problem
from ...source import Span
from .effective import blocks
from .known import LISTEN_FLAGS, LISTEN_VALUES, SINGLE, UPSTREAM_FLAGS, UPSTREAM_VALUES
from .mask import is_touched
from .routes import refuse_routes
from .tree import Directive
from .values import parse_listen
from .variables import refuse_variables


class Whole(NamedTuple):
    """A configuration: all directives, those of its http level, its upstreams.

    `guessed`: some files may not belong together, so nothing is said across files. `name` is a main
    file's path.
    """

    body: tuple[Directive, ...]
    http: tuple[Directive, ...]
    upstreams: tuple[NginxUpstream, ...]
    unseen: bool
    guessed: bool
    main: bool
    name: str


def refuse(whole: Whole) -> list[Problem]:
    """Return what nginx refuses in a configuration beyond single directives."""
    problems = [*_events(whole), *_upstreams(whole), *_listens(whole)]
    problems += _singles(whole.body)
    problems += refuse_routes(whole.http, frozenset(each.name.value.lower() for each in whole.upstreams))
    problems += refuse_variables(whole.body)
    return problems


def _events(whole: Whole) -> Iterator[Problem]:
    base = whole.name.rpartition("/")[2]
    if base != "nginx.conf" or not whole.main or whole.unseen:
        return
    names = {directive.name for directive in whole.body}
    if "events" not in names and not any(directive.is_hole for directive in whole.body):
        at = next(blocks(whole.body, "http")).name_at
        yield Problem("nginx", "no-events", 'no "events" section in configuration', at)


# --------------------------------------------------------------------------------------- upstreams


def _upstreams(whole: Whole) -> Iterator[Problem]:
    first: dict[str, Directive] = {}
    for upstream in blocks(whole.http, "upstream"):
        name = upstream.arg(0)
        if is_touched(upstream.at.text) or len(upstream.args) != 1:
            continue
        earlier = first.setdefault(name.lower(), upstream)
        if earlier is not upstream and _together(whole, earlier.at, upstream.at):
            yield _duplicate(f'duplicate upstream "{name}"', upstream.at, earlier.at)
        members = upstream.block or ()
        if not any(each.name in ("server", "include") or each.is_hole for each in members):
            yield Problem("nginx", "empty-upstream", "no servers are inside upstream", upstream.at)
        for member in members:
            yield from _member(member)


def _member(member: Directive) -> Iterator[Problem]:
    if member.name != "server":
        return
    for word in member.args[1:]:
        known = word.text in UPSTREAM_FLAGS or word.text.startswith(UPSTREAM_VALUES)
        if not known and not is_touched(word.text) and "\n" not in member.at.text:
            yield Problem("nginx", "invalid-parameter", f'invalid parameter "{word.text}"', word.at)
    address = member.arg(0)
    if ("://" in address or address.startswith("/")) and not is_touched(address):
        yield Problem("nginx", "invalid-parameter", f'invalid host in upstream "{address}"', member.args[0].at)


def _together(whole: Whole, one: Span, other: Span) -> bool:
    return not whole.guessed or one.source is other.source


def _duplicate(message: str, at: Span, earlier: Span) -> Problem:
    return Problem("nginx", "duplicate", message, at, ((earlier, "the first one"),))


# ----------------------------------------------------------------------------------------- listens


def _listens(whole: Whole) -> Iterator[Problem]:
    defaults: dict[Address, Span] = {}
    for server in blocks(whole.http, "server"):
        own: dict[Address, Span] = {}
        for listen in server.block or ():
            if listen.name != "listen" or not listen.args or is_touched(listen.at.text) or "$" in listen.at.text:
                continue
            yield from _listen(listen)
            address = parse_listen(listen.arg(0))
            if address in own:
                yield _duplicate(f"a duplicate listen {address}", listen.at, own[address])
            own.setdefault(address, listen.at)
            if {"default_server", "default"} & {word.text for word in listen.args[1:]}:
                earlier = defaults.setdefault(address, listen.at)
                if earlier is not listen.at and _together(whole, earlier, listen.at):
                    yield _duplicate(f"a duplicate default server for {address}", listen.at, earlier)


def _listen(listen: Directive) -> Iterator[Problem]:
    text = listen.arg(0)
    address = parse_listen(text)
    valid = address.is_unix or (address.port.isdigit() and 0 < int(address.port[:9]) < 65536)
    if not valid and (text.isdigit() or ":" in text):
        message = f'invalid port in "{text}" of the "listen" directive'
        yield Problem("nginx", "invalid-listen", message, listen.args[0].at)
    for word in listen.args[1:]:
        known = word.text in LISTEN_FLAGS or word.text.startswith(LISTEN_VALUES)
        if not known and "\n" not in listen.at.text:
            yield Problem("nginx", "invalid-parameter", f'invalid parameter "{word.text}"', word.at)


# -------------------------------------------------------------------------------------- duplicates


def _singles(body: Iterable[Directive]) -> Iterator[Problem]:
    """A second `root`, `proxy_pass`, ... at one level."""
    first: dict[str, Directive] = {}
    for directive in body:
        if directive.block is not None and directive.name not in ("stream", "mail"):
            yield from _singles(directive.block)
        if directive.name not in SINGLE:
            continue
        name = "root" if directive.name == "alias" else directive.name
        earlier = first.setdefault(name, directive)
        if earlier is directive or is_touched(directive.at.text):
            continue
        message = f'"{directive.name}" directive is duplicate'
        if earlier.name != directive.name:
            message += f', "{earlier.name}" directive was specified earlier'
        yield _duplicate(message, directive.at, earlier.at)
