"""Waitress's conversions and the combinations it refuses (waitress/adjustments.py, 2.1 and 3.0)."""

from ...record import Record
from ...value import Known, has_hole, normal
from .binds import Given

_PROXY_HEADERS = frozenset(
    {
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-forwarded-port",
        "x-forwarded-by",
        "forwarded",
    }
)


class _Refused(Record):
    kind: str
    message: str
    name: str  # the adjustment to point at


def cast(kind: str, raw: object) -> object:
    text = str(raw)[:10_000]
    if kind == "int":
        if not isinstance(raw, (int, float, str)):
            raise TypeError(f"int() argument must be a string or a real number, not {type(raw).__name__!r}")
        return int(raw)
    if kind == "asbool":
        return (
            raw
            if isinstance(raw, bool)
            else raw is not None and text.strip().lower() in ("t", "true", "y", "yes", "on", "1")
        )
    if kind == "asoctal":
        if not isinstance(raw, str):
            raise TypeError("int() can't convert non-string with explicit base")
        return int(raw, 8)
    if kind in ("aslist", "asset"):
        pieces = raw.splitlines() if isinstance(raw, str) else raw
        if not isinstance(pieces, (list, tuple)):
            raise TypeError(f"{type(raw).__name__!r} object is not iterable")
        return tuple(word for piece in pieces for word in normal(str(piece)).split())
    if kind == "slash_fixed_str":
        return f"/{text.strip().strip('/')}" if text.strip() else ""
    return (str(raw) if raw else None) if kind == "str_iftruthy" else raw if kind == "as_socket_list" else str(raw)


def refusals(given: Given, values: Given) -> list[_Refused]:
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
        message = "ValueError: The Forwarded proxy header and the X-Forwarded-* headers are mutually exclusive."
        return [_Refused("combination", message, "trusted_proxy_headers")]
    return []
