"""Addresses that one program binds and another connects to."""

from posixpath import normpath

from .record import Record
from .value import has_hole, normal, same_text

WILDCARDS = frozenset({"0.0.0.0", "::", "*", ""})
LOOPBACKS = frozenset({"127.0.0.1", "localhost", "::1"})


class Address(Record):
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
    def is_name(self) -> bool:
        """Whether only a resolver can tell which machine it is."""
        return not (self.path or self.is_wildcard or self.is_loopback or has_hole(self.host) or _is_ip(self.host))

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
    """Return a TCP address; brackets around an IPv6 address are taken off."""
    return Address(host=normal(host.strip("[]").lower()), port=normal(str(port)))


def unix(path: str) -> Address:
    """Return a unix socket's address, its path without `//` and `/./`."""
    path = normal(path)
    if ("//" in path or "/." in path) and not has_hole(path):
        path = normpath(path)
    return Address(path=f"/{path.lstrip('/')}" if path.startswith("//") else path)


def reaches(target: Address, bind: Address) -> bool | None:
    """Tell whether a connection to `target` arrives at `bind`, both on one host.

    None where a template variable or a name leaves it open. Linux semantics: `0.0.0.0` takes IPv4,
    `::` both families (bindv6only=0), and connecting to `0.0.0.0` is connecting to loopback.
    """
    if target.is_unix or bind.is_unix:
        return same_text(target.path, bind.path) if target.is_unix and bind.is_unix else False
    return _both(same_text(target.port, bind.port), _host_reaches(target.host, bind.host))


def overlaps(one: Address, other: Address) -> bool | None:
    """Tell whether two programs of one host cannot bind both ("Address already in use")."""
    if one.is_unix or other.is_unix:
        return same_text(one.path, other.path) if one.is_unix and other.is_unix else False
    port = same_text(one.port, other.port)
    return port if one.is_wildcard or other.is_wildcard else _both(port, _same_host(one.host, other.host))


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return True if one and other else None


def _host_reaches(target: str, bind: str) -> bool | None:
    if bind in ("::", "*"):
        return True
    if target in WILDCARDS:
        target = "127.0.0.1"
    if bind in WILDCARDS:
        return ":" not in target
    return _same_host(target, bind)


def _same_host(one: str, other: str) -> bool | None:
    """Whether two host parts mean one address; a name other than `localhost` may mean anything."""
    if one == other or ("localhost" in (one, other) and {one, other} <= LOOPBACKS):
        return True
    if _is_ip(one) and _is_ip(other):
        return False
    names = [host for host in (one, other) if not _is_ip(host)]
    return False if names == ["localhost"] else None


def _is_ip(host: str) -> bool:
    return ":" in host or (host.replace(".", "").isdigit() and host.count(".") == 3)
