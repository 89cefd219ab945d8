"""What a sandboxed unit sees of the host's files and may write, as its mount namespace is set up.

From systemd.exec(5) and src/core/namespace.c of systemd 252, tried on 252: what lies deeper wins; nothing brings
back what `ProtectHome=yes` or `InaccessiblePaths=` hide, neither `ReadWritePaths=` nor `BindPaths=` below them;
`ProtectHome=tmpfs` and `TemporaryFileSystem=` do show what `BindPaths=` binds. `ProtectSystem=strict` leaves /home,
/root and /run/user writable. `EnvironmentFile=` and `StandardOutput=append:` are opened outside.
"""

from collections.abc import Iterable, Iterator
from posixpath import normpath
from typing import Literal

from ..facts import Entry, Unit
from ..record import Record
from ..value import has_hole

Access = Literal["hidden", "empty", "read-only", "writable"]

_YES = frozenset({"1", "yes", "y", "true", "t", "on"})
_HOMES = ("/home", "/root", "/run/user")
_SYSTEM = {"yes": ("/usr", "/boot", "/efi"), "full": ("/usr", "/boot", "/efi", "/etc"), "strict": ("/",)}
# What ProtectSystem=strict leaves to other settings.
_LEFT = ("/proc", "/sys", "/dev", *_HOMES)
# Managed directories, and the folder of the host they lie in (systemd.exec(5), RuntimeDirectory=).
MANAGED = {
    "RuntimeDirectory": "/run",
    "StateDirectory": "/var/lib",
    "CacheDirectory": "/var/cache",
    "LogsDirectory": "/var/log",
    "ConfigurationDirectory": "/etc",
}
_LISTS: dict[str, Access] = {
    "InaccessiblePaths": "hidden",
    "InaccessibleDirectories": "hidden",
    "ReadOnlyPaths": "read-only",
    "ReadOnlyDirectories": "read-only",
    "ReadWritePaths": "writable",
    "ReadWriteDirectories": "writable",
}
_BINDS: dict[str, Access] = {"BindPaths": "writable", "BindReadOnlyPaths": "read-only"}
_PRIVATE = ("/tmp", "/var/tmp")  # noqa: S108 - what PrivateTmp= replaces; nothing is written there
_SCALARS = frozenset({"ProtectHome", "ProtectSystem", "PrivateTmp", "DynamicUser"})
# Links of every distribution of these years.
_LINKS = {"/var/run": "/run", "/var/lock": "/run/lock", "/bin": "/usr/bin", "/sbin": "/usr/sbin", "/lib": "/usr/lib"}
# Other roots, of which the files tell nothing.
_ROOTS = ("RootDirectory", "RootImage", "RootHash", "MountImages", "ExtensionImages", "ExtensionDirectories")
_KEYS = frozenset({*_SCALARS, *MANAGED, *_LISTS, *_BINDS, *_ROOTS, "TemporaryFileSystem"})
_STRENGTH = {"hidden": 0, "empty": 1, "read-only": 2, "writable": 3}


class Mount(Record):
    """What the namespace makes of everything below `path`, and the setting that says so.

    "hidden" cannot be entered, "empty" is a file system of the unit's own.
    """

    path: str
    access: Access
    said: Entry

    def covers(self, path: str) -> bool:
        return self.path == "/" or path == self.path or path.startswith(f"{self.path}/")


class Sandbox(Record):
    """The mounts of a unit; `told` is False where something of it cannot be read from the files."""

    mounts: tuple[Mount, ...] = ()
    told: bool = True

    def at(self, path: str) -> Mount | None:
        """The mount that decides about a path; None where the unit sees the host as it is."""
        path = _real(path)
        covering = [mount for mount in self.mounts if mount.covers(path)] if self.told else []
        hidden = [mount for mount in covering if mount.access == "hidden"]
        return hidden[0] if hidden else max(covering, key=_depth, default=None)

    def hides(self, path: str) -> Mount | None:
        """The mount that keeps what the host has at a path from the unit, or None."""
        mount = self.at(path)
        return mount if mount and mount.access in ("hidden", "empty") else None

    def forbids_writing(self, path: str) -> Mount | None:
        """The mount that makes a path read-only, or None."""
        mount = self.at(path)
        return mount if mount and mount.access == "read-only" else None

    def writable_below(self, folder: str) -> bool:
        """Whether something below a folder, or the folder, is made writable on purpose."""
        inside = Mount(folder, "writable", self.mounts[0].said) if self.mounts else None
        return any(inside and mount.access == "writable" and inside.covers(mount.path) for mount in self.mounts)


def sandbox_of(unit: Unit) -> Sandbox:
    """Return the sandbox of a unit's commands; those with the prefix `+` are outside of it."""
    entries = [entry for entry in unit.entries if entry.key in _KEYS and entry.section == "Service"]
    if not entries:
        return Sandbox()
    mounts = tuple(mount for entry in entries if _in_force(unit, entry) for mount in _mounts(entry))
    odd = any(entry.key in _ROOTS or _is_dark(entry.value) for entry in entries)
    return Sandbox(mounts, not (odd or unit.is_open))


def is_on(entry: Entry | None) -> bool:
    """Whether a setting is there and is a boolean that is true."""
    return entry is not None and entry.value.lower() in _YES


def managed_for(path: str) -> str:
    """Return the setting that makes the folder of a file writable, `LogsDirectory=shop` for /var/log/shop/x.

    `ReadWritePaths=` of the folder where no managed directory is meant for it.
    """
    folder = path.rpartition("/")[0] or "/"
    for key in ("RuntimeDirectory", "StateDirectory", "CacheDirectory", "LogsDirectory"):
        parent, _, name = folder.rpartition("/")
        if parent == MANAGED[key]:
            return f"{key}={name}"
    return f"ReadWritePaths={folder}"


def _in_force(unit: Unit, entry: Entry) -> bool:
    """Whether an assignment counts: the last one of a key that is no list."""
    return entry.key not in _SCALARS or unit.last("Service", entry.key) is entry


def _is_dark(value: str) -> bool:
    """Whether a value holds what only systemd or a template engine replaces."""
    return "%" in value or has_hole(value)


def _mounts(entry: Entry) -> Iterator[Mount]:
    key, value = entry.key, entry.value.lower()
    if key == "DynamicUser" and is_on(entry):
        yield from _strict(entry)
        yield from (Mount(path, "read-only", entry) for path in _HOMES)
    if key == "ProtectSystem":
        level = "yes" if value in _YES else value
        yield from _strict(entry) if level == "strict" else _each(_SYSTEM.get(level, ()), "read-only", entry)
    elif key == "ProtectHome" and (value in _YES or value in ("read-only", "tmpfs")):
        access: Access = "read-only" if value == "read-only" else "empty" if value == "tmpfs" else "hidden"
        yield from _each(_HOMES, access, entry)
    if key in ("PrivateTmp", "DynamicUser") and (is_on(entry) or value == "disconnected"):
        yield from _each(_PRIVATE, "empty", entry)
    if key in MANAGED:
        yield from _each((f"{MANAGED[key]}/{name}" for name in _words(entry)), "writable", entry)
    if key in _LISTS:
        yield from _each((word.lstrip("-+") for word in entry.value.split()), _LISTS[key], entry)
    if key in _BINDS:
        binds = (word.lstrip("-").split(":") for word in entry.value.split())
        yield from _each((parts[1] if len(parts) > 1 else parts[0] for parts in binds), _BINDS[key], entry)
    if key == "TemporaryFileSystem":
        yield from _each((word.partition(":")[0] for word in entry.value.split()), "empty", entry)


def _strict(entry: Entry) -> Iterator[Mount]:
    yield from _each(_SYSTEM["strict"], "read-only", entry)
    yield from _each(_LEFT, "writable", entry)


def _words(entry: Entry) -> Iterator[str]:
    return (word.partition(":")[0] for word in entry.value.split())


def _each(paths: Iterable[str], access: Access, entry: Entry) -> Iterator[Mount]:
    return (Mount(_real(path), access, entry) for path in paths if path.startswith("/"))


def _real(path: str) -> str:
    """The path without the links that every host has."""
    path = normpath(path)
    link = next((link for link in _LINKS if path == link or path.startswith(f"{link}/")), "")
    return f"{_LINKS[link]}{path[len(link) :]}" if link else path


def _depth(mount: Mount) -> tuple[int, int]:
    """Deeper mounts win; of one folder the stricter one."""
    return (mount.path.rstrip("/").count("/"), -_STRENGTH[mount.access])
