"""What distributions a project asks for: requirement files, project metadata and lock files.

Formats: pip's requirement files (https://pip.pypa.io/en/stable/reference/requirements-file-format/),
PEP 508 requirements, PEP 621/735 `pyproject.toml`, Poetry, `setup.cfg`, `setup.py`, Pipfile, conda's
`environment.yml`, and the lock files of uv, Poetry, PDM and Pipenv.
"""

from collections.abc import Sequence
from posixpath import join, normpath

from ..facts import Requirement, Requirements
from ..source import Source
from ..tree import MAX_SEARCHED, Tree
from .requirement_lines import requirement, requirement_lines

_MAX_INCLUDES = 30

Read = tuple[list[Requirement], bool]


def read(paths: Sequence[str], tree: Tree) -> tuple[Requirements, ...]:
    """Read the given files, one result per folder; a folder "requirements" counts as its parent."""
    folders: dict[str, list[str]] = {}
    for path in paths:
        folder = path.rpartition("/")[0]
        if folder.rpartition("/")[2] == "requirements":
            folder = folder.rpartition("/")[0]
        folders.setdefault(folder, []).append(path)
    found = (_Folder(folder, tree).read(sorted(files, key=_rank)) for folder, files in sorted(folders.items()))
    return tuple(one for one in found if one.files or not one.complete)


def _rank(path: str) -> tuple[bool, str]:
    """What a server installs comes first: `requirements.txt` before `requirements-dev.txt`."""
    return any(word in path.rpartition("/")[2].lower() for word in ("dev", "test", "lint", "doc")), path


class _Folder:
    """Collects the requirements of one folder, each file once."""

    def __init__(self, folder: str, tree: Tree) -> None:
        self.folder = folder
        self.tree = tree
        self.files: dict[str, Source] = {}
        self.wanted: list[Requirement] = []
        self.complete = True

    def read(self, paths: list[str]) -> Requirements:
        for path in paths:
            self._add(path)
        return Requirements(self.folder, tuple(self.files.values()), tuple(self.wanted), self.complete)

    def _add(self, path: str) -> None:
        if path in self.files:
            return
        source = self.tree.read(path, MAX_SEARCHED)
        if source is None or len(self.files) >= _MAX_INCLUDES:
            self.complete = False
            return
        if path.endswith((".txt", ".in", ".pip")):
            self.files[path] = source
            self._pip(path, source)
            return
        known = _metadata(path.rpartition("/")[2], source)
        if known is not None:
            self.files[path] = source
            self.wanted += known[0]
            self.complete &= known[1]

    def _pip(self, path: str, source: Source) -> None:
        """Read pip's format, following `-r` within the tree. A `-c` only limits, it asks for nothing."""
        home = path.rpartition("/")[0]
        for line in requirement_lines(source):
            if line.option in ("-r", "--requirement"):
                self._add_relative(home, line.argument)
            elif line.option in ("", "-e", "--editable"):
                found = requirement(line.argument or line.at.text, line.at)
                self.wanted += [found] if found else []
                self.complete &= found is not None

    def _add_relative(self, home: str, target: str) -> None:
        path = normpath(join(home, target))
        if "://" in target or target.startswith("/") or not self.tree.is_file(path):
            self.complete = False
        else:
            self._add(path)


def _metadata(name: str, source: Source) -> Read | None:
    """Read a file that is no list of lines; the modules for it are loaded only now."""
    if name in ("pyproject.toml", "Pipfile"):
        from . import project_files

        return project_files.pyproject(source) if name == "pyproject.toml" else project_files.pipfile(source)
    if name in ("setup.cfg", "setup.py"):
        from . import project_files

        return project_files.setup_cfg(source) if name == "setup.cfg" else project_files.setup_py(source)
    if name.endswith((".yml", ".yaml")):
        from .project_files import conda

        return conda(source)
    from . import lockfiles

    return lockfiles.pipfile_lock(source) if name == "Pipfile.lock" else lockfiles.toml_lock(source)
