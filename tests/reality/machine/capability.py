"""What a machine in namespaces needs of this one."""

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from ...programs import NGINX, SYSTEMD

_COMMANDS = ("unshare", "mount", "umount", "pivot_root", "systemctl", "journalctl")


def missing() -> str:
    """The program that is needed and not installed, "" if all are there."""
    for path in (NGINX, SYSTEMD):
        if not os.access(path, os.X_OK):
            return path
    return next((name for name in _COMMANDS if not shutil.which(name)), "")


@cache
def lacking() -> str:
    """What this machine does not allow, in plain words; "" if a machine can be booted."""
    if os.getuid() != 0:
        return "not root: namespaces cannot be made"
    if not cgroups():
        return "no writable cgroup2"
    from . import judge

    with tempfile.TemporaryDirectory(prefix="machine-") as folder:
        for name in ("layer", "mnt", "out"):
            os.mkdir(f"{folder}/{name}")
        Path(folder, "boot.json").write_text('{"layers": {}, "kept": [], "binds": {}, "modes": []}')
        try:
            status = judge.boot(folder, ("/bin/true",))
        except OSError as error:
            return f"no namespaces: {error}"
        if status:
            lines = Path(folder, "console").read_text(errors="replace").strip().splitlines()
            return f"no namespaces, overlayfs or mounts: {lines[0] if lines else status}"
    return ""


@cache
def cgroups() -> str:
    """Where cgroup2 is mounted and may be written, "" if nowhere."""
    for line in Path("/proc/self/mounts").read_text().splitlines():
        fields = line.split()
        if fields[2] == "cgroup2" and "ro" not in fields[3].split(",") and os.access(fields[1], os.W_OK):
            return fields[1]
    return ""
