"""The addresses that Waitress opens (waitress/adjustments.py `__init__`, the same in 2.1 and 3.0)."""

from collections.abc import Mapping

from ...address import Address, tcp, unix
from ...facts import Bind, Problem
from ...source import Span
from ...value import Default, Known, Unknown, Value, has_hole

Given = Mapping[str, Value[object]]


DEFAULT = "Waitress's default"


def _binds(values: Given, given: Given, hidden: Unknown | None, problems: list[Problem]) -> tuple[Bind, ...]:
    path = values.get("unix_socket")
    if isinstance(path, Unknown) or isinstance(values.get("sockets"), (Known, Unknown)):
        return (Bind(Unknown("a socket that cannot be told"), "", None),)
    if isinstance(path, Known):
        if str(path.value).startswith("unix:"):
            message, bare = "FileNotFoundError: [Errno 2] No such file or directory", str(path.value)[5:]
            problems.append(Problem("waitress", "invalid-bind", message, path.at, repair=f"write `{bare}`"))
            return (Bind(Unknown("Waitress cannot bind it", path.at), str(path.value), path.at),)
        return (Bind(Known(unix(str(path.value)), path.at), str(path.value), path.at),)
    listen = values.get("listen")
    if isinstance(listen, Unknown):
        return (Bind(listen, "", listen.at),)
    if isinstance(listen, Known) and isinstance(listen.value, tuple):
        raw = given["listen"]
        several = isinstance(raw, Known) and " " in str(raw.value).strip()
        texts = [str(text) for text in listen.value]
        return tuple(bind for text in texts for bind in _listen(text, _within(text, listen.at, several), problems))
    return _host_and_port(values, hidden, problems)


def _families(binds: tuple[Bind, ...], values: Given, problems: list[Problem]) -> tuple[Bind, ...]:
    """Leave out the half of `*` whose family `--no-ipv4` or `--no-ipv6` switches off.

    An address of that family is refused; with both switched off both are on.
    """
    off = [name for name in ("ipv4", "ipv6") if _is_false(values.get(name))]
    if len(off) != 1:
        return binds
    kept = [bind for bind in binds if _family(_host(bind)) != off[0]]
    wrong = next((bind for bind in binds if bind not in kept and not bind.written.startswith("*")), None)
    switch = values[off[0]]
    if wrong is not None and isinstance(switch, Known):
        message = f"ValueError: Invalid host/port specified. ({off[0]} is switched off)"
        problems.append(Problem("waitress", "invalid-bind", message, wrong.at or switch.at))
    return tuple(kept)


def _family(host: str) -> str:
    """The family of a literal address, empty for a name."""
    if ":" in host:
        return "ipv6"
    return "ipv4" if host.replace(".", "").isdigit() else ""


def _is_false(value: Value[object] | None) -> bool:
    return isinstance(value, Known) and value.value is False


def _host(bind: Bind) -> str:
    return "" if isinstance(bind.address, Unknown) else bind.address.value.host


def _within(text: str, at: Span, several: bool) -> Span:
    """Find one address in what was written; further ones may stand in later words of the same line."""
    whole = at.source.text
    found = whole.find(text, at.start, min(at.start + 4000, len(whole))) if several else at.text.find(text) + at.start
    return Span(at.source, found, found + len(text)) if found >= at.start else at


def _host_and_port(values: Given, hidden: Unknown | None, problems: list[Problem]) -> tuple[Bind, ...]:
    host, port = values.get("host"), values.get("port")
    for part in (host, port):
        if isinstance(part, Unknown):
            return (Bind(part, "", part.at),)
    if hidden is not None and (host is None or port is None):
        return (Bind(hidden, "", None),)
    at = next((part.at for part in (host, port) if isinstance(part, Known)), None)
    shown_host = host.value if isinstance(host, Known) else "0.0.0.0"
    shown = f"{shown_host}:{port.value if isinstance(port, Known) else 8080}"
    if at is None:
        return (Bind(Default(tcp("0.0.0.0", 8080), DEFAULT), "0.0.0.0:8080", None),)
    return _listen(shown, at, problems)


def _listen(text: str, at: Span, problems: list[Problem]) -> tuple[Bind, ...]:
    """Read one `listen` value: the last colon parts host and port; `*` is both families."""
    host, colon, port = _colon(text)
    if not colon or "]" in port:
        host, port = text, "8080"
    bare = host.strip("[").rstrip("]") if "[" in host and "]" in host else host
    hole = has_hole(text)
    if not hole and (
        not bare
        or bare == "unix"
        or "/" in bare
        or "," in text
        or (":" in bare and "[" not in host and bare.count(":") < 2)
    ):
        problems.append(Problem("waitress", "invalid-bind", "ValueError: Invalid host/port specified.", at))
        return (Bind(Unknown("Waitress refuses it", at), text, at),)
    if not hole and bare.isdigit():
        message = "OSError: [Errno 99] Cannot assign requested address"
        meant = f"127.0.0.1:{bare}"
        instead = meant if at.text == text else ""
        problems.append(Problem("waitress", "invalid-bind", message, at, repair=f"write `{meant}`", instead=instead))
        return (Bind(Unknown("Waitress cannot bind it", at), text, at),)
    if not hole and port.isascii() and port.isdecimal():
        port = str(int(port[:20]) % 65536)  # getaddrinfo takes the number modulo 65536
    elif not hole:
        port = {"": "0", "http": "80", "https": "443", "http-alt": "8080"}.get(port, "")
        if not port:
            return (Bind(Unknown("a service name", at), text, at),)
    addresses: tuple[Address, ...] = (tcp("0.0.0.0", port), tcp("::", port)) if bare == "*" else (tcp(bare, port),)
    return tuple(Bind(Known(address, at), text, at) for address in addresses)


def _colon(text: str) -> tuple[str, str, str]:
    """Split at the last colon that is not inside `{{ }}`."""
    end = text.rfind("}}")
    at = (
        text.rfind(":")
        if text.rfind(":") > end or "{{" not in text[: text.rfind(":")]
        else text.rfind(":", 0, text.rfind("{{"))
    )
    return (text[:at], ":", text[at + 1 :]) if at >= 0 else (text, "", "")


def binds_of(values: Given, given: Given, hidden: Unknown | None, problems: list[Problem]) -> tuple[Bind, ...]:
    """Return what is bound; `given` holds the adjustments as written, `values` converted."""
    return _families(_binds(values, given, hidden, problems), values, problems)
