"""What flasklint makes of a unit's sandbox is what a real systemd makes of it."""

import re
from pathlib import Path

import pytest

from flasklint.deployment.sandbox import sandbox_of
from flasklint.read import systemd
from flasklint.tree import Tree

from ...deployments import lay_out
from ..world import World
from . import testing
from .judge import judge
from .plan import Plan

FOLDERS = ("/srv/shop", "/srv/shop/data", "/home", "/home/shop", "/home/shop/data", "/root", "/run",
           "/var/log", "/var/log/shop", "/var/lib/shop", "/etc/shop", "/usr/local/shop", "/opt/shop")  # fmt: skip
# A file that was there before the unit started tells whether the folder is the host's.
PROBE = (
    "for d in {folders}; do s=hidden; w=closed; [ -e $d/mark ] && s=seen; touch $d/.new 2>/dev/null && w=open; "
    "echo probe $d $s $w; done"
)
SETTINGS = {
    "plain": "",
    "strict": "ProtectSystem=strict",
    "full": "ProtectSystem=full",
    "system": "ProtectSystem=yes",
    "home": "ProtectHome=yes",
    "home-read-only": "ProtectHome=read-only",
    "home-read-only-but": "ProtectHome=read-only\nReadWritePaths=/home/shop/data",
    "home-and-write-paths": "ProtectHome=yes\nReadWritePaths=/home/shop",
    "home-and-bind": "ProtectHome=yes\nBindPaths=/home/shop",
    "home-and-bind-elsewhere": "ProtectHome=yes\nBindPaths=/home/shop:/opt/shop",
    "tmpfs": "ProtectHome=tmpfs",
    "tmpfs-and-bind": "ProtectHome=tmpfs\nBindPaths=/home/shop",
    "tmpfs-and-read-only-bind": "ProtectHome=tmpfs\nBindReadOnlyPaths=-/home/shop",
    "inaccessible": "InaccessiblePaths=/home /opt/shop",
    "inaccessible-and-bind": "InaccessiblePaths=/home\nBindPaths=/home/shop",
    "temporary": "TemporaryFileSystem=/home:ro\nBindReadOnlyPaths=/home/shop",
    "read-only-paths": "ReadOnlyPaths=/srv\nReadWritePaths=/srv/shop/data",
    "read-only-wins": "ReadOnlyPaths=/srv/shop\nReadWritePaths=/srv/shop",
    "strict-but": "ProtectSystem=strict\nReadWritePaths=/srv/shop/data -/nowhere",
    "strict-and-bind": "ProtectSystem=strict\nBindPaths=/srv/shop/data",
    "managed": "ProtectSystem=strict\nStateDirectory=shop\nLogsDirectory=shop",
    "strict-and-home": "ProtectSystem=strict\nProtectHome=read-only",
    "full-but": "ProtectSystem=full\nReadWritePaths=/etc/shop /usr/local/shop",
    "reset": "ReadOnlyPaths=/srv\nReadOnlyPaths=\nProtectSystem=full\nProtectSystem=no",
    "dynamic-user": "DynamicUser=yes\nProtectHome=yes",
}


def unit(settings: str) -> str:
    probe = PROBE.format(folders=" ".join(FOLDERS))
    return f"[Service]\nType=oneshot\n{settings}\nExecStart=/bin/bash -c '{probe}'\n"


def modelled(name: str, text: str, folder: Path) -> dict[str, str]:
    tree = Tree(str(lay_out({f"{name}.service": text}, folder)))
    source = tree.read(f"{name}.service")
    assert source is not None
    sandbox = sandbox_of(systemd.read([source], tree)[0])
    access = {path: mount.access if (mount := sandbox.at(path)) else "writable" for path in FOLDERS}
    return {path: "hidden" if what == "empty" else what for path, what in access.items()}


@pytest.fixture(scope="module")
def seen() -> dict[str, dict[str, str]]:
    """What each unit saw of each folder, all of them on one machine."""
    testing.need_machine()
    units = {f"systemd/{name}.service": unit(settings) for name, settings in SETTINGS.items()}
    marks = {f"{folder}/mark": "the host's\n" for folder in FOLDERS if folder != "/run"}
    world = World("sandbox", units, {}, {}, (), {**marks, "/etc/tmpfiles.d/mark.conf": "f /run/mark\n"})
    log = judge(Plan(world)).log
    found: dict[str, dict[str, str]] = {name: {} for name in SETTINGS}
    for name, folder, sight, writing in re.findall(r"(?m)^([\w-]+)\.service: probe (\S+) (\w+) (\w+)$", log):
        found[name][folder] = sight if sight == "hidden" else "writable" if writing == "open" else "read-only"
    return found


@pytest.mark.parametrize("name", SETTINGS)
def test_sandbox(name: str, seen: dict[str, dict[str, str]], tmp_path: Path) -> None:
    assert modelled(name, unit(SETTINGS[name]), tmp_path) == seen[name]
