"""Which files are for development, as their names tell."""

from ..tree import Tree

_NOT_FOR_PRODUCTION = frozenset(
    {"dev", "devel", "develop", "development", "local", "test", "tests", "testing", "debug", "override", "ci",
     "example", "examples", "sample", "demo"}
)  # fmt: skip
_PRODUCTION = frozenset(["prod", "production", "live", "deploy", "release"])


def for_development(path: str, tree: Tree) -> bool:
    """Whether a file (relative to the root) is not for production: by its own name or a folder's, or
    because it is a compose file with a `.prod` sibling."""
    if not _NOT_FOR_PRODUCTION.isdisjoint(_words(path)):
        return True
    folder, _, name = path.rpartition("/")
    if "compose" not in name:
        return False
    siblings = (other for other in tree.names(folder) if "compose" in other and other != name)
    return _PRODUCTION.isdisjoint(_words(name)) and any(not _PRODUCTION.isdisjoint(_words(s)) for s in siblings)


def _words(path: str) -> list[str]:
    return path.lower().replace("-", ".").replace("_", ".").replace("/", ".").split(".")
