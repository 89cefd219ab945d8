"""Stand-ins for virtual environments: real ones, whose packages are those of the test environment."""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

SCRIPTS = {
    "gunicorn": ("gunicorn", "from gunicorn.app.wsgiapp import run"),
    "waitress-serve": ("waitress", "from waitress.runner import run"),
    "flask": ("flask", "from flask.cli import main as run"),
}
_INTERPRETER = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
LIBRARY = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
EVERYTHING = frozenset({"flask", "gunicorn", "waitress"})
_DELAYS = float(os.environ.get("FLASKLINT_DELAYS", "0"))  # seconds
_DELAYED = """import os, random, time
def late(): time.sleep(max(0, random.uniform(-0.7, 1)) * {seconds})
os.register_at_fork(after_in_child=late)
late()
"""  # four in ten processes are not late: which one is first is what changes


def named_in(text: str) -> frozenset[str]:
    """Which of our distributions a requirements file or pyproject.toml asks for."""
    found = re.findall(r"(?mi)(?:^|[\"'])(flask|gunicorn|waitress)\b(?![-_.]\w)", text)
    return frozenset(name.lower() for name in found)


def wanted(requirements: str | tuple[str, ...], files: Mapping[str, str]) -> frozenset[str]:
    """Which distributions a virtual environment of a `World` holds."""
    if isinstance(requirements, tuple):
        return frozenset(requirements)
    return named_in(files.get(requirements, "")) if requirements else EVERYTHING


def make(folder: str, wanted: Iterable[str], ports: dict[int, int], project: str = "") -> None:
    """Make a virtual environment that holds the wanted distributions and what they need.

    `ports` are the default ports of the servers by the number they have on the target, `project` is a folder
    that is installed as well (editable).
    """
    packages = Path(folder, LIBRARY)
    packages.mkdir(parents=True, exist_ok=True)
    Path(folder, "bin").mkdir(exist_ok=True)
    Path(folder, "pyvenv.cfg").write_text(f"home = {os.path.dirname(_INTERPRETER)}\n")
    for name in ("python", "python3"):
        os.symlink(_INTERPRETER, f"{folder}/bin/{name}")
    wanted = frozenset(wanted)
    for name, source in closure(wanted):
        if not os.path.lexists(packages / name):
            os.symlink(source, packages / name)
    (packages / "reality_ports.py").write_text(f"MAP = {ports}\n")
    (packages / "reality.py").write_text(Path(__file__).with_name("in_venv.py").read_text())
    (packages / "reality.pth").write_text(f"import reality\n{project}\n")
    delay(packages)
    for script, (package, code) in SCRIPTS.items():
        if package in wanted:
            path = Path(folder, "bin", script)
            path.write_text(f"#!{folder}/bin/python\nimport sys\n{code}\nsys.exit(run())\n")
            path.chmod(0o755)


def delay(packages: Path) -> None:
    """Let every process of these packages start a little late, by chance, where FLASKLINT_DELAYS says by how much: a
    test whose outcome depends on who is first is found so."""
    if _DELAYS:
        (packages / "delayed.py").write_text(_DELAYED.format(seconds=_DELAYS))
        (packages / "delayed.pth").write_text("import delayed\n")


def make_system(folder: str) -> None:
    """Programs outside of virtual environments: a shell, `env` and a Python without packages."""
    os.makedirs(folder)
    for name in ("sh", "bash", "env", "cat", "mkdir", "sleep"):
        os.symlink(f"/bin/{name}", f"{folder}/{name}")
    for name in ("python3", "python"):
        path = Path(folder, name)
        path.write_text(f'#!/bin/sh\nexec {_INTERPRETER} -S -E "$@"\n')
        path.chmod(0o755)


@cache
def closure(wanted: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Top-level files and folders of distributions, with those of everything they require."""
    found: dict[str, str] = {}
    waiting, known = list(wanted), set(wanted)
    while waiting:
        try:
            one = distribution(waiting.pop())
        except PackageNotFoundError:
            continue  # required for another Python or system only
        for file in one.files or ():
            top = file.parts[0]
            if top not in ("..", "__pycache__"):
                found[top] = os.path.join(str(one.locate_file("")), top)
        for requirement in one.requires or ():
            name = re.split(r"[^\w.\-]", requirement)[0]
            if "extra ==" not in requirement and name not in known:
                known.add(name)
                waiting.append(name)
    return tuple(sorted(found.items()))
