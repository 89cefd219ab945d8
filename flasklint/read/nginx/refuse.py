"""What nginx refuses when it looks at more than one directive: upstreams, listens, duplicates."""

from collections.abc import Iterable, Iterator

from ...address import Address
from ...facts import NginxUpstream, Problem
from ...record import Record
from ...source import Span
from .effective import blocks
from .known import (
    LISTEN_FLAGS,
    LISTEN_VALUES,
    SINGLE,
    TABLES,
    UPSTREAM_FLAGS,
    UPSTREAM_VALUES,
    directive_names,
)
from .mask import is_touched
from .routes import refuse_routes
from .tree import Directive
from .url import url_fault
from .values import parse_listen, parse_size, parse_time
from .variables import refuse_variables


class Whole(Record):
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
    problems += refuse_variables(whole.http, _is_complete(whole))
    return problems


def _is_complete(whole: Whole) -> bool:
    """Whether all that could define a variable was read: no file is missing, no module is foreign."""
    if not whole.main or whole.unseen or whole.guessed or any(each.name == "load_module" for each in whole.body):
        return False
    waiting = list(whole.http)
    while waiting:
        directive = waiting.pop()
        if directive.is_hole or directive.name not in directive_names():
            return False
        if directive.name not in TABLES:
            waiting += directive.block or ()
    return True


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
        able = [each for each in members if each.name == "server" and "backup" not in each.at.text]
        if not able and any(each.name == "server" for each in members) and not _is_open(members):
            yield Problem("nginx", "empty-upstream", f'no servers in upstream "{name}"', upstream.at)
        if not any(each.name == "server" for each in members) and not _is_open(members):
            yield Problem("nginx", "empty-upstream", "no servers are inside upstream", upstream.at)
        for member in members:
            yield from _member(member)
        yield from _backups(members)


def _backups(members: Iterable[Directive]) -> Iterator[Problem]:
    """A `backup` below a method that knows none; above it, nginx does not mind (1.22.1)."""
    methods: list[Directive] = []
    for member in members:
        methods += [member] if member.name in ("ip_hash", "hash", "random") else []
        for word in member.args[1:] if methods and member.name == "server" else ():
            if word.text == "backup":
                message = 'balancing method does not support parameter "backup"'
                yield Problem("nginx", "invalid-parameter", message, word.at, ((methods[-1].at, "this method"),))


def _is_open(members: Iterable[Directive]) -> bool:
    return any(each.name == "include" or each.is_hole for each in members)


def _member(member: Directive) -> Iterator[Problem]:
    if member.name != "server":
        return
    for word in member.args[1:]:
        if not _is_member_option(word.text) and not is_touched(word.text) and "\n" not in member.at.text:
            yield Problem("nginx", "invalid-parameter", f'invalid parameter "{word.text}"', word.at)
    address = member.arg(0)
    if member.args and not is_touched(address) and (fault := url_fault(address)):
        bare = address.partition("://")[2].partition("/")[0]
        repair = f"write `server {bare};`" if bare else ""
        yield Problem(
            "nginx", "invalid-parameter", f'{fault} in upstream "{address}"', member.args[0].at, repair=repair
        )


def _is_member_option(text: str) -> bool:
    name, sign, value = text.partition("=")
    if name == "weight" and sign:
        return value.isdecimal() and int(value[:9]) > 0
    if name in ("max_fails", "max_conns") and sign:
        return value.isdecimal()
    if name == "fail_timeout" and sign:
        return parse_time(value) is not None and not value.endswith("ms")
    return text in UPSTREAM_FLAGS or text.startswith(UPSTREAM_VALUES)


def _together(whole: Whole, one: Span, other: Span) -> bool:
    return not whole.guessed or one.source is other.source


def _duplicate(message: str, at: Span, earlier: Span) -> Problem:
    return Problem("nginx", "duplicate", message, at, ((earlier, "the first one"),))


# ----------------------------------------------------------------------------------------- listens


_TUNING = frozenset({"bind", "deferred", "reuseport"})  # options of the socket: one listen per address may have them


def _listens(whole: Whole) -> Iterator[Problem]:
    defaults: dict[tuple[Address, bool], Span] = {}
    tuned: dict[tuple[Address, bool], Span] = {}
    for server in blocks(whole.http, "server"):
        own: dict[tuple[Address, bool], Span] = {}
        for listen in server.block or ():
            if listen.name != "listen" or not listen.args or is_touched(listen.at.text) or "$" in listen.at.text:
                continue
            yield from _listen(listen)
            address, words = parse_listen(listen.arg(0)), {word.text for word in listen.args[1:]}
            opened = address, "quic" in words  # UDP has ports of its own (nginx 1.25)
            if opened in own:
                yield _duplicate(f"a duplicate listen {address}", listen.at, own[opened])
            if any(word in _TUNING or word.startswith(LISTEN_VALUES) for word in words):
                earlier = tuned.setdefault(opened, listen.at)
                if earlier is not listen.at and opened not in own and _together(whole, earlier, listen.at):
                    yield _duplicate(f"duplicate listen options for {address}", listen.at, earlier)
            own.setdefault(opened, listen.at)
            if {"default_server", "default"} & words:
                earlier = defaults.setdefault(opened, listen.at)
                if earlier is not listen.at and _together(whole, earlier, listen.at):
                    yield _duplicate(f"a duplicate default server for {address}", listen.at, earlier)


def _listen(listen: Directive) -> Iterator[Problem]:
    text = listen.arg(0)
    if fault := url_fault(text, listens=True):
        message = f'{fault} in "{text}" of the "listen" directive'
        yield Problem("nginx", "invalid-listen", message, listen.args[0].at)
    for word in listen.args[1:]:
        message = _option_fault(word.text)
        if message and "\n" not in listen.at.text:
            yield Problem("nginx", "invalid-parameter", message, word.at)


def _option_fault(text: str) -> str:
    name, sign, value = text.partition("=")
    if name in ("rcvbuf", "sndbuf") and sign:
        return "" if parse_size(value) is not None else f'invalid {name} "{text}"'
    if name in ("backlog", "fastopen") and sign:
        return "" if value.isdecimal() else f'invalid {name} "{text}"'
    if name == "so_keepalive" and sign:
        return "" if value in ("on", "off") or ":" in value else f'invalid so_keepalive value: "{value}"'
    if name == "ipv6only" and sign:
        return "" if value in ("on", "off") else f'invalid ipv6only flags "{value}"'
    return "" if text in LISTEN_FLAGS or text.startswith(LISTEN_VALUES) else f'invalid parameter "{text}"'


# -------------------------------------------------------------------------------------- duplicates


def _singles(body: Iterable[Directive]) -> Iterator[Problem]:
    """A second `root`, `proxy_pass`, ... at one level."""
    first: dict[str, Directive] = {}
    for directive in body:
        name = directive.name
        if directive.block is not None and name not in ("stream", "mail"):
            yield from _singles(directive.block)
        if name not in SINGLE and not (name == "proxy_redirect" and directive.arg(0) == "off"):
            continue
        earlier = first.setdefault("root" if name == "alias" else name, directive)
        if earlier is directive or is_touched(directive.at.text):
            continue
        message = f'"{directive.name}" directive is duplicate'
        if earlier.name != directive.name:
            message += f', "{earlier.name}" directive was specified earlier'
        yield _duplicate(message, directive.at, earlier.at)
