"""Finding the files that make a Flask object, where no spec names one."""

from ...tree import Tree

_MAX_FILES = 400
_ASIDE = frozenset({"tests", "test", "testing", "docs", "doc", "examples", "example", "migrations"})


def creates_flask(tree: Tree) -> list[str]:
    """Return the Python files that contain `Flask(`, those nearest to the root first.

    At most 400 files are looked into; tests, documentation, examples and migrations are passed over.
    """
    paths = [path for path in tree.paths if path.endswith(".py") and not _is_aside(path)]
    paths.sort(key=lambda path: (path.count("/"), path))
    return [path for path in paths[:_MAX_FILES] if tree.contains(path, b"Flask(")]


def _is_aside(path: str) -> bool:
    *folders, name = path.split("/")
    return name.startswith("test_") or name == "conftest.py" or not _ASIDE.isdisjoint(folders)
