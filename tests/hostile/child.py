"""One run of the command line in a process of its own: its report, its time, its memory, what it opened."""

import ctypes
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
ADDRESSES = 1_500_000_000  # bytes of address space; what is really used is measured
DEADLINE = 20.0  # seconds until a run is killed; what it may take is measured in CPU time


class Done(NamedTuple):
    """`seconds` is CPU time, `megabytes` the largest resident size (0 if it was killed), `opened` absolute paths."""

    code: int
    out: str
    err: str
    seconds: float
    megabytes: float
    opened: tuple[str, ...]


def flasklint(
    *arguments: str,
    cwd: Path,
    scratch: Path,
    powerless: bool = False,
    limits: Sequence[tuple[int, int]] = (),
    meanwhile: Callable[[int], object] | None = None,
) -> Done:
    """Run the command line below `cwd`. `scratch` is a folder outside of what is linted; `powerless` takes root's
    right to read everything away; `meanwhile` is called with the child's pid once it runs."""
    log, out, err = (scratch / name for name in ("opened", "out", "err"))
    for file in (log, out, err):
        file.write_bytes(b"")
        file.chmod(0o666)
    pid = os.fork()
    if not pid:
        _become(arguments, cwd, (log, out, err), powerless, limits)
    if meanwhile:
        meanwhile(pid)
    code, usage = _wait(pid)
    opened = [os.fsdecode(path) for path in log.read_bytes().split(b"\0") if path]
    peak = next((path for path in opened if path.startswith("!peak ")), "!peak 0")
    return Done(
        code,
        out.read_text("utf-8", "surrogateescape"),
        err.read_text("utf-8", "surrogateescape"),
        usage.ru_utime + usage.ru_stime,
        int(peak.partition(" ")[2]) / 1024,
        tuple(path for path in opened if path not in (peak, "/proc/self/status")),
    )


def _become(
    arguments: Sequence[str],
    cwd: Path,
    files: tuple[Path, Path, Path],
    powerless: bool,
    limits: Sequence[tuple[int, int]],
) -> None:
    try:
        os.chdir(cwd)
        os.dup2(os.open(files[1], os.O_WRONLY), 1)
        os.dup2(os.open(files[2], os.O_WRONLY), 2)
        for which, limit in ((resource.RLIMIT_AS, ADDRESSES), (resource.RLIMIT_CORE, 0), *limits):
            resource.setrlimit(which, (limit, limit))
        for capability in (1, 2) if powerless and os.getuid() == 0 else ():  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
        environment = {"PYTHONPATH": str(ROOT), "PATH": os.defpath, "LC_ALL": "C.UTF-8"}
        command = [sys.executable, "-m", "tests.hostile.watch", str(files[0]), *arguments]
        os.execve(sys.executable, command, environment)
    finally:
        os._exit(99)


def _wait(pid: int) -> tuple[int, resource.struct_rusage]:
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        done, status, usage = os.wait4(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status), usage
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    _, _, usage = os.wait4(pid, 0)
    return -int(signal.SIGKILL), usage
