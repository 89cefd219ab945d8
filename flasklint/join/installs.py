"""Whether something other than the requirements installs a distribution."""

import re

from ..tree import MAX_SEARCHED, Tree

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
        if (
            tree.contains(path, name.encode())
            and (source := tree.read(path, MAX_SEARCHED))
            and _pattern(name).search(source.text)
        ):
            return True
    return False


def _pattern(name: str) -> re.Pattern[str]:
    word = rf"(?:python3?-)?{re.escape(name)}\d?\b"
    return re.compile(
        rf"(?:install|add|pipx|apk|inject|name=|name:|pkg)[^\n#;|&]*[\s'\"=,\[]{word}"
        rf"|^\s*-\s+['\"]?{word}(?:\[[^\]]*\])?(?:[=<>~!][^\n]*)?['\"]?\s*$"
        rf"|(?:install|add)(?:[^\n]*\\\n)+[^\n]*\b{word}",
        re.M,
    )
