"""What a socket unit opens. The forms of `ListenStream=` are those of systemd.socket(5)."""

from ..address import tcp, unix
from ..facts import Bind, Unit
from ..read.systemd import expand
from ..value import Known, Unknown, has_hole


def binds_of(socket: Unit) -> list[Bind]:
    """The stream addresses of a socket unit; a line that systemd ignores gives Unknown."""
    binds = []
    for entry in socket.all("Socket", "ListenStream"):
        text = expand(socket.name, entry.value, socket.scope)
        host, _, port = text.rpartition(":")
        if text.startswith("/"):
            address = unix(text)
        elif text.isdigit():
            address = tcp("::", text)
        elif port.isdigit() and (host.replace(".", "").isdigit() or host.startswith("[")):
            address = tcp(host, port)
        else:
            why = "a template variable" if has_hole(text) else "no address that systemd understands"
            binds.append(Bind(Unknown(why, entry.at), text, entry.at))
            continue
        binds.append(Bind(Known(address, entry.at), text, entry.at))
    return binds
