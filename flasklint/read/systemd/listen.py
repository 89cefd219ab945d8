"""The addresses of `ListenStream=`, as systemd's `socket_address_parse` reads them (systemd 252)."""

from ...address import Address, tcp, unix
from ...value import has_hole

_LONGEST_PATH = 107  # sun_path, less its NUL


def stream_address(text: str) -> Address | None:
    """Return the TCP address or socket path; None where it is neither or cannot be told."""
    if text.startswith("/"):
        return unix(text) if len(text.encode()) <= _LONGEST_PATH or has_hole(text) else None
    port = _number(text)
    if port is not None:
        return tcp("::", port)
    host, _, rest = text.rpartition(":")
    port = _number(rest)
    if port is None or not (_is_ipv4(host) or (host[:1] == "[" and host[-1:] == "]" and _is_ipv6(host[1:-1]))):
        return None
    return tcp(host, port)


def is_refused(text: str) -> bool:
    """Whether systemd ignores the line; abstract and vsock addresses are none that a web server connects to."""
    other = text.startswith(("@", "vsock:")) or not text or "<" in text or has_hole(text)
    return not other and stream_address(text) is None


def _number(text: str) -> int | None:
    """A port as `strtoul` reads it, with `+`, 0x and 0, but not 0 itself."""
    text = text.removeprefix("+")
    if not (text.isascii() and text.isalnum() and text[:1].isdigit()) or len(text) > 20:
        return None
    octal = text[0] == "0" and text.isdigit()
    try:
        port = int(text, 8 if octal else 0)
    except ValueError:
        return None
    return port if 0 < port <= 65535 else None


def _is_ipv4(host: str) -> bool:
    parts = host.split(".")
    plain = all(part.isascii() and part.isdigit() and len(part) <= 3 and str(int(part)) == part for part in parts)
    return len(parts) == 4 and plain and all(int(part) <= 255 for part in parts)


def _is_ipv6(host: str) -> bool:
    from ipaddress import IPv6Address  # rarely asked for

    try:
        IPv6Address(host)
    except ValueError:
        return False
    return True
