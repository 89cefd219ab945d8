"""Where the scripts, playbooks and documents of a tree put Python packages."""

import re
from functools import cache
from typing import Literal

from ..tree import MAX_BYTES, Tree

_PLACES = (".sh", ".bash", ".yml", ".yaml", ".j2", ".md", ".rst", ".txt", "Makefile", "Vagrantfile",
           "fabfile.py", "install", "setup", "deploy", "bootstrap", "provision")  # fmt: skip
_ELSEWHERE = (
    ".github/",
    ".gitlab-ci",
    ".circleci/",
    ".travis",
    "azure-pipelines",
    "Jenkinsfile",
    "docker-compose",
    "compose.",
)
_TRACES = (b"venv", b"virtualenv", b"pip", b"gunicorn", b"python3-flask", b"poetry", b"uv sync")
_LIMIT = 400
_MOST_TEXT = 1_000_000  # characters


def packages(tree: Tree) -> Literal["venv", "system", "unknown"]:
    """Tell whether packages go into a virtual environment or into the system's Python.

    One sign of the latter outweighs all of the former: the question is whether a program outside
    of a virtual environment can find its packages. Images and the runs of a CI are machines of
    their own and say nothing.
    """
    found: Literal["venv", "unknown"] = "unknown"
    seen = size = 0
    for path in tree.paths:
        if not path.endswith(_PLACES) or any(word in path for word in _ELSEWHERE):
            continue
        seen += 1
        if seen > _LIMIT:
            return "system"  # too much to read: believe the best
        if not tree.contains(path, *_TRACES):
            continue
        data = tree.head(path, MAX_BYTES + 1)
        text = data.decode(errors="replace")
        size += len(text)
        if len(data) > MAX_BYTES or size > _MOST_TEXT:
            return "system"
        isolated = _isolated().search(text) is not None
        if _system_wide(path, text, isolated):
            return "system"
        found = "venv" if isolated else found
    return found


def _system_wide(path: str, text: str, isolated: bool) -> bool:
    if _for_all().search(text):
        return True
    if isolated:
        return False
    if path.endswith((".yml", ".yaml")):
        return _pip_module().search(text) is not None
    return path.endswith((".sh", ".bash")) and re.search(r"pip3? install", text) is not None


@cache
def _isolated() -> re.Pattern[str]:
    """Signs of a virtual environment."""
    return re.compile(
        r"-m (?:venv|virtualenv)\b|\bvirtualenv[ \t:]+\S|\bmkvirtualenv\b|\buv (?:venv|sync)\b"
        r"|/bin/activate\b|\bpoetry install\b|\bpipenv (?:install|sync)\b|env/bin/(?:pip|python)"
    )


@cache
def _for_all() -> re.Pattern[str]:
    """Signs of packages for the whole system."""
    return re.compile(
        r"sudo (?:-\w{1,20} ){0,8}(?:python3? -m )?pip3? install|--break-system-packages|PIP_BREAK_SYSTEM_PACKAGES"
        r"|pip3? install [^\n]{0,80}--user\b"
        r"|(?:apt|apt-get|dnf|yum|apk|pacman|zypper)\b[^\n]{0,300}[ \t](?:python3?-)?(?:flask|gunicorn3?)\b"
        r"|^[ \t]*-[ \t]+['\"]?(?:python3?-(?:flask|gunicorn)|gunicorn3)\b",
        re.M,
    )


@cache
def _pip_module() -> re.Pattern[str]:
    """Ansible's pip module (its `virtualenv:` would be a sign of the other kind), or a pip command."""
    return re.compile(r"^[ \t]*(?:-[ \t]+)?(?:ansible\.builtin\.)?pip:|pip3? install", re.M)
