"""Ask systemd's own parser: load many units at once, offline, and read what it understood.

`systemd --test` dumps every unit it loaded; as root it prints nothing, so it runs as nobody. Needs no
running systemd.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.programs import SYSTEMD

NOBODY = 65534


class Understood(NamedTuple):
    """One unit as systemd dumps it: `state` is "loaded", "bad-setting", "error", ..."""

    state: str
    commands: dict[str, list[list[str]]]
    settings: dict[str, list[str]]

    def last(self, key: str) -> str | None:
        return self.settings[key][-1] if key in self.settings else None


class Answer(NamedTuple):
    units: dict[str, Understood]
    messages: dict[str, list[tuple[int, str]]]  # path relative to the folder: (line, message)
    log: str


def ask(files: Mapping[str, str | bytes]) -> Answer:
    """Let systemd load units and drop-ins given by their path in the unit folder."""
    folder = tempfile.mkdtemp(prefix="units-")
    try:
        units = [name for name in files if "/" not in name]
        _write(folder, {**files, "probe.target": f"[Unit]\nWants={' '.join(units)}\n"})
        return _read(_run(folder), folder)
    finally:
        shutil.rmtree(folder)


def _write(folder: str, files: Mapping[str, str | bytes]) -> None:
    os.chmod(folder, 0o755)
    for name, content in files.items():
        path = Path(folder, name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def _run(folder: str) -> tuple[str, str]:
    runtime = os.path.join(folder, "run")
    os.mkdir(runtime, 0o700)
    as_root = os.getuid() == 0
    if as_root:
        os.chown(runtime, NOBODY, NOBODY)
    done = subprocess.run(
        [SYSTEMD, "--test", "--system", "--no-pager", "--unit=probe.target"],
        env={
            "XDG_RUNTIME_DIR": runtime,
            "SYSTEMD_UNIT_PATH": f"{folder}:",
            "HOME": "/root",
            "SYSTEMD_LOG_COLOR": "0",
        },
        capture_output=True,
        timeout=120,
        check=False,
        **({"user": NOBODY, "group": NOBODY, "extra_groups": []} if as_root else {}),
    )
    return done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def _read(output: tuple[str, str], folder: str) -> Answer:
    dump, log = output
    units: dict[str, Understood] = {}
    for block in re.split(r"(?m)^\t?-> Unit ", dump)[1:]:
        name = block.partition(":\n")[0]
        units[name] = _unit(block)
    messages: dict[str, list[tuple[int, str]]] = {}
    for path, line, message in re.findall(rf"(?m)^{re.escape(folder)}/(\S+?):(\d+): (.*)$", log):
        messages.setdefault(path, []).append((int(line), message))
    return Answer(units, messages, log)


def _unit(block: str) -> Understood:
    settings: dict[str, list[str]] = {}
    commands: dict[str, list[list[str]]] = {}
    key = ""
    for line in block.split("\n"):
        head = line.strip(" \t")  # nothing else is a blank to systemd
        if head.startswith("-> Exec"):
            key = head[3:].rstrip(":")
        elif head.startswith("Command Line: "):
            commands.setdefault(key, []).append(_words(head[14:]))
        elif line.startswith("\t") and ": " in head:
            name, _, value = line.lstrip("\t").partition(": ")
            settings.setdefault(name, []).append(value)
    return Understood((settings.get("Unit Load State") or ["?"])[0], commands, settings)


def _words(text: str) -> list[str]:
    """Undo systemd's quoting: a word with anything odd in it stands in double quotes, escaped as in C."""
    found = re.findall(r'"((?:[^"\\]|\\.)*)"|([^ \t]+)', text)
    return [
        bare or re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), quoted) for quoted, bare in found
    ]


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
