"""Finding modules in the tree as Python's import would.

The order within one folder of sys.path is that of importlib's path finder: a package with
`__init__.py`, then `name.py`, and last, over all folders together, a namespace package
(https://docs.python.org/3/reference/import.html).
"""

from collections.abc import Iterator, Sequence

from ...record import Record
from ...tree import Tree

_DISTRIBUTION_FILES = ("pyproject.toml", "setup.py", "setup.cfg")
_DISTRIBUTION_TABLES = (b"[project]", b"[build-system]", b"[tool.poetry]", b"[metadata]", b"[options")
_BINARY_SUFFIXES = (".so", ".pyd", ".pyc")


class Module(Record):
    """A module of the tree. `path` is its file, empty for a namespace package. `folders` is the
    package's `__path__`; empty for a plain module."""

    name: str
    path: str
    folders: tuple[str, ...] = ()


class Missing(Record):
    """A module that is not there. `name` is the first dotted part that was not found.

    `why` is set where it may be there all the same: then nothing is proved.
    """

    name: str
    why: str = ""


def find(dotted: str, tree: Tree, search: Sequence[str]) -> Module | Missing:
    """Find `a.b.c` below the search folders ('' is the root of the tree)."""
    first, *rest = dotted.split(".")
    module = find_in(first, first, tree, search)
    if isinstance(module, Missing):
        module = _installed(first, tree) or module
    for part in rest:
        if isinstance(module, Missing):
            break
        module = child(module, part, tree)
    return module


def child(parent: Module, part: str, tree: Tree) -> Module | Missing:
    """Find a submodule of a package; a plain module has none."""
    return find_in(f"{parent.name}.{part}", part, tree, parent.folders)


def parents(dotted: str, tree: Tree, search: Sequence[str]) -> Iterator[Module]:
    """Return the packages above a module, whose `__init__` runs before it."""
    parts = dotted.split(".")
    for end in range(1, len(parts)):
        module = find(".".join(parts[:end]), tree, search)
        if isinstance(module, Module) and module.path:
            yield module


def find_in(dotted: str, name: str, tree: Tree, folders: Sequence[str]) -> Module | Missing:
    portions: list[str] = []
    why = ""
    if not name or "/" in name or "\\" in name:
        return Missing(dotted)
    for folder in folders:
        base = _join(folder, name)
        if tree.is_file(f"{base}/__init__.py"):
            return Module(dotted, f"{base}/__init__.py", (base,))
        binary = _binary(name, folder, tree)
        if binary:
            return Missing(dotted, f"{binary} is compiled")
        if tree.is_file(f"{base}.py"):
            return Module(dotted, f"{base}.py")
        if tree.is_folder(base):
            portions.append(base)
        why = why or _hidden(base, tree)
    if any(tree.names(portion) for portion in portions):
        return Module(dotted, "", tuple(portions))
    if portions:
        why = f"the folder {portions[0]} is empty here"
    return Missing(dotted, why)


def _installed(name: str, tree: Tree) -> Module | Missing | None:
    """Find a top-level module that a distribution of the tree installs (`pip install .`)."""
    found = {}
    for path in (path for file in _DISTRIBUTION_FILES for path in tree.named(file)):
        if path.endswith((".toml", ".cfg")) and not tree.contains(path, *_DISTRIBUTION_TABLES):
            continue
        home = path.rpartition("/")[0]
        for folder in (home, _join(home, "src"), _join(home, "lib")):
            module = find_in(name, name, tree, (folder,))
            if isinstance(module, Module) and module.path:
                found[module.path] = module
    if len(found) > 1:
        return Missing(name, f"several distributions here hold a module {name}")
    return next(iter(found.values()), None)


def _binary(name: str, folder: str, tree: Tree) -> str:
    names = tree.names(folder)
    return next((file for file in names if file.startswith(f"{name}.") and file.endswith(_BINARY_SUFFIXES)), "")


def _hidden(base: str, tree: Tree) -> str:
    """Tell of a path that is on the disk but not in the input: a symbolic link, an ignored folder."""
    hidden = next((path for path in (base, f"{base}.py") if tree.is_hidden(path)), "")
    return f"{hidden} is not part of the input" if hidden else ""


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
