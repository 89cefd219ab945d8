"""Whether something other than the requirements installs a distribution."""

import re
from functools import cache

from ..tree import MAX_BYTES, Tree

_SUFFIXES = (".sh", ".bash", ".yml", ".yaml", ".j2", ".md", ".rst", ".txt", ".toml", ".cfg", ".tf", ".ps1", ".bat",
             ".fabfile", ".py", ".nix", ".json")  # fmt: skip
_NAMES = (
    "Dockerfile",
    "Containerfile",
    "Makefile",
    "Vagrantfile",
    "Procfile",
    "Jenkinsfile",
    "setup",
    "install",
)
_LIMIT = 400
_NEAR = 2000  # characters of a command that are looked at
_MOST_NAMED = 100
_BEFORE = " \t\r\n\f\v'\"=,["


def installs(tree: Tree, name: str, *, images: bool = True) -> bool:
    """Tell whether a script, playbook, image or document of the tree installs distribution `name`.

    Looks for the name after an installer's word (`pip install`, `apt-get install`, `pipx`, ...) or
    as an item of a YAML list. Generous on purpose: a hint is enough to stay silent. Without
    `images` Dockerfiles do not count: a platform that runs a Procfile builds none of them.
    """
    seen = 0
    for path in tree.paths:
        base = path.rpartition("/")[2]
        if not (base.endswith(_SUFFIXES) or base.startswith(_NAMES)) or base.startswith("test_"):
            continue
        if base.endswith(".py") and base not in ("fabfile.py", "tasks.py", "setup.py"):
            continue
        if not images and base.startswith(("Dockerfile", "Containerfile")):
            continue
        seen += 1
        if seen > _LIMIT:
            return True
        if tree.contains(path, name.encode()):
            data = tree.head(path, MAX_BYTES + 1)
            if len(data) > MAX_BYTES or _installs(data.decode(errors="replace"), name):
                return True
    return False


def _installs(text: str, name: str) -> bool:
    """Tell whether a text installs a distribution; one that names it very often surely does."""
    for count, found in enumerate(_word(name).finditer(text)):
        if count == _MOST_NAMED:
            return True
        before = text[max(0, found.start() - _NEAR) : found.start()]
        if _follows_installer(before) or _is_item(before, text[found.end() : found.end() + _NEAR]):
            return True
    return False


def _follows_installer(before: str) -> bool:
    """Whether an installer's word stands before it in its command, `\\` at the ends of lines included."""
    if not before or before[-1].isalnum() or before[-1] == "_":
        return False
    *above, line = before.rsplit("\n", 30)
    if before[-1] in _BEFORE:
        line = line or (above[-1] if above else "")
        if _installer().search(_command(line)):
            return True
    while above and above[-1].endswith("\\"):
        if "install" in (line := above.pop()) or "add" in line:
            return True
    return False


def _command(line: str) -> str:
    """Return the last command of a line: what follows `#`, `;`, `|` and `&`."""
    return line[max(map(line.rfind, "#;|&")) + 1 :]


def _is_item(before: str, after: str) -> bool:
    """Whether it is an item of a list, `- name[extra]>=1`, alone on its line."""
    start = before.rpartition("\n")[2].strip().rstrip("'\"")
    rest = after.partition("\n")[0].strip().rstrip("'\"")
    return start.rstrip() == "-" and (not rest or rest[0] in "[=<>~!")


@cache
def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?:python3?-)?{re.escape(name)}\d?\b")


@cache
def _installer() -> re.Pattern[str]:
    return re.compile(r"install|add|pipx|apk|inject|name=|name:|pkg")
