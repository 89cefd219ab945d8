"""Start a service as systemd does, see where it listens, and end it with everything it started."""

import os
import signal
import socket
import subprocess
from contextlib import ExitStack, suppress
from glob import glob
from pathlib import Path

from . import listening
from .units import Start
from .verdict import Seen, Verdict


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
        return listening.addresses(_members(self._started.pid))


def start(service: Start, root: str) -> Process | Seen:
    """Start a service. What systemd itself would fail at is returned as a symptom."""
    for folder in service.runtime:
        os.makedirs(f"{root}/run/{folder}", exist_ok=True)
    if not os.path.isdir(service.directory):
        return Seen(Verdict.CHDIR, f"{service.name}: no folder {service.directory}", service.name)
    program = service.command[0] if "/" in service.command[0] else f"{root}/usr/bin/{service.command[0]}"
    command = [program, *service.command[1:]]
    if not os.access(program, os.X_OK) or os.path.isdir(program):
        return Seen(Verdict.EXEC, f"{service.name}: status=203/EXEC, no program {program}", service.name)
    if not service.sockets:
        return run(service.name, command, root, service.environment, service.directory)
    with ExitStack() as opened:
        numbers = [opened.enter_context(_listener(address)).fileno() for address in service.sockets]
        handed = [*_handing_over(numbers), *command]
        return run(service.name, handed, root, service.environment, service.directory, tuple(numbers))


def _handing_over(numbers: list[int]) -> list[str]:
    """A shell that makes sockets the descriptors from 3 on, and tells the process by its number."""
    redirections = " ".join(f"{number}<&{given}" for number, given in enumerate(numbers, 3))
    script = f'export LISTEN_PID=$$ LISTEN_FDS={len(numbers)}; exec "$@" {redirections}'
    return ["/bin/bash", "-c", script, "bash"]


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
            return Seen(Verdict.EXEC, f"{name}: status=203/EXEC, {error}", name)
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


def _members(group: int) -> list[int]:
    """The processes of a group."""
    found = []
    for folder in glob("/proc/[0-9]*"):
        with suppress(OSError, ValueError):
            fields = Path(folder, "stat").read_text(errors="replace").rpartition(")")[2].split()
            if int(fields[2]) == group:
                found.append(int(os.path.basename(folder)))
    return found
