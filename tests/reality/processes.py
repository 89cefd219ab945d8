"""Start a service as systemd does, see where it listens, and end it with everything it started."""

import os
import re
import signal
import socket
import subprocess
from contextlib import suppress
from glob import glob
from pathlib import Path

from .units import Start
from .verdict import Seen, Verdict

# Descriptor 3 is the socket, and the process is told by its number. (dash knows descriptors up to 9 only.)
_DESCRIPTORS = 'number=$1; shift; export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@" 3<&"$number"'


class Process:
    """A running program in a process group of its own; `log` is the file of its output."""

    def __init__(self, name: str, started: "subprocess.Popen[bytes]", log: str) -> None:
        self.name = name
        self.log = log
        self._started = started

    @property
    def ended(self) -> int | None:
        """Its exit status, None while it runs."""
        return self._started.poll()

    @property
    def output(self) -> str:
        return Path(self.log).read_text(encoding="utf-8", errors="replace")

    def end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._started.pid, signal.SIGKILL)
        self._started.wait(5)

    def listens(self) -> list[str]:
        """Addresses that the group listens on: a path, or host:port."""
        sockets = _listening()
        found: dict[str, None] = {}
        for folder in _members(self._started.pid):
            for link in glob(f"{folder}/fd/*"):
                with suppress(OSError):
                    inode = os.readlink(link).removeprefix("socket:[").rstrip("]")
                    if inode in sockets:
                        found[os.path.join(os.readlink(f"{folder}/cwd"), sockets[inode])] = None
        return [address.rpartition("/")[2] if ":" in address else address for address in found]


def start(service: Start, root: str) -> Process | Seen:
    """Start a service. What systemd itself would fail at is returned as a symptom."""
    for folder in service.runtime:
        os.makedirs(f"{root}/run/{folder}", exist_ok=True)
    if not os.path.isdir(service.directory):
        return Seen(Verdict.CHDIR, f"{service.name}: no folder {service.directory}")
    program = service.command[0] if "/" in service.command[0] else f"{root}/usr/bin/{service.command[0]}"
    command = [program, *service.command[1:]]
    if not os.access(program, os.X_OK) or os.path.isdir(program):
        return Seen(Verdict.EXEC, f"{service.name}: status=203/EXEC, no program {program}")
    if not service.sockets:
        return run(service.name, command, root, service.environment, service.directory)
    with _listener(service.sockets[0]) as listener:
        number = listener.fileno()
        command = ["/bin/bash", "-c", _DESCRIPTORS, "bash", str(number), *command]
        return run(service.name, command, root, service.environment, service.directory, (number,))


def run(
    name: str, command: list[str], root: str, environment: dict[str, str], directory: str, kept: tuple[int, ...] = ()
) -> Process | Seen:
    """Run a program in a session of its own, with nothing of our environment."""
    log = f"{root}/log/{name}.log"
    with open(log, "wb") as output:
        try:
            started = subprocess.Popen(
                command,
                cwd=directory,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=kept,
            )
        except OSError as error:
            return Seen(Verdict.EXEC, f"{name}: status=203/EXEC, {error}")
    return Process(name, started, log)


def _listener(address: str) -> socket.socket:
    """What systemd makes of ListenStream=."""
    if address.startswith("/"):
        os.makedirs(os.path.dirname(address), exist_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(address)
    else:
        host, _, port = address.rpartition(":")
        listener = socket.socket()
        listener.bind((host or "127.0.0.1", int(port)))
    listener.listen(64)
    return listener


def _members(group: int) -> list[str]:
    """Folders in /proc of the processes of a group."""
    found = []
    for folder in glob("/proc/[0-9]*"):
        with suppress(OSError, ValueError):
            fields = Path(folder, "stat").read_text(errors="replace").rpartition(")")[2].split()
            if int(fields[2]) == group:
                found.append(folder)
    return found


def _listening() -> dict[str, str]:
    """Listening sockets of this machine by their inode."""
    found: dict[str, str] = {}
    for line in _lines("/proc/net/tcp"):
        fields = line.split()
        if fields[3] == "0A":
            address, port = fields[1].split(":")
            found[fields[9]] = f"{socket.inet_ntoa(int(address, 16).to_bytes(4, 'little'))}:{int(port, 16)}"
    for line in _lines("/proc/net/unix"):
        fields = line.split()
        listens = len(fields) == 8 and int(fields[3], 16) & 0x10000
        if listens and not re.search(r"gunicorn\.ctl$|^@", fields[7]):
            found[fields[6]] = fields[7]
    return found


def _lines(path: str) -> list[str]:
    return Path(path).read_text(errors="replace").splitlines()[1:]
