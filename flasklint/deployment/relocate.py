"""A socket put into another place, as edits of every file that names it."""

from collections.abc import Iterator

from ..edits import add_setting, replace
from ..facts import Unit
from ..finding import Edit, Fix
from ..source import Span
from ..value import Known, has_hole
from .graph import Deployment
from .sockets import SocketFile, hops_through, real_path


def runtime_path(socket: SocketFile) -> str:
    """Where a socket goes that gets a runtime directory: the unit's own one, or one of the unit's name."""
    unit = socket.service.unit
    folder = _runtime_directory(unit) if unit else ""
    return f"/run/{folder}/{socket.path.rpartition('/')[2]}" if folder else ""


def into_runtime_directory(socket: SocketFile, deployment: Deployment, *, safe: bool = True) -> Fix | None:
    """Move a server's own socket into its unit's runtime directory: in the unit, the bind and nginx.

    None where one of them cannot be written exactly. Not safe where nothing of nginx is in the input.
    """
    unit, path = socket.service.unit, runtime_path(socket)
    if unit is None or not path:
        return None
    directory = () if unit.all("Service", "RuntimeDirectory") else (_new_directory(unit, path),)
    moved = _moved(socket, path, deployment)
    edits = [edit for edit in (*directory, *moved) if edit]
    if len(edits) < len(directory) + len(moved):
        return None
    return Fix(tuple(edits), safe=safe and bool(hops_through(socket, deployment)))


def to(socket: SocketFile, path: str, deployment: Deployment) -> Fix | None:
    """Move a socket to a path, in the file that makes it and in nginx."""
    moved = _moved(socket, path, deployment)
    edits = tuple(edit for edit in moved if edit)
    return Fix(edits) if len(edits) == len(moved) else None


def retarget(old: str, new: str, deployment: Deployment) -> Iterator[Edit | None]:
    """Let nginx connect to another socket path wherever it names the old one; None for a place that does not
    name it literally."""
    places: dict[tuple[str, int], Span] = {}
    for route in deployment.routes:
        for target in route.targets:
            if isinstance(target, Known) and target.value.is_unix and real_path(target.value.path) == real_path(old):
                places[target.at.path, target.at.start] = target.at
    for at in places.values():
        yield _in_place(at, (old, f"/var{old}"), new)


def _moved(socket: SocketFile, path: str, deployment: Deployment) -> list[Edit | None]:
    bind = socket.bind
    written = (bind.relative,) if bind.relative else (socket.path, f"/var{socket.path}")
    made = _in_place(bind.at, written, path) if bind.at else None
    return [made, *retarget(socket.path, path, deployment)]


def _in_place(at: Span, written: tuple[str, ...], path: str) -> Edit | None:
    """Replace a path inside what is written at a place, where it stands there just once."""
    text = at.text
    for old in reversed(written):
        if text.count(old) == 1:
            start = text.index(old)
            end = start + len(old)
            whole = text[end : end + 1] in ("", ":", '"', "'", " ", ")", ";") and text[max(0, start - 1) : start] != "."
            return replace(at.part(start, end), path) if whole else None
    return None


def _runtime_directory(unit: Unit) -> str:
    entry = unit.last("Service", "RuntimeDirectory")
    words = entry.value.split() if entry else [unit.name.removesuffix(".service")]
    name = words[0].partition(":")[0] if words else ""
    odd = has_hole(name) or "%" in name or "@" in name or name.startswith("/")
    return "" if odd else name.rstrip("/")


def _new_directory(unit: Unit, path: str) -> Edit | None:
    return add_setting(unit, "Service", f"RuntimeDirectory={path.split('/')[2]}")


def give(unit: Unit, section: str, key: str, value: str) -> Edit | None:
    """Write `key=value` into a unit: in the place of the value in force, else at the end of the section."""
    entry = unit.last(section, key)
    return replace(entry.at, value) if entry else add_setting(unit, section, f"{key}={value}")
