"""Finding the files that make a Flask object, where no spec names one."""

from collections.abc import Iterator
from itertools import islice

from ...tree import Tree

_MAX_FILES = 400
_ASIDE = frozenset({"tests", "test", "testing", "docs", "doc", "examples", "example", "migrations"})


def creates_flask(tree: Tree) -> list[str]:
    """Return the Python files that contain `Flask(`, those nearest to the root first.

    At most 400 files are looked into; tests, documentation, examples and migrations are passed over.
    """
    return [path for path in islice(_sources(tree), _MAX_FILES) if tree.contains(path, b"Flask(")]


def _sources(tree: Tree) -> Iterator[str]:
    """The Python files, those nearest to the root first."""
    for folder in sorted(tree.folders(), key=lambda folder: (folder.count("/") + bool(folder), f"{folder}/")):
        if _ASIDE.isdisjoint(folder.split("/")):
            start = f"{folder}/" if folder else ""
            for name in sorted(name for name in tree.names(folder) if name.endswith(".py")):
                if not name.startswith("test_") and name != "conftest.py" and tree.is_file(start + name):
                    yield start + name
