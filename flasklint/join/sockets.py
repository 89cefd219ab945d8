"""What a socket unit opens. The forms of `ListenStream=` are those of systemd.socket(5)."""

from ..facts import Bind, Unit
from ..read.systemd import expand
from ..read.systemd.listen import stream_address
from ..value import Known, Unknown, has_hole


def binds_of(socket: Unit) -> list[Bind]:
    """The stream addresses of a socket unit; a line that systemd ignores gives Unknown."""
    binds = []
    for entry in socket.all("Socket", "ListenStream"):
        text = expand(socket.name, entry.value, socket.scope)
        address = stream_address(text)
        if address is None:
            why = "a template variable" if has_hole(text) else "no address that systemd understands"
            binds.append(Bind(Unknown(why, entry.at), text, entry.at))
            continue
        binds.append(Bind(Known(address, entry.at), text, entry.at))
    return binds
