"""Boot a machine with a deployment on it, and say what was seen."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..verdict import Outcome
from ..world import Site
from . import disk, packages, reading
from .capability import cgroups
from .interpreter import interpreter
from .plan import Plan

BOUND = 60.0  # seconds, on a busy machine too
HERE = "/run/reality"  # on the machine: what the driver needs, and what it writes
_TESTS = str(Path(__file__).parents[2])
_BOOT = str(Path(__file__).with_name("boot.py"))
UNSHARE = ("unshare", "--mount", "--pid", "--cgroup", "--ipc", "--uts", "--net", "--fork", "--kill-child")
SYSTEMD = ("/lib/systemd/systemd", "--system", "--unit=reality.target", "--show-status=no")
_DRIVER = f"""[Unit]
SuccessAction=exit-force
FailureAction=exit-force
[Service]
Type=oneshot
Environment=PYTHONPATH={HERE}/code
ExecStart={{python}} -B -m tests.reality.machine.driver {HERE}
TimeoutStartSec=55
"""
_TARGET = "[Unit]\nRequires=reality.service\n"


def judge(plan: Plan) -> Outcome:
    """Boot the machine, let the driver do its work, and end everything again."""
    with tempfile.TemporaryDirectory(prefix=f"machine-{os.getpid()}-") as folder:
        prepare(plan, folder)
        status = boot(folder, SYSTEMD)
        report = Path(folder, "out/report.json")
        if not report.exists():
            said = "\n".join(path.read_text(errors="replace")[-2000:] for path in _sayings(folder))
            raise RuntimeError(f"{plan.world.name}: the driver did not come to its end, status {status}: {said}")
        return reading.outcome(plan, json.loads(report.read_text(encoding="utf-8")))


def _sayings(folder: str) -> list[Path]:
    """What a machine that made no report left: its console, and how the driver failed."""
    return [path for path in (Path(folder, "console"), Path(folder, "out/failure")) if path.exists()]


def prepare(plan: Plan, folder: str) -> None:
    """Write the deployment's layer and what `boot` and `driver` need to know."""
    for name in ("layer", "mnt", "out"):
        os.mkdir(f"{folder}/{name}", 0o755)
    root = f"{folder}/layer"
    accounts = disk.lay_out(plan, root)
    python = interpreter()
    units = {"reality.service": _DRIVER.format(python=python.path), "reality.target": _TARGET}
    for name, text in units.items():
        disk.write(root, f"/etc/systemd/system/{name}", text)
    for path, text in python.links.items():
        disk.write(root, path, text)
    binds = {f"{HERE}/code/tests": _TESTS, f"{HERE}/out": f"{folder}/out"}
    if python.bound:
        binds["/opt/python"] = python.bound
    boot = {
        "layers": {path: packages.layer(path, disk.wanted(plan.world, path)) for path in plan.world.venvs},
        "kept": list(plan.world.supplied),
        "binds": binds,
        "modes": [(mode.path, mode.mode, *accounts.owner(mode.owner)) for mode in plan.modes],
    }
    Path(folder, "boot.json").write_text(json.dumps(boot), encoding="utf-8")
    Path(folder, "out/task.json").write_text(json.dumps(_task(plan)), encoding="utf-8")


def _task(plan: Plan) -> dict[str, object]:
    """What the driver is to do."""
    return {
        "starts": [unit for unit in plan.starts if unit != "enabled"] or disk.services(plan.world),
        "enabled": "enabled" in plan.starts,
        "actions": list(plan.actions),
        "sites": [(site.host, _pages(site)) for site in plan.world.sites],
    }


def _pages(site: Site) -> list[str]:
    wanted = (*(site.requests or ("/",)), site.static, *site.secrets, *site.closed)
    return [page for page in dict.fromkeys(wanted) if page]


def boot(folder: str, program: tuple[str, ...]) -> int:
    """Boot what `folder` holds, and end it when the driver has reported or `program` has ended; return the status
    of `program`, 0 where it still ran."""
    with open(f"{folder}/console", "wb") as console, _cgroup() as group:
        enter = f'echo $$ > "{group}/cgroup.procs" && exec "$@"'
        python = [sys.executable, "-I", "-S", _BOOT, folder]
        started = subprocess.Popen(
            ["/bin/sh", "-c", enter, "sh", *UNSHARE, *python, *program],
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=console,
            start_new_session=True,
        )
        until = time.monotonic() + BOUND
        try:
            while time.monotonic() < until and not os.path.exists(f"{folder}/out/report.json"):
                with suppress(subprocess.TimeoutExpired):
                    return started.wait(0.02)
            return 0
        finally:
            with suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGKILL)
            started.wait(5)


@contextmanager
def _cgroup() -> Iterator[str]:
    """A control group of its own, which is taken away with all that is left in it."""
    group = tempfile.mkdtemp(prefix=f"flasklint-{os.getpid()}-", dir=cgroups())
    try:
        yield group
    finally:
        with suppress(OSError):
            Path(group, "cgroup.kill").write_text("1")
        until = time.monotonic() + 5
        while os.path.isdir(group) and time.monotonic() < until:
            for below, _, _ in os.walk(group, topdown=False):
                with suppress(OSError):
                    os.rmdir(below)
            time.sleep(0.01)
