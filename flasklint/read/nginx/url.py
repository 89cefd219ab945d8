"""Whether nginx can take an address apart: `listen`, `server` of an upstream, `proxy_pass` and its kin."""

_MOST_PORT = 65535


def url_fault(text: str, *, listens: bool = False, takes_uri: bool = False) -> str:
    """Return what nginx says before `in upstream "..."` or `of the "listen" directive`; "" where it takes it.

    `text` is `host[:port][uri]` or `unix:path[:uri]` without a scheme, variables and holes. Names are
    not looked up. (ngx_parse_url in nginx's src/core/ngx_inet.c, 1.22.1)
    """
    if text[:5].lower() == "unix:":
        path = text[5:].partition(":")[0] if takes_uri else text[5:]
        return "" if path else "no path in the unix domain socket"
    if text.startswith("["):
        return _inet6_fault(text, listens, takes_uri)
    end = min((at for sign in "/?" if (at := text.find(sign)) >= 0), default=-1)
    if end >= 0 and (listens or not takes_uri):
        return "invalid host"
    host, colon, port = (text if end < 0 else text[:end]).partition(":")
    if listens and not colon and all(part.isdecimal() for part in text.split("-", 1)):
        return _port_fault(text, ranges=True)
    if colon and (fault := _port_fault(port, ranges=listens)):
        return fault
    return "" if host else "no host"


def _inet6_fault(text: str, listens: bool, takes_uri: bool) -> str:
    host, bracket, behind = text[1:].partition("]")
    end = behind.find("/")
    if not bracket or (end >= 0 and (listens or not takes_uri)):
        return "invalid host"
    port = behind if end < 0 else behind[:end]
    if port and not port.startswith(":"):
        return "invalid host"
    if port and (fault := _port_fault(port[1:], ranges=listens)):
        return fault
    if not host:
        return "no host"
    return "" if _is_inet6(host) else "invalid IPv6 address"


def _port_fault(text: str, ranges: bool = False) -> str:
    first, dash, last = text.partition("-") if ranges else (text, "", "")
    if not _is_port(first) or (dash and not _is_port(last)):
        return "invalid port"
    return "invalid port range" if dash and int(last[-5:]) < int(first[-5:]) else ""  # zeros may stand before these


def _is_port(text: str) -> bool:
    digits = text.lstrip("0")
    return text.isascii() and text.isdecimal() and 0 < len(digits) <= 5 and int(digits) <= _MOST_PORT


def _is_inet6(text: str) -> bool:
    from ipaddress import AddressValueError, IPv6Address

    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True
