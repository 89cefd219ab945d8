"""The layer that a deployment is: its files where the host has them, with their owners."""

import os
import posixpath
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from .. import venv
from ..world import World
from .accounts import Accounts
from .plan import Plan

_UNIT = re.compile(r"(?:^|/)([\w@.:\\-]+\.(?:service|socket|timer|path|target|mount|slice))$")
_DROP_IN = re.compile(r"(?:^|/)([\w@.:\\-]+\.(?:service|socket)\.d/[^/]+\.conf)$")
_SETTING = re.compile(r"(?m)^(User|WorkingDirectory)=[-\"']?([^\s\"'#]*)")
_SYSTEM = {
    # What would take a minute and a half is seen within seconds.
    "/etc/systemd/system.conf.d/reality.conf": "[Manager]\nDefaultTimeoutStartSec=4s\nDefaultTimeoutStopSec=4s\n",
    "/etc/machine-id": "0123456789abcdef0123456789abcdef\n",
    "/etc/hosts": "127.0.0.1 localhost\n::1 localhost\n",
    "/var/log/nginx/error.log": "",
    "/var/log/nginx/access.log": "",
}


def lay_out(plan: Plan, root: str) -> Accounts:
    """Write the layer and return the users and groups of the machine."""
    world = plan.world
    owners = _owners(world)
    accounts = Accounts(plan, {owner: _home(owner, place) for place, owner in reversed(owners.items())})
    for path, text in {**_SYSTEM, **accounts.files, **installed(world), **world.supplied}.items():
        write(root, path, text)
    for place, folder in world.places.items():
        owner = accounts.owner(f"{owners[place]}:") if owners.get(place) in accounts.users else (0, 0)
        _copy(world, root, place, folder, owner)
    return accounts


def installed(world: World) -> dict[str, str]:
    """Units and nginx's files where the operator puts them."""
    found = {_destination(path): text for path, text in world.files.items()}
    return {path: text for path, text in found.items() if path}


def _destination(path: str) -> str:
    """Where a file of the repository goes on the host, beside its place; "" if it goes nowhere."""
    name = posixpath.basename(path)
    if inside := re.search(r"(?:^|/)(etc/(?:systemd|nginx|tmpfiles\.d|sysctl\.d)/.*)", path):
        return f"/{inside[1]}"
    if unit := _DROP_IN.search(path) or _UNIT.search(path):
        return f"/etc/systemd/system/{unit[1]}"
    if "/tmpfiles.d/" in f"/{path}":
        return f"/etc/tmpfiles.d/{name}"
    if name == "nginx.conf" or "/snippets/" in f"/{path}":
        return f"/etc/nginx/{name}" if name == "nginx.conf" else f"/etc/nginx/snippets/{name}"
    if re.search(r"(^|/)(nginx|sites-(available|enabled))/[^/]+$", path):
        return f"/etc/nginx/sites-enabled/{name}"
    return ""


def _owners(world: World) -> dict[str, str]:
    """The user of each place: that of the service that works there."""
    found: dict[str, str] = {}
    for name, text in sorted(world.units.items()):
        settings = dict(_SETTING.findall(text))
        place = posixpath.normpath(settings.get("WorkingDirectory") or "/")
        for one in world.places:
            if name.endswith(".service") and (place == one or place.startswith(f"{one}/") or len(world.places) == 1):
                found.setdefault(one, settings.get("User", ""))
    return found


def _home(owner: str, place: str) -> str:
    return f"/home/{owner}" if place.startswith(f"/home/{owner}") else place


def _copy(world: World, root: str, place: str, folder: str, owner: tuple[int, int]) -> None:
    """Put the files of a folder at their place; they and the folders are the owner's, as is its home."""
    prefix = f"{folder}/" if folder else ""
    files = {path[len(prefix) :]: text for path, text in world.files.items() if path.startswith(prefix)}
    _make(root, place)
    for path, text in files.items():
        write(root, f"{place}/{path}", text)
    folders = [root + place]
    if place.startswith("/home/"):
        parts = place.split("/")
        folders += [root + "/".join(parts[:end]) for end in range(3, len(parts))]
    for one in (*folders, *_below(root + place, files)):
        os.chown(one, *owner, follow_symlinks=False)


def _below(top: str, files: Iterable[str]) -> set[str]:
    """Files with the folders that they are in."""
    parents = {str(parent) for path in files for parent in Path(path).parents}
    return {f"{top}/{path}" for path in (*files, *parents)}


def write(root: str, path: str, text: str) -> None:
    """Write a file, or the symbolic link that "-> target" stands for."""
    _make(root, posixpath.dirname(path))
    if text.startswith("-> "):
        os.symlink(text[3:].strip(), root + path)
        return
    Path(root + path).write_text(text, encoding="utf-8", newline="")
    if text.startswith("#!"):
        os.chmod(root + path, 0o755)


def _make(root: str, folder: str) -> None:
    """Make a folder of the layer with those above it, each with the permissions that this machine's own has."""
    if not os.path.isdir(root + folder):
        _make(root, posixpath.dirname(folder))
        os.mkdir(root + folder, 0o755)
        if os.path.isdir(folder):
            own = os.stat(folder)
            os.chown(root + folder, own.st_uid, own.st_gid)
            os.chmod(root + folder, own.st_mode & 0o7777)


def wanted(world: World, path: str) -> frozenset[str]:
    """The distributions of a virtual environment, with the releases that are asked for."""
    return venv.wanted(world.venvs[path], world.files)


def services(world: World) -> list[str]:
    """Units to start if nobody says which: the sockets first."""
    names: Mapping[str, str] = world.units
    whole = [name for name in sorted(names) if "@." not in name]
    return sorted(whole, key=lambda name: not name.endswith(".socket"))
