"""The input as a tree of files: what exists, and one read per file.

Nothing outside the given root is ever opened: neither through `..`, nor through an absolute path,
nor through a symbolic link. Only regular files are read; a FIFO or a device is never waited for.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from posixpath import normpath as _normalized

from .facts import Problem
from .filenames import HOST_SKIPPED, SHOWN_FOLDERS, SKIPPED_FOLDERS
from .links import below, resolve
from .source import Source, decode

MAX_BYTES = 200_000  # of a file that is parsed; the parsers need up to a kilobyte for ten bytes
SMALL = 4096  # a file that is told by its beginning is mostly no longer: it is not opened twice
MAX_SEARCHED = 2_000_000  # of a file that is searched only, or written by a program
MAX_TOTAL = 50_000_000  # of all files together
MAX_NAME = 255  # characters of a file's name; a longer pattern is not looked for
MAX_STARS = 20


def normpath(path: str) -> str:
    """Normalise a path, most of which are: that is told at a tenth of the cost."""
    if "//" not in path and "/." not in path and path[:1] not in ("", ".", "/") and path[-1] != "/":
        return path
    return _normalized(path)


class Tree:
    """Files below `root` (an absolute folder), by their path relative to it with `/`.

    With `only`, nothing but those files and folders (relative paths) is visible. With `is_host` the
    root stands for `/` of a host: absolute links start there, virtual environments are visible.
    `changed` holds what files (absolute paths) are taken to contain, whatever lies on the disk.
    """

    def __init__(
        self, root: str, only: Iterable[str] = ("",), *, is_host: bool = False, changed: dict[str, bytes] | None = None
    ) -> None:
        self.root = os.path.realpath(root)
        self.is_host = is_host
        self.given = tuple("" if path in ("", ".") else normpath(path) for path in only)
        self.problems: list[Problem] = []
        self._changed = changed or {}
        self.odd: dict[str, str] = {}  # what is there and cannot be read, and why
        self.links: dict[str, str] = {}  # symbolic links to visible places, and where they end
        self._prefix = os.path.relpath(self.root)
        self._skipped = HOST_SKIPPED if is_host else SKIPPED_FOLDERS
        self._read: dict[str, Source | None] = {}
        self._small: dict[str, bytes] = {}
        self._total = 0
        self._files: dict[str, None] = {}
        self._folders: dict[str, list[str]] = {"": []}
        self._walked: set[str] = set()  # folders of which everything was looked at
        self._left_out: set[str] = set()  # folders in them that are passed over
        self._by_name: dict[str, list[str]] | None = None
        for path in self.given:
            self._add(path)

    # ------------------------------------------------------------------------------------ listing

    @property
    def paths(self) -> Iterable[str]:
        """Every visible file, sorted within its folder."""
        return self._files

    def is_file(self, path: str) -> bool:
        return normpath(path) in self._files

    def is_folder(self, path: str) -> bool:
        path = normpath(path)
        return ("" if path == "." else path) in self._folders

    def names(self, folder: str) -> list[str]:
        """Names of the files and folders directly in a folder."""
        return self._folders.get(folder, [])

    def folders(self) -> Iterable[str]:
        """Every visible folder; "" is the root."""
        return self._folders

    def named(self, name: str) -> list[str]:
        """Every file with that base name."""
        if self._by_name is None:
            self._by_name = {}
            for path in self._files:
                self._by_name.setdefault(path.rpartition("/")[2], []).append(path)
        return self._by_name.get(name, [])

    def glob(self, pattern: str) -> Iterator[str]:
        """Files that match a relative pattern, `*` not crossing `/`, in bytewise order."""
        parts = normpath(pattern).split("/")
        if pattern.count("*") > MAX_STARS or any(len(part) > MAX_NAME for part in parts):
            return iter(())
        folders = [""]
        for part in parts[:-1]:
            folders = [
                child
                for folder in folders
                for name in self.names(folder)
                if fnmatchcase(name, part) and (child := f"{folder}/{name}" if folder else name) in self._folders
            ]
        found = [f"{folder}/{name}" if folder else name for folder in folders for name in self.names(folder)
                 if fnmatchcase(name, parts[-1]) and (parts[-1][:1] == "." or name[:1] != ".")]  # fmt: skip
        return iter(sorted(path for path in found if path in self._files))

    # ------------------------------------------------------------------------------------ reading

    def read(self, path: str, most: int = MAX_BYTES) -> Source | None:
        """Return the file, read once; None where it is not visible, cannot be read as text or has
        more than `most` bytes."""
        path = normpath(path)
        if path not in self._read:
            self._read[path] = self._open(path, most) if path in self._files else None
        return self._read[path]

    def head(self, path: str, size: int = SMALL) -> bytes:
        """Return the first bytes of a visible file, for telling its kind; empty where unreadable."""
        path = normpath(path)
        if path not in self._files:
            return b""
        try:
            data = self._bytes(path, size)
        except (OSError, ValueError) as error:
            self.odd[path] = _reason(error)
            return b""
        if len(data) < size <= SMALL:
            self._small[path] = data
        return data

    def size(self, path: str) -> int:
        """Return the size of a visible file in bytes, 0 where it cannot be told."""
        try:
            return os.stat(self._real(normpath(path))).st_size if self.is_file(path) else 0
        except (OSError, ValueError):
            return 0

    def contains(self, path: str, *needles: bytes) -> bool:
        """Tell whether a visible file holds one of the byte strings, without decoding it."""
        data = self.head(path, MAX_SEARCHED + 1)
        found = len(data) <= MAX_SEARCHED and any(needle in data for needle in needles)
        if found and len(data) < SMALL:  # it matters: somebody will read it
            self._small[normpath(path)] = data
        return found

    def is_hidden(self, path: str) -> bool:
        """Tell of a path that is on the disk but not in the input: an ignored folder, a link out of it."""
        path = normpath(path)
        if path in self._files or path in self._folders:
            return False
        if path.rpartition("/")[0] in self._walked:
            return path in self._left_out or path in self.odd
        return os.path.lexists(os.path.join(self.root, path))

    def shown(self, path: str) -> str:
        """Return the path as people see it: relative to the current directory."""
        shown = normpath(f"{self._prefix}/{path}") if self._prefix != "." else path
        return shown.replace(os.sep, "/")

    def relative(self, real: str) -> str | None:
        """Return the relative path of an absolute one of this machine, None outside the root."""
        return below(self.root, real)

    def path_of(self, source: Source) -> str:
        """Return the relative path of a source, its shown one where it lies outside the root."""
        return self.relative(source.real) or source.path

    def _open(self, path: str, most: int) -> Source | None:
        source = Source(self.shown(path), "", os.path.join(self.root, path))
        try:
            data = self._small.pop(path, None) or self._bytes(path, most + 1)
        except (OSError, ValueError) as error:
            self.unreadable(source, _reason(error))
            return None
        self._total += len(data)
        source.text, codec = decode(data)
        if why := _why_not(source.text, len(data), most, self._total):
            self.unreadable(source, why)
            return None
        source.utf8 = codec != "latin-1"
        source.marked = codec == "utf-8-sig"
        source.target = self._real(path)
        return source

    def unreadable(self, source: Source, why: str) -> None:
        """Note that a file which matters cannot be read."""
        self.problems.append(Problem("flasklint", "unreadable", why, source.whole()))

    def _bytes(self, path: str, size: int) -> bytes:
        """Read a regular file; what became a FIFO since the walk is neither waited for nor read."""
        real = self._real(path)
        if real in self._changed:
            return self._changed[real][:size]
        handle = os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:  # without a file object, which asks the system four times as much
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise OSError(0, "not a regular file")
            return os.read(handle, min(size, status.st_size))
        finally:
            os.close(handle)

    def _real(self, path: str) -> str:
        return os.path.join(self.root, self.links.get(path, path))

    # ------------------------------------------------------------------------------------ walking

    def _add(self, path: str) -> None:
        real = os.path.join(self.root, path) if path else self.root
        if os.path.isdir(real):
            self._walk(path, real)
        else:
            self._add_odd(path)
        while path:  # make the folders above visible, with nothing else in them
            parent, _, name = path.rpartition("/")
            names = self._folders.setdefault(parent, [])
            if name not in names and (path in self._files or path in self._folders):
                names.append(name)
            path = parent

    def _walk(self, folder: str, real: str) -> None:
        """List everything below, with a stack: a tree may be deeper than Python recurses."""
        waiting = [(folder, real)]
        while waiting:
            folder, real = waiting.pop()
            try:
                with os.scandir(real) as scan:
                    entries = sorted(scan, key=lambda entry: entry.name)
            except OSError as error:
                self.odd[folder] = _reason(error)
                continue
            if not self.is_host and folder not in self.given and any(e.name == "pyvenv.cfg" for e in entries):
                self._drop(folder)
                continue
            waiting += reversed(self._list(folder, entries))

    def _list(self, folder: str, entries: "list[os.DirEntry[str]]") -> list[tuple[str, str]]:
        """Take the files of one folder and return its folders."""
        names = self._folders.setdefault(folder, [])
        self._walked.add(folder)
        start = f"{folder}/" if folder else ""
        inner = []
        for entry in entries:
            name = entry.name
            if entry.is_file(follow_symlinks=False):
                self._files[start + name] = None
            elif entry.is_dir(follow_symlinks=False):
                if name in self._skipped or (name[0] == "." and name not in SHOWN_FOLDERS and not self.is_host):
                    self._left_out.add(start + name)
                    continue
                inner.append((start + name, entry.path))
            elif not self._add_odd(start + name):
                continue
            names.append(name)
        return inner

    def _drop(self, folder: str) -> None:
        parent, _, name = folder.rpartition("/")
        self._folders[parent].remove(name)
        self._left_out.add(folder)

    def _add_odd(self, path: str) -> bool:
        """Take a file that is given by name or is a symbolic link, if it is regular and inside the root."""
        try:
            target = resolve(self.root, path, is_host=self.is_host)
            mode = os.stat(os.path.join(self.root, target)).st_mode
        except OSError as error:
            self.odd[path] = _reason(error)
            return False
        if stat.S_ISREG(mode):
            self._files[path] = None
            if target != path:
                self.links[path] = target
            return True
        self.odd[path] = "a link to a folder" if stat.S_ISDIR(mode) else "not a regular file"
        return False


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", "") or "cannot be opened").lower()


def _why_not(text: str, size: int, most: int, total: int) -> str:
    """Say why what was read is not used, empty if it is."""
    if size > most:
        return f"larger than {most // 1000} kB"
    if total > MAX_TOTAL:
        return f"the input holds more than {MAX_TOTAL // 1_000_000} MB to read"
    return "not text (it holds a NUL byte)" if "\0" in text else ""
