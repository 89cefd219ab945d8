"""Where processes listen, as /proc shows it. Only the standard library is needed."""

import os
import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from glob import glob
from pathlib import Path


def addresses(processes: Iterable[int]) -> list[str]:
    """Addresses that any of the processes listens on: a path, or host:port."""
    found: dict[str, None] = {}
    for process in processes:
        with suppress(OSError):
            sockets = _listening(f"/proc/{process}/net")
            for link in glob(f"/proc/{process}/fd/*"):
                with suppress(OSError):
                    inode = os.readlink(link).removeprefix("socket:[").rstrip("]")
                    if inode in sockets:
                        found[os.path.join(os.readlink(f"/proc/{process}/cwd"), sockets[inode])] = None
    return [address.rpartition("/")[2] if ":" in address else address for address in found]


def _listening(net: str) -> dict[str, str]:
    """Listening sockets of a network namespace by their inode."""
    found: dict[str, str] = {}
    for line in _lines(f"{net}/tcp"):
        fields = line.split()
        if fields[3] == "0A":
            address, port = fields[1].split(":")
            found[fields[9]] = f"{socket.inet_ntoa(int(address, 16).to_bytes(4, 'little'))}:{int(port, 16)}"
    for line in _lines(f"{net}/tcp6"):
        fields = line.split()
        if fields[3] == "0A":
            address, port = fields[1].split(":")
            words = (int(address[start : start + 8], 16).to_bytes(4, "little") for start in range(0, 32, 8))
            found[fields[9]] = f"[{socket.inet_ntop(socket.AF_INET6, b''.join(words))}]:{int(port, 16)}"
    for line in _lines(f"{net}/unix"):
        fields = line.split()
        listens = len(fields) == 8 and int(fields[3], 16) & 0x10000
        if listens and not re.search(r"gunicorn\.ctl$|^@", fields[7]):
            found[fields[6]] = fields[7]
    return found


def _lines(path: str) -> list[str]:
    return Path(path).read_text(errors="replace").splitlines()[1:] if os.path.exists(path) else []
