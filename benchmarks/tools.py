"""The programs that are compared: how each is installed, and how it is asked about a tree."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
# Installed packages get their bytecode, as everywhere else; pip names its own news elsewhere.
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"} | {
    "PIP_DISABLE_PIP_VERSION_CHECK": "1"
}


class Tool(NamedTuple):
    """A program and what it is given: the files that match `reads`, or the tree itself where that is empty."""

    name: str
    command: tuple[str, ...]
    package: str = ""  # what pip installs; empty for a program of the system
    reads: str = ""


FLASKLINT = Tool("flasklint", ("flasklint", "--format", "concise"), str(ROOT))
GIXY_NG = Tool("gixy-ng", ("gixy",), "gixy-ng", "*.conf")
TOOLS = (
    FLASKLINT,
    Tool("gixy-next", ("gixy",), "gixy-next", "*.conf"),
    GIXY_NG,
    Tool("systemd-analyze verify", ("systemd-analyze", "verify", "--man=no"), reads="*.service"),
    Tool("systemdlint", ("systemdlint", "--norootfs"), "systemdlint", "*.service"),
    Tool("ruff --select S", ("ruff", "check", "--no-cache", "--isolated", "--select", "S"), "ruff"),
    Tool("bandit", ("bandit", "-q", "-r"), "bandit"),
    Tool("flake8-flask", ("flake8", "--isolated", "--select", "r2c,E9"), "flake8-flask"),
    Tool(
        "flask-production-mcp",
        ("flask-production-mcp", "audit", "--skip-deps", "--skip-bandit"),
        "flask-production-mcp",
    ),
)
# Written in Python, each looking at one file at a time: together what one would run instead, of two gixys the faster.
SINGLE_FILE = ("gixy-ng", "systemdlint", "bandit", "flake8-flask")


class Installed(NamedTuple):
    """A tool that can be run, and its version."""

    tool: Tool
    program: str
    version: str

    def ask(self, tree: Path) -> list[str]:
        """Return the command that asks the tool about a tree."""
        files = sorted(map(str, tree.rglob(self.tool.reads))) if self.tool.reads else [str(tree)]
        return [self.program, *self.tool.command[1:], *files]


def install(tools: Iterable[Tool], environments: Path) -> list[Installed]:
    """Return the tools that can be run, each in a virtual environment of its own; say which cannot."""
    found = []
    for tool in tools:
        one = _from_pip(tool, environments / tool.name.split()[0]) if tool.package else _from_system(tool)
        if one:
            found.append(one)
        else:
            print(f"{tool.name} cannot be installed here and is left out.", file=sys.stderr)
    return found


def _from_system(tool: Tool) -> Installed | None:
    program = shutil.which(tool.command[0])
    return Installed(tool, program, _output([program, "--version"]).split()[1]) if program else None


def _from_pip(tool: Tool, environment: Path) -> Installed | None:
    """Install what is not there yet; flasklint itself always, because its source changes."""
    program, python = environment / "bin" / tool.command[0], environment / "bin" / "python"
    try:
        if not python.exists():
            _output([sys.executable, "-m", "venv", str(environment)])
        if tool is FLASKLINT or not program.exists():
            _output([str(python), "-m", "pip", "install", "--quiet", tool.package])
        name = tool.name.split()[0]
        version = _output([str(python), "-c", f"import importlib.metadata as m; print(m.version({name!r}))"])
    except subprocess.CalledProcessError as error:
        print(error.stderr.strip(), file=sys.stderr)
        return None
    return Installed(tool, str(program), version.strip())


def _output(command: list[str]) -> str:
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True).stdout
