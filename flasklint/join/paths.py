"""Paths on the target and paths in the repository.

`WorkingDirectory=/srv/shop` is a folder on a host; `app.py` is a file in the repository. One is
mapped to the other by evidence: the module that the WSGI spec names is there, the last parts of
the paths are the same, the unit lies beside it.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from posixpath import normpath

from ..facts import NO_PATHS
from ..filenames import common_tail, steps
from ..links import below
from ..record import Record
from ..tree import Tree
from ..value import Unknown, Value, has_hole
from .folders import Folders


class Mapped(Record):
    """A folder of the tree that stands for a folder of the target.

    `certain` is False where it was guessed: then nothing may be concluded from what it lacks.
    """

    folder: str | None
    certain: bool


NOT_MAPPED = Mapped(None, False)
_OF_FLASK = ("static", "templates")  # folders of an application, as nobody calls a checkout of a repository


class Mapper:
    """Maps folders of the target to folders of one tree. `flask` are files that create a Flask object, `paths`
    folders of the target whose place on this machine (absolute) the user tells."""

    def __init__(
        self, tree: Tree, flask: list[str], *, root_is_host: bool = False, paths: Mapping[str, str] = NO_PATHS
    ) -> None:
        self._tree = tree
        self._files = flask
        self._flask = Folders(tree, dict.fromkeys(path.rpartition("/")[0] for path in flask))
        self._root_is_host = root_is_host
        self._paths = sorted(paths.items(), key=lambda pair: -len(pair[0]))
        self._held: dict[str, Folders] = {}

    def folder(self, directory: Value[str], near: str, module: str = "") -> Mapped:
        """Map a target folder. `near` is the folder of the file that names it, `module` a dotted
        module (or a relative file) that is expected inside it."""
        path = None if isinstance(directory, Unknown) else directory.value
        told = self._told(path) if path and self._paths else None
        if told is not None:
            return Mapped(told, True) if self._tree.is_folder(told) else NOT_MAPPED
        if self._root_is_host and path and not has_hole(path):
            inside = normpath(path).lstrip("/")
            return Mapped(inside, True) if self._tree.is_folder(inside) else NOT_MAPPED
        holders = self._holders(module) if module else None
        if holders:
            ranked = self._ranked(holders.worth_ranking(path, near), path, near)
            below = self._of_that_name(ranked[0], path)
            if below:
                return Mapped(below, below.rpartition("/")[2] in _OF_FLASK)
            best = [self._rank(folder, path, near)[:2] for folder in ranked[:2]] if len(ranked) > 1 else []
            return Mapped(self._started_in(ranked[0], path), not best or best[0] != best[1])
        return self._by_name(path, near)

    def _told(self, path: str) -> str | None:
        """What the user says that a path of the target is in the tree: the longest folder counts."""
        path = normpath(path)
        for folder, here in self._paths:
            inside = below(folder, path)
            if inside is not None:
                return below(self._tree.root, normpath(f"{here}/{inside}")) or ""
        return None

    def only_application(self, folder: str) -> str | None:
        """The one file of the tree that creates a Flask object, if it lies in the folder or below."""
        below = f"{folder}/" if folder else ""
        return self._files[0] if len(self._files) == 1 and self._files[0].startswith(below) else None

    def _of_that_name(self, folder: str, path: str | None) -> str:
        """A folder without Python below `folder` that the target's path rather means: `/srv/shop/static`."""
        name = (path or "").rstrip("/").rpartition("/")[2]
        below = f"{folder}/{name}".lstrip("/")
        if not name or not self._tree.is_folder(below) or self._has_python(below):
            return ""
        named_so = normpath(f"{self._tree.root}/{folder}").rpartition("/")[2] == name
        return "" if named_so else below

    def _started_in(self, folder: str, path: str | None) -> str:
        """The folder a server starts in for a module below `folder`: that of the project for a `src` layout."""
        project, _, last = folder.rpartition("/")
        if last != "src" or (path or "").endswith("/src"):
            return folder
        names = self._tree.names(project)
        return project if any(name in names for name in ("pyproject.toml", "setup.py", "setup.cfg")) else folder

    def file(self, path: str, directory: Value[str], folder: str | None) -> str | None:
        """Map a file of the target, given the folder that stands for its working directory."""
        if not path or has_hole(path) or path.startswith("~"):
            return None
        told = self._told(path) if path.startswith("/") else None
        if told is not None:
            return told if self._tree.is_file(told) else None
        if path.startswith("/"):
            base = None if isinstance(directory, Unknown) else directory.value.rstrip("/")
            if self._root_is_host:
                candidate = path.lstrip("/")
            elif folder is not None and base and path.startswith(base + "/"):
                candidate = f"{folder}/{path[len(base) + 1 :]}"
            else:
                return self._unique(path)
        elif folder is None:
            return self._unique(path)
        else:
            candidate = f"{folder}/{path}"
        candidate = normpath(candidate).lstrip("/")
        return candidate if self._tree.is_file(candidate) else None

    def _unique(self, path: str) -> str | None:
        found = self._tree.named(path.rpartition("/")[2])
        return found[0] if len(found) == 1 else None

    def _holders(self, module: str) -> Folders:
        """Folders from which the module (or file) can be had."""
        if module not in self._held:
            self._held[module] = Folders(self._tree, dict.fromkeys(self._holding(module)))
        return self._held[module]

    def _holding(self, module: str) -> Iterator[str]:
        if module.endswith(".py"):
            yield from self._above(module.lstrip("./"))
            return
        first, _, rest = module.partition(".")
        if not rest:
            yield from (path.rpartition("/")[0] for path in self._tree.named(f"{first}.py"))
        for package in self._packages.get(first, ()):
            yield package.rpartition("/")[0]
        if rest:
            tail = module.replace(".", "/")
            yield from self._above(f"{tail}.py")
            yield from self._above(f"{tail}/__init__.py")

    def _above(self, tail: str) -> Iterator[str]:
        """Folders below which a file lies at the relative path `tail`."""
        for path in self._tree.named(tail.rpartition("/")[2]):
            if path == tail or path.endswith("/" + tail):
                yield path[: -len(tail)].rstrip("/")

    @cached_property
    def _packages(self) -> dict[str, list[str]]:
        """Every package of the tree by its last name."""
        found: dict[str, list[str]] = {}
        for path in self._tree.named("__init__.py"):
            package = path.rpartition("/")[0]
            found.setdefault(package.rpartition("/")[2], []).append(package)
        return found

    @cached_property
    def _with_python(self) -> Folders:
        return Folders(self._tree, (folder for folder in self._tree.folders() if self._has_python(folder)))

    def _ranked(self, folders: Iterable[str], path: str | None, near: str) -> list[str]:
        folders = list(folders)
        return folders if len(folders) < 2 else sorted(folders, key=lambda folder: self._rank(folder, path, near))

    def _rank(self, folder: str, path: str | None, near: str) -> tuple[int, int, int, str]:
        """Better folders sort first: same last parts, then fewer steps from the unit, then shallow."""
        return (
            -self._common_tail(folder, path),
            steps(folder, near),
            folder.count("/") + bool(folder),
            folder,
        )

    def _common_tail(self, folder: str, path: str | None) -> int:
        if not path:
            return 0
        return common_tail(normpath(f"{self._tree.root}/{folder}").strip("/"), normpath(path).strip("/"))

    def _by_name(self, path: str | None, near: str) -> Mapped:
        """No module to go by: a folder of the same name, else where the one Flask application lies."""
        name = (path or "").rstrip("/").rpartition("/")[2]
        if name and not has_hole(name):
            ranked = self._ranked(self._with_python.called(name), path, near)
            if ranked and self._tree.is_file(f"{ranked[0]}/__init__.py"):
                return Mapped(ranked[0].rpartition("/")[0], False)  # a package rather lies in the directory
            if ranked:
                return Mapped(ranked[0], True)
        if not self._flask:
            return NOT_MAPPED
        nearest = self._flask.near(near)
        ranked = sorted(nearest, key=lambda folder: (steps(folder, near), folder))
        package = self._tree.is_file(f"{ranked[0]}/__init__.py")
        folder = ranked[0].rpartition("/")[0] if package else ranked[0]
        return Mapped(folder, len(self._flask) == 1)

    def _has_python(self, folder: str) -> bool:
        return any(name.endswith(".py") for name in self._tree.names(folder))
