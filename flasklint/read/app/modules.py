"""Finding modules in the tree as Python's import would.

The order within one folder of sys.path is that of importlib's path finder: a package with
`__init__.py`, then `name.py`, and last, over all folders together, a namespace package
(https://docs.python.org/3/reference/import.html).
"""

from collections.abc import Iterator, Sequence

from ...record import Record
from ...tree import Tree, normpath

_DISTRIBUTION_FILES = ("pyproject.toml", "setup.py", "setup.cfg")
_DISTRIBUTION_TABLES = (b"[project]", b"[build-system]", b"[tool.poetry]", b"[metadata]", b"[options")


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


def find(dotted: str, tree: Tree, search: tuple[str, ...]) -> Module | Missing:
    """Find `a.b.c` below the search folders ('' is the root of the tree)."""
    return chain(dotted, tree, search)[0]


def chain(dotted: str, tree: Tree, search: tuple[str, ...]) -> tuple[Module | Missing, list[Module]]:
    """Find a module, and the packages above it that are there."""
    first, dot, rest = dotted.partition(".")
    packages: list[Module] = []
    module = find_in(first, first, tree, search)
    if not isinstance(module, Module):
        module = _installed(first, tree) or module
    for part in rest.split(".") if dot else ():
        if not isinstance(module, Module):
            break
        packages.append(module)
        module = child(module, part, tree)
    return module, packages


def child(parent: Module, part: str, tree: Tree) -> Module | Missing:
    """Find a submodule of a package; a plain module has none."""
    return find_in(f"{parent.name}.{part}", part, tree, parent.folders)


def parents(dotted: str, tree: Tree, search: tuple[str, ...]) -> Iterator[Module]:
    """Return the packages above a module, whose `__init__` runs before it."""
    return (package for package in chain(dotted, tree, search)[1] if package.path)


def find_in(dotted: str, name: str, tree: Tree, folders: tuple[str, ...]) -> Module | Missing:
    """Find a module by the last part of its name in one of the folders, looked for once."""
    key = dotted, folders
    found: Module | Missing | None = tree.memo.get(key)
    if found is None:
        found = tree.memo[key] = _find_in(dotted, name, tree, folders)
    return found


def _find_in(dotted: str, name: str, tree: Tree, folders: Sequence[str]) -> Module | Missing:
    if not name or "/" in name or "\\" in name:
        return Missing(dotted)
    portions: list[str] = []
    why = ""
    there, known = tree.paths, tree.folders()
    for folder in folders:
        base = f"{folder}/{name}" if folder else name
        if folder not in known:
            base = normpath(base)
        is_folder = base in known
        if is_folder and (file := f"{base}/__init__.py") in there:
            return Module(dotted, file, (base,))
        for file in tree.compiled(folder):
            if file.startswith(f"{name}."):
                return Missing(dotted, f"{file} is compiled")
        if (file := f"{base}.py") in there:
            return Module(dotted, file)
        if is_folder:
            portions.append(base)
        why = why or _hidden(base, tree)
    if any(tree.names(portion) for portion in portions):
        return Module(dotted, "", tuple(portions))
    if portions:
        why = f"the folder {portions[0]} is empty here"
    return Missing(dotted, why)


def _installed(name: str, tree: Tree) -> Module | Missing | None:
    """Find a top-level module that a distribution of the tree installs (`pip install .`), looked for once."""
    if (None, name) not in tree.memo:
        tree.memo[None, name] = _brought(name, tree)
    found: Module | Missing | None = tree.memo[None, name]
    return found


def _brought(name: str, tree: Tree) -> Module | Missing | None:
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


def _hidden(base: str, tree: Tree) -> str:
    """Tell of a path that is on the disk but not in the input: a symbolic link, an ignored folder."""
    hidden = next((path for path in (base, f"{base}.py") if tree.is_hidden(path)), "")
    return f"{hidden} is not part of the input" if hidden else ""


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
