"""Runs under the machine's systemd: starts everything, does what is to be done, asks for pages.

    python -m tests.reality.machine.driver FOLDER

FOLDER/out/task.json says what is to be done (`judge._task`), FOLDER/out/report.json says what was seen, and
FOLDER/out/failure why there is no report. Only the standard library is there.
"""

import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from glob import glob
from pathlib import Path
from typing import Any

from .. import ask, listening, symptoms

PATIENCE = 10.0  # seconds for a service to answer or to end, or for a page, on a busy machine too
_UP = "/is-it-up"
_SHOWN = "Id,LoadState,ActiveState,SubState,Result,ExecMainCode,ExecMainStatus,NRestarts,ControlGroup,Type"


def main() -> None:
    folder = sys.argv[1]
    ask.TIMEOUT = PATIENCE
    task = json.loads(Path(folder, "out/task.json").read_text(encoding="utf-8"))
    try:
        report = _work(task)
    except Exception:
        Path(folder, "out/failure").write_text(traceback.format_exc(), encoding="utf-8")
        raise
    Path(folder, "out/report").write_text(json.dumps(report), encoding="utf-8")
    os.rename(f"{folder}/out/report", f"{folder}/out/report.json")  # whoever waits for it finds all of it


def _work(task: dict[str, Any]) -> dict[str, Any]:
    nginx = subprocess.run(["nginx", "-t"], capture_output=True, text=True, check=False)
    commands = [_systemctl("start", "nginx.service"), *_start(task["starts"], enabled=task["enabled"])]
    services = [unit for unit in task["starts"] if unit.endswith(".service")]
    hanging = _settle(services)
    for action in task["actions"]:
        time.sleep(1)  # the other workers are up a little after the first one
        if action == "twice":
            list(_ask(task["sites"]))
        else:
            commands.append(_systemctl(*action.split()))
        time.sleep(1)  # what a signal does shows a little later
        hanging = _settle(services)
    for _ in range(3):  # once more, if a service goes down while it is asked
        up = _active(services)
        before = {path: os.path.getsize(path) for path in _logs()}
        pages = list(_ask(task["sites"]))
        if _active(services) == up:
            break
        hanging = _settle(services)
    return {
        "nginx": nginx.stderr if nginx.returncode else "",
        "commands": commands,
        "units": _show([*task["starts"], "nginx.service"]),
        "hanging": hanging,
        "pages": pages,
        "errors": "".join(Path(path).read_text(errors="replace")[before.get(path, 0) :] for path in _logs()),
        "journal": _journal(),
    }


def _start(units: list[str], *, enabled: bool) -> Iterator[tuple[str, int, str]]:
    """Start the units, or enable them and start what the next boot would."""
    if enabled:
        yield _systemctl("enable", *units)
        yield _systemctl("start", "sockets.target", "multi-user.target")
    else:
        yield from (_systemctl("start", unit) for unit in units)


def _systemctl(*words: str) -> tuple[str, int, str]:
    """A command, its status and what it said."""
    done = subprocess.run(["systemctl", *words], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    return " ".join(words), done.returncode, done.stderr + done.stdout


def _show(units: list[str]) -> list[dict[str, str]]:
    if not units:
        return []
    done = subprocess.run(["systemctl", "show", "-p", _SHOWN, *units], capture_output=True, text=True, check=False)
    return [
        dict(line.split("=", 1) for line in text.splitlines()) for text in done.stdout.strip().split("\n\n") if text
    ]


def _active(services: list[str]) -> list[str]:
    return [unit["Id"] for unit in _show(services) if unit["ActiveState"] == "active"]


def _settle(services: list[str]) -> list[str]:
    """Wait until each service answers or has failed; return those that do neither."""
    waiting = list(services)
    until = time.monotonic() + PATIENCE
    since: dict[str, float] = {}
    while waiting and time.monotonic() < until:
        shown = zip(waiting, _show(waiting), strict=True)
        waiting = [name for name, unit in shown if not _settled(unit, since)]
        time.sleep(0.03)
    return waiting


def _settled(unit: dict[str, str], since: dict[str, float]) -> bool:
    """Whether there is nothing to wait for: it is down, or was, or answers, or cannot be reached from here.

    `since` holds when each was first seen to listen.
    """
    if unit["ActiveState"] in ("failed", "inactive") or unit["SubState"] == "auto-restart":
        return True
    if unit["ActiveState"] == "deactivating":  # its last processes may answer still
        return False
    if unit.get("NRestarts", "0") != "0" or unit["SubState"] == "exited":
        return True
    members = list(processes("/sys/fs/cgroup" + unit["ControlGroup"]))
    for address in listening.addresses(members):
        first = since.setdefault(unit["Id"], time.monotonic())
        began = time.monotonic()
        if ask.directly(f"/proc/{members[0]}/root{address}" if address.startswith("/") else address, _UP).status:
            return True
        if time.monotonic() - began < 1 and began - first > 1.5:  # refused at once: another network
            return True
    return unit["Id"] not in since and symptoms.of_bind(unit["Id"], _output(unit["Id"])) is not None


def processes(group: str) -> Iterator[int]:
    """The processes of a control group, which may be taken away meanwhile (os.walk does not mind)."""
    for folder, _, _ in os.walk(group):
        with suppress(OSError):
            yield from map(int, Path(folder, "cgroup.procs").read_text().split())


def _output(unit: str) -> str:
    command = ["journalctl", "--quiet", "--no-pager", "--output=cat", f"--unit={unit}"]
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False).stdout


def _ask(sites: list[tuple[str, list[str]]]) -> Iterator[tuple[str, str, int, dict[str, str], str]]:
    for host, pages in sites:
        for page in pages:
            answer = ask.as_visitor(80, host, page)
            yield host, page, answer.status, answer.headers, answer.body.decode("latin-1")


def _logs() -> list[str]:
    """nginx's error logs; what has no file goes to the journal."""
    return [path for path in glob("/var/log/nginx/*.log") if "access" not in os.path.basename(path)]


def _journal() -> list[tuple[str, str]]:
    """Everything in the journal: the unit that it is about, and the line."""
    command = ["journalctl", "--quiet", "--no-pager", "--output=json"]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    found = []
    for line in done.stdout.splitlines():
        entry = json.loads(line)
        unit = entry.get("UNIT") or entry.get("_SYSTEMD_UNIT") or ""
        message = entry.get("MESSAGE") or ""
        found.append((unit, message if isinstance(message, str) else bytes(message).decode(errors="replace")))
    return found


if __name__ == "__main__":
    main()
