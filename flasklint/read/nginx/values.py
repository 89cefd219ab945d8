"""nginx's own units and addresses."""

import re
from functools import cache, lru_cache
from typing import Literal

from ...address import Address, tcp, unix
from ...record import Record
from ...source import Span
from ...value import Known, Unknown, Value, has_hole
from .mask import cut_points
from .url import url_fault

_REFUSED = "nginx refuses it"
_LONG = 100  # characters of what is not kept

Protocol = Literal["http", "https", "uwsgi", "fastcgi", "scgi", "grpc"]

_SECONDS = {
    "ms": 0.001,
    "s": 1,
    "": 1,
    "m": 60,
    "h": 3600,
    "d": 86400,
    "w": 604800,
    "M": 2592000,
    "y": 31536000,
}
_FACTORS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
PASSES: dict[str, Protocol] = {
    "proxy_pass": "http",
    "uwsgi_pass": "uwsgi",
    "fastcgi_pass": "fastcgi",
    "scgi_pass": "scgi",
    "grpc_pass": "grpc",
}


class Target(Record):
    """What the argument of a `*_pass` names. `has_port` says whether a port is written."""

    protocol: Protocol
    address: Value[Address]
    uri: str | None
    host: str = ""
    has_port: bool = False


@cache
def _time() -> re.Pattern[str]:
    return re.compile(r"(\d{1,12})(ms|[smhdwMy]|(?=\s|$))\s*")


def parse_time(text: str) -> float | None:
    """Return seconds, None where nginx says "invalid value" (ngx_parse_time)."""
    total, at = 0.0, 0
    while at < len(text):
        found = _time().match(text, at)
        if not found:
            return None
        total += int(found[1]) * _SECONDS[found[2]]
        at = found.end()
    return total if text else None


def parse_size(text: str) -> int | None:
    """Return bytes, None where nginx says "invalid value" (ngx_parse_offset)."""
    unit = text[-1:].lower() if text[-1:].isalpha() else ""
    digits = text[: len(text) - len(unit)]
    if unit not in _FACTORS or not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
        return None
    return int(digits) * _FACTORS[unit]


def parse_pass(directive: str, text: str, at: Span, upstreams: dict[str, str]) -> Target:
    """Parse the argument of `proxy_pass`, `uwsgi_pass`, ... after variables were replaced.

    `upstreams` maps lower-case names to the names as written.
    """
    protocol = PASSES[directive]
    rest = text
    if directive in ("proxy_pass", "grpc_pass", "uwsgi_pass"):
        scheme, sign, behind = text.partition("://")
        if sign and scheme.lower() != "unix" and scheme.isascii() and scheme.isalpha():
            rest = behind
            if scheme.lower() == "https":
                protocol = "https"
        elif directive == "proxy_pass":
            return Target(protocol, Unknown("no http:// or https://", at), None)
    if "$" not in rest and not has_hole(rest) and url_fault(rest, takes_uri=directive == "proxy_pass"):
        return Target(protocol, Unknown(_REFUSED, at), None)
    cut = cut_points(rest)
    if cut.startswith("unix:"):
        colon = cut.find(":", 5)
        path, uri = (rest[5:], "") if colon < 0 else (rest[5:colon], rest[colon + 1 :])
        address: Value[Address] = _variable(path, at) or Known(unix(_slashes(path)), at)
        return Target(protocol, address, uri or None)
    end = min((found for sign in "/?" if (found := cut.find(sign)) >= 0), default=len(rest))
    uri = rest[end:] if directive == "proxy_pass" else ""
    return _tcp_target(protocol, rest[:end], cut[:end], uri or None, at, upstreams)


def _tcp_target(
    protocol: Protocol, name: str, cut: str, uri: str | None, at: Span, upstreams: dict[str, str]
) -> Target:
    host, port = _split(name, cut)
    if variable := _variable(name, at):
        return Target(protocol, variable, uri, host, port is not None)
    if port is None:
        upstream = upstreams.get(host.lower())
        if upstream is not None:
            return Target(protocol, Known(Address(host=upstream), at), uri, host)
        if has_hole(host):
            return Target(protocol, Unknown("a template variable", at), uri, host)
    default = {"http": "80", "https": "443"}.get(protocol, "")
    return Target(protocol, Known(tcp(host, default if port is None else port), at), uri, host, port is not None)


def parse_endpoint(text: str, at: Span, default_port: str = "80") -> Value[Address]:
    """Parse the address of a `server` in an `upstream` block."""
    cut = cut_points(text)
    if cut.startswith("unix:"):
        return Known(unix(_slashes(text[5:])), at)
    if variable := _variable(text, at):
        return variable
    if not has_hole(text) and url_fault(text):
        return Unknown(_REFUSED, at)
    host, port = _split(text, cut)
    if port is None and has_hole(host):
        return Unknown("a template variable", at)
    return Known(tcp(host, port or default_port), at)


def parse_listen(text: str) -> Address:
    """Parse the first argument of `listen`: `80`, `*:80`, `[::]:80`, `addr`, `unix:/path`."""
    return _listened(text) if len(text) < _LONG else _listened.__wrapped__(text)


@lru_cache(maxsize=100)
def _listened(text: str) -> Address:
    cut = cut_points(text)
    if cut.startswith("unix:"):
        return unix(_slashes(text[5:]))
    host, port = _split(text, cut)
    if port is None:
        alone = text.isdigit() or has_hole(text) or "$" in text
        host, port = ("*", text) if alone else (host, "80")
    return tcp("0.0.0.0" if host == "*" else host, port)  # what nginx binds for both


def _split(name: str, cut: str) -> tuple[str, str | None]:
    """Split `host[:port]`, with `cut` as the same text in which variables hold no `:`."""
    behind = cut.rfind("]") + 1
    colon = cut.find(":", behind)
    return (name, None) if colon < 0 else (name[:colon], name[colon + 1 :])


def _variable(text: str, at: Span) -> Unknown | None:
    return Unknown("a variable of nginx", at) if "$" in text and "$" in cut_points(text) else None


def _slashes(path: str) -> str:
    return "/" + path.lstrip("/") if path.startswith("//") else path
