"""Addresses that one program binds and another connects to."""

from typing import NamedTuple

from .value import has_hole, normal, same_text

WILDCARDS = frozenset({"0.0.0.0", "::", "*", ""})
LOOPBACKS = frozenset({"127.0.0.1", "localhost", "::1"})


class Address(NamedTuple):
    """A TCP address or the path of a unix socket; any part may be text with holes.

    `host` is lower case without brackets ("0.0.0.0", "::1", "app"); `port` is text ("8000",
    "{{port}}"). A unix socket has a `path` and no host; a relative path is relative to the
    directory of the process that binds it.
    """

    host: str = ""
    port: str = ""
    path: str = ""

    @property
    def is_unix(self) -> bool:
        return bool(self.path)

    @property
    def is_wildcard(self) -> bool:
        return not self.path and self.host in WILDCARDS

    @property
    def is_loopback(self) -> bool:
        return not self.path and (self.host in LOOPBACKS or self.host.startswith("127."))

    @property
    def is_public(self) -> bool:
        """Whether another machine could reach it: a wildcard, or an IP address that is not loopback."""
        if self.path or self.is_loopback or has_hole(self.host):
            return False
        return self.is_wildcard or _is_ip(self.host)

    @property
    def has_hole(self) -> bool:
        return has_hole(self.host) or has_hole(self.port) or has_hole(self.path)

    def __str__(self) -> str:
        if self.path:
            return f"unix:{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def tcp(host: str, port: str | int) -> Address:
    return Address(host=normal(host.strip("[]").lower()), port=normal(str(port)))


def unix(path: str) -> Address:
    return Address(path=normal(path))


def reaches(target: Address, bind: Address) -> bool | None:
    """Tell whether a connection to `target` arrives at `bind`, both on one host.

    None where a template variable leaves it open. Linux semantics: `0.0.0.0` takes IPv4, `::`
    takes both families (bindv6only=0), connecting to `0.0.0.0` is connecting to loopback.
    """
    if target.is_unix or bind.is_unix:
        if not (target.is_unix and bind.is_unix):
            return None if target.has_hole and not target.port and not target.is_unix else False
        return same_text(target.path, bind.path)
    port = same_text(target.port, bind.port)
    if port is False:
        return False
    return _both(port, _host_reaches(target.host, bind.host))


def overlaps(one: Address, other: Address) -> bool | None:
    """Tell whether two programs on one host cannot bind both ("Address already in use")."""
    if one.is_unix or other.is_unix:
        return same_text(one.path, other.path) if one.is_unix and other.is_unix else False
    port = same_text(one.port, other.port)
    if port is False:
        return False
    if one.is_wildcard or other.is_wildcard:
        return port
    return _both(port, _host_reaches(one.host, other.host))


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return True if one and other else None


def _host_reaches(target: str, bind: str) -> bool | None:
    if bind in ("::", "*"):
        return True
    if bind in WILDCARDS:
        return None if has_hole(target) else ":" not in target
    if target in WILDCARDS:
        target = "127.0.0.1"
    if target in ("localhost", bind) or bind == "localhost":
        return True if target == bind or {target, bind} <= LOOPBACKS else _unlike(target, bind)
    return _unlike(target, bind)


def _unlike(target: str, bind: str) -> bool | None:
    same = same_text(target, bind)
    return (
        None
        if same is False and not (_is_ip(target) and _is_ip(bind)) and not _loop_name(target, bind)
        else same
    )


def _loop_name(target: str, bind: str) -> bool:
    return {target, bind} & {"localhost"} != set() and (_is_ip(target) or _is_ip(bind))


def _is_ip(host: str) -> bool:
    return ":" in host or (host.replace(".", "").isdigit() and host.count(".") == 3)
