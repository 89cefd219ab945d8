"""Runs as the first process of the new namespaces: mounts the machine and becomes its systemd.

    python -I boot.py FOLDER PROGRAM ARGUMENT ...

FOLDER/boot.json says what the machine is made of, FOLDER/mnt is where it is mounted. PROGRAM takes the place of
this process in the end. Only the standard library is there.
"""

import fcntl
import json
import os
import shutil
import socket
import stat
import struct
import subprocess
import sys
from glob import glob

_DEVICES = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9), "tty": (5, 0)}
_KEPT = ("systemd-journald.service", "systemd-journald.socket", "systemd-journald-dev-log.socket", "systemd-tmpfiles-setup.service")  # fmt: skip
_WANTS = ("/usr/lib/systemd/system/*.wants/*", "/lib/systemd/system/*.wants/*", "/etc/systemd/system/*.wants/*")
_REMOVED = ("/etc/nginx/sites-enabled/default", "/usr/lib/systemd/system-generators", "/lib/systemd/system-generators")


def main() -> None:
    folder, *command = sys.argv[1:]
    with open(f"{folder}/boot.json", encoding="utf-8") as file:
        boot = json.load(file)
    root = _mount_root(folder)
    _strip(root, boot["kept"])
    _mount_system(root)
    _put(root, boot["layers"], boot["binds"])
    _permit(root, boot["modes"])
    _loopback()
    socket.sethostname("machine")
    os.chdir(root)
    os.mkdir("oldroot")
    subprocess.run(["pivot_root", ".", "oldroot"], check=True)
    os.chroot(".")
    os.chdir("/")
    subprocess.run(["umount", "-l", "/oldroot"], check=True)
    os.rmdir("/oldroot")
    os.execve(command[0], command, {"container": "reality", "PATH": os.environ["PATH"]})


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)


def _mount_root(folder: str) -> str:
    """This machine's root below, the deployment upon it, in memory, which ends with the namespace."""
    memory = f"{folder}/mnt"
    _mount("-t", "tmpfs", "-o", "mode=0755,size=256m", "tmpfs", memory)
    os.mkdir(f"{memory}/root", 0o755)
    _overlay("/", memory, f"{memory}/root", f"{folder}/layer")
    return f"{memory}/root"


def _overlay(lower: str, memory: str, target: str, content: str = "") -> None:
    """Mount `lower` at `target`; what is written there, and `content` to begin with, stays in memory."""
    for name in ("upper", "work"):
        os.mkdir(f"{memory}/{name}", 0o755)
    if content:
        subprocess.run(["cp", "--archive", f"{content}/.", f"{memory}/upper"], check=True)
    options = f"lowerdir={lower},upperdir={memory}/upper,workdir={memory}/work"
    _mount("-t", "overlay", "-o", options, "overlay", target)


def _strip(root: str, kept: list[str]) -> None:
    """Take away what this machine starts at boot, and its sites."""
    for pattern in _WANTS:
        for path in glob(root + pattern):
            if os.path.basename(path) not in _KEPT:
                os.unlink(path)
    for path in _REMOVED:
        if path not in kept and os.path.lexists(root + path):
            if os.path.isdir(root + path):
                shutil.rmtree(root + path)
            else:
                os.unlink(root + path)


def _mount_system(root: str) -> None:
    for name, mode in (("run", "0755"), ("tmp", "1777"), ("dev", "0755")):
        os.makedirs(f"{root}/{name}", exist_ok=True)
        _mount("-t", "tmpfs", "-o", f"mode={mode}", "tmpfs", f"{root}/{name}")
    _mount("-t", "proc", "proc", f"{root}/proc")
    _mount("--bind", f"{root}/proc/sys", f"{root}/proc/sys")
    _mount("-o", "remount,bind,ro", f"{root}/proc/sys")
    _mount("-t", "sysfs", "-o", "ro", "sysfs", f"{root}/sys")
    _mount("-t", "cgroup2", "cgroup2", f"{root}/sys/fs/cgroup")
    for name, (major, minor) in _DEVICES.items():
        path = f"{root}/dev/{name}"
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(major, minor))
        os.chmod(path, 0o666)
    for name, options in (("pts", ("-t", "devpts", "-o", "newinstance,ptmxmode=0666")), ("shm", ("-t", "tmpfs"))):
        os.mkdir(f"{root}/dev/{name}")
        _mount(*options, name, f"{root}/dev/{name}")
    for name, target in (("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")):
        os.symlink(target, f"{root}/dev/{name}")
    os.mkdir(f"{root}/run/lock", 0o1777)


def _put(root: str, layers: dict[str, str], binds: dict[str, str]) -> None:
    """Make folders of this machine seen at other paths of the new one: to be written to for it alone, or as they are."""
    for number, (path, source) in enumerate(layers.items()):
        memory = f"{os.path.dirname(root)}/{number}"
        os.mkdir(memory)
        os.makedirs(root + path, exist_ok=True)
        _overlay(source, memory, root + path)
    for path, source in binds.items():
        os.makedirs(root + path, exist_ok=True)
        _mount("--bind", source, root + path)


def _permit(root: str, modes: list[tuple[str, str, int, int]]) -> None:
    """Put permissions on files and folders: path, octal mode or "", numbers of user and group or -1."""
    for path, mode, user, group in modes:
        if not os.path.exists(root + path):
            os.makedirs(root + path)
        os.chown(root + path, user, group)
        if mode:
            os.chmod(root + path, int(mode, 8))


def _loopback() -> None:
    """Set the loopback interface up: SIOCGIFFLAGS, SIOCSIFFLAGS with IFF_UP."""
    with socket.socket() as one:
        request = struct.pack("16sH14s", b"lo", 0, b"")
        (flags,) = struct.unpack_from("H", fcntl.ioctl(one, 0x8913, request), 16)
        fcntl.ioctl(one, 0x8914, struct.pack("16sH14s", b"lo", flags | 1, b""))


if __name__ == "__main__":
    main()
