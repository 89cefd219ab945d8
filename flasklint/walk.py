"""The listing of a tree: what lies below its root, and what of that is passed over."""

import os
import stat
from collections.abc import Callable, Iterable

from .filenames import HOST_SKIPPED, OWN_FILES, SHOWN_FOLDERS, SKIPPED_FOLDERS
from .gitignore import Gitignore, Ignores
from .links import resolve

Excluder = Callable[[str, bool], bool]


class Walk:
    """Files and folders below `root`, by their path relative to it. Only what `given` names is looked at.

    `odd` is what cannot be read, and why; `links` are symbolic links to visible places, and where they end;
    `excluded` tells of an absolute path, and whether it is a folder, that the user leaves it out;
    `ignored` are the files and folders (with a `/`) that git leaves out, unless `gitignore` is None.
    """

    def __init__(
        self,
        root: str,
        given: Iterable[str],
        *,
        is_host: bool,
        gitignore: Gitignore | None,
        excluded: Excluder | None = None,
    ) -> None:
        self.root = root
        self.is_host = is_host
        self.given = tuple(given)
        self.gitignore = gitignore
        self._excluded = excluded
        self.files: dict[str, None] = {}
        self.folders: dict[str, list[str]] = {"": []}
        self.odd: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.ignored: list[str] = []
        self._walked: set[str] = set()  # folders of which everything was looked at
        self._left_out: set[str] = set()  # what in them is passed over
        self._has_patterns = False  # whether git leaves out anything at all
        self._skipped = HOST_SKIPPED if is_host else SKIPPED_FOLDERS
        for path in self.given:
            self._add(path)

    def is_hidden(self, path: str) -> bool:
        """Tell of a path that is on the disk, or would be, but not in the input."""
        if path in self.files or path in self.folders:
            return False
        if self.gitignore and self._has_patterns and self.gitignore.would_hide(path):
            return True
        if path.rpartition("/")[0] in self._walked:
            return path in self._left_out or path in self.odd
        return os.path.lexists(os.path.join(self.root, path))

    def _add(self, path: str) -> None:
        real = os.path.join(self.root, path) if path else self.root
        if os.path.isdir(real):
            self._walk(path, real)
        else:
            self.add_odd(path)
        self._show(path)

    def add_new(self, path: str) -> None:
        """Take a file that is not on the disk yet."""
        self.files[path] = None
        self._show(path)

    def _show(self, path: str) -> None:
        """Make the folders above visible, with nothing else in them."""
        while path:
            parent, _, name = path.rpartition("/")
            names = self.folders.setdefault(parent, [])
            if name not in names and (path in self.files or path in self.folders):
                names.append(name)
            path = parent

    def _walk(self, folder: str, real: str) -> None:
        """List everything below, with a stack: a tree may be deeper than Python recurses."""
        waiting = [(folder, real, self.gitignore.around(folder) if self.gitignore else None)]
        while waiting:
            folder, real, ignores = waiting.pop()
            try:
                with os.scandir(real) as scan:
                    entries = {entry.name: entry for entry in scan}
            except OSError as error:
                self.odd[folder] = reason(error)
                continue
            if not self.is_host and folder not in self.given and "pyvenv.cfg" in entries:
                self._drop(folder)
                continue
            if self.gitignore:
                ignores = self.gitignore.within(folder, real, entries, ignores)
                self._has_patterns = self._has_patterns or ignores is not None
            inner = self._list(folder, [entries[name] for name in sorted(entries)], ignores)
            waiting += [(path, real, ignores) for path, real in reversed(inner)]

    def _list(
        self, folder: str, entries: "Iterable[os.DirEntry[str]]", ignores: Ignores | None
    ) -> list[tuple[str, str]]:
        """Take the files of one folder and return its folders."""
        names = self.folders.setdefault(folder, [])
        self._walked.add(folder)
        start = f"{folder}/" if folder else ""
        inner = []
        for entry in entries:
            name = entry.name
            if name in OWN_FILES:
                continue
            path = start + name
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_folder and (
                name in self._skipped or (name[0] == "." and name not in SHOWN_FOLDERS and not self.is_host)
            ):
                self._left_out.add(path)
                continue
            if self._excluded and self._excluded(entry.path, is_folder):
                self._left_out.add(path)
                continue
            if ignores and ignores.hides(path, folder=is_folder):
                self._left_out.add(path)
                self.ignored.append(f"{path}/" if is_folder else path)
                continue
            if is_folder:
                inner.append((path, entry.path))
            elif entry.is_file(follow_symlinks=False):
                self.files[path] = None
            elif not self.add_odd(path):
                continue
            names.append(name)
        return inner

    def _drop(self, folder: str) -> None:
        parent, _, name = folder.rpartition("/")
        self.folders[parent].remove(name)
        self._left_out.add(folder)

    def add_odd(self, path: str) -> bool:
        """Take a file that is given by name or is a symbolic link, if it is regular and inside the root."""
        try:
            target = resolve(self.root, path, is_host=self.is_host)
            mode = os.stat(os.path.join(self.root, target)).st_mode
        except OSError as error:
            self.odd[path] = reason(error)
            return False
        if stat.S_ISREG(mode):
            self.files[path] = None
            if target != path:
                self.links[path] = target
            return True
        self.odd[path] = "a link to a folder" if stat.S_ISDIR(mode) else "not a regular file"
        return False


def reason(error: Exception) -> str:
    """Say in a few words why something cannot be read."""
    return (getattr(error, "strerror", "") or "cannot be opened").lower()
