"""Many oneshot services on one machine, and what each wrote to its standard output."""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ..world import World
from . import disk, judge
from .plan import Plan

_OUT = f"{judge.HERE}/out"
_SERVICE = """[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
StandardOutput=file:{out}/{name}
StandardError=null
{settings}
"""
_LAST = """[Unit]
DefaultDependencies=no
SuccessAction=exit-force
After={names}
[Service]
Type=oneshot
ExecStart=/bin/touch {out}/report.json
"""


def run(services: Mapping[str, str], files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Start services, given by the lines of their [Service] section, on a machine that has `files`.

    Returns what each of them that began to run wrote.
    """
    names = " ".join(f"{name}.service" for name in services)
    units = {name: _SERVICE.format(name=name, out=_OUT, settings=settings) for name, settings in services.items()}
    supplied = {f"/etc/systemd/system/{name}.service": text for name, text in units.items()}
    supplied["/etc/systemd/system/last.service"] = _LAST.format(names=names, out=_OUT)
    supplied["/etc/systemd/system/reality.target"] = f"[Unit]\nDefaultDependencies=no\nWants={names} last.service\n"
    with tempfile.TemporaryDirectory(prefix=f"machine-{os.getpid()}-") as folder:
        for name in ("layer", "mnt", "out"):
            os.mkdir(f"{folder}/{name}", 0o755)
        disk.lay_out(Plan(World("oneshots", {}, {}, {}, (), supplied)), f"{folder}/layer")
        for path, data in files.items():
            target = Path(f"{folder}/layer{path}")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        boot = {"layers": {}, "kept": [], "binds": {_OUT: f"{folder}/out"}, "modes": []}
        Path(folder, "boot.json").write_text(json.dumps(boot), encoding="utf-8")
        judge.boot(folder, judge.SYSTEMD)
        if not os.path.exists(f"{folder}/out/report.json"):
            console = Path(folder, "console").read_text(errors="replace")
            raise RuntimeError(f"the services did not come to their end: {console[-2000:]}")
        found = {name: Path(folder, "out", name) for name in services}
        return {name: path.read_bytes() for name, path in found.items() if path.exists()}
