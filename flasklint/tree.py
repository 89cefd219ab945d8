"""The input as a tree of files: what exists, and one read per file.

Nothing outside the given root is ever opened: neither through `..`, nor through an absolute path,
nor through a symbolic link. Only regular files are read; a FIFO or a device is never waited for.
"""

import os
import stat
from collections.abc import Collection, Iterable, Iterator
from fnmatch import fnmatchcase
from posixpath import normpath as _normalized
from typing import Any

from .facts import Problem
from .gitignore import Gitignore
from .links import below
from .source import Source, decode
from .walk import Excluder, Walk, reason

MAX_BYTES = 200_000  # of a file that is parsed; the parsers need up to a kilobyte for ten bytes
SMALL = 4096  # a file that is told by its beginning is mostly no longer: it is not opened twice
MAX_SEARCHED = 2_000_000  # of a file that is searched only, or written by a program
MAX_TOTAL = 50_000_000  # of all files together
LARGE = 16_000  # of a file whose words count: memory goes by them, up to 700 bytes for one
MAX_WORDS = 220_000  # of all large files together
SEARCHED_WORDS = 5  # of a file up to MAX_SEARCHED count as one
MAX_NAME = 255  # characters of a file's name; a longer pattern is not looked for
MAX_STARS = 20
_IGNORE = b"flasklint: ignore["
_BINARY_SUFFIXES = (".so", ".pyd", ".pyc")
_PIECE = 16_384  # bytes; most files have less, and are read in one go
_HOW = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # no FIFO is waited for


def normpath(path: str) -> str:
    """Normalise a path, most of which are: that is told at a tenth of the cost."""
    if "//" not in path and "/." not in path and path[:1] not in ("", ".", "/") and path[-1] != "/":
        return path
    return _normalized(path)


class Tree:
    """Files below `root` (an absolute folder), by their path relative to it with `/`.

    With `only`, nothing but those files and folders (relative paths) is visible. With `is_host` the
    root stands for `/` of a host: absolute links start there, virtual environments are visible.
    `changed` holds what files (absolute paths) are taken to contain, whatever lies on the disk. With
    `gitignore` what git leaves out is not looked at, unless it is one of `only`; nor is
    what is `excluded` (asked of an absolute path, and whether it is a folder).
    """

    def __init__(
        self,
        root: str,
        only: Iterable[str] = ("",),
        *,
        is_host: bool = False,
        changed: dict[str, bytes] | None = None,
        gitignore: bool = True,
        excluded: Excluder | None = None,
    ) -> None:
        self.root = os.path.realpath(root)
        self.is_host = is_host
        self.given = tuple("" if path in ("", ".") else normpath(path) for path in only)
        self.problems: list[Problem] = []
        self.memo: dict[tuple[object, ...], Any] = {}  # what others worked out of it once and for all
        self._start = os.path.join(self.root, "")
        self._changed = changed or {}
        self._prefix = os.path.relpath(self.root)
        here = below(self.root, os.path.realpath(os.curdir))
        self._here = f"{here}/" if here else ""  # the current folder, where it is inside
        self._read: dict[str, Source | None] = {}
        self._small: dict[str, bytes] = {}
        self._total = self._words = 0
        self._by_name: dict[str, list[str]] | None = None
        self._compiled: dict[str, list[str]] | None = None
        heeded = Gitignore(self.root) if gitignore and not is_host else None
        self._walk = walk = Walk(self.root, self.given, is_host=is_host, gitignore=heeded, excluded=excluded)
        for real in self._changed:
            if (path := below(self.root, real)) and not os.path.lexists(real):
                walk.add_new(path)
        self._files, self._folders = walk.files, walk.folders
        self.odd = self._walk.odd  # what is there and cannot be read, and why
        self.links = self._walk.links  # symbolic links to visible places, and where they end
        self.ignored = self._walk.ignored  # what git leaves out; folders end with `/`
        self.unheeded = heeded.unheeded if heeded else {}  # files of patterns that are left alone, and why

    # ------------------------------------------------------------------------------------ listing

    @property
    def paths(self) -> Collection[str]:
        """Every visible file, sorted within its folder."""
        return self._files

    def is_file(self, path: str) -> bool:
        return path in self._files or normpath(path) in self._files

    def is_folder(self, path: str) -> bool:
        path = normpath(path)
        return ("" if path == "." else path) in self._folders

    def names(self, folder: str) -> list[str]:
        """Names of the files and folders directly in a folder."""
        return self._folders.get(folder, [])

    def folders(self) -> Collection[str]:
        """Every visible folder; "" is the root."""
        return self._folders

    def named(self, name: str) -> list[str]:
        """Every file with that base name."""
        if self._by_name is None:
            self._by_name = {}
            for path in self._files:
                self._by_name.setdefault(path.rpartition("/")[2], []).append(path)
        return self._by_name.get(name, [])

    def compiled(self, folder: str) -> list[str]:
        """Names of the files directly in a folder that Python imports without a source."""
        if self._compiled is None:
            self._compiled = {}
            for path in self._files:
                if path.endswith(_BINARY_SUFFIXES):
                    home, _, name = path.rpartition("/")
                    self._compiled.setdefault(home, []).append(name)
        return self._compiled.get(folder, [])

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

    def text(self, path: str) -> str:
        """Return the text of a visible file without keeping it, "" where it cannot be read: for a mere look."""
        if path not in self._files and (path := normpath(path)) not in self._files:
            return ""
        if path in self._read:
            source = self._read[path]
            return source.text if source else ""
        data = self._small.get(path) or self._head(path, MAX_BYTES + 1)
        self._total += len(data)
        return decode(data)[0] if len(data) <= MAX_BYTES and self._total <= MAX_TOTAL else ""

    def head(self, path: str, size: int = SMALL) -> bytes:
        """Return the first bytes of a visible file, for telling its kind; empty where unreadable."""
        path = normpath(path)
        return self._head(path, size) if path in self._files else b""

    def _head(self, path: str, size: int) -> bytes:
        try:
            data = self._bytes(path, size)
        except (OSError, ValueError) as error:
            self.odd[path] = reason(error)
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
        if found and _IGNORE in data:  # what a comment says to flasklint tells nothing of the deployment
            said = b"\n".join(line.partition(_IGNORE)[0] for line in data.split(b"\n"))
            found = any(needle in said for needle in needles)
        if found and len(data) < SMALL:  # it matters: somebody will read it
            self._small[normpath(path)] = data
        return found

    def is_hidden(self, path: str) -> bool:
        """Tell of a path that is on the disk, or would be, but not in the input: ignored, or a link out of it."""
        return self._walk.is_hidden(normpath(path))

    def shown(self, path: str) -> str:
        """Return the path as people see it: relative to the current directory."""
        if self._here and path.startswith(self._here):
            return path[len(self._here) :]
        shown = normpath(f"{self._prefix}/{path}") if self._prefix != "." else path
        return shown.replace(os.sep, "/")

    def relative(self, real: str) -> str | None:
        """Return the relative path of an absolute one of this machine, None outside the root."""
        return below(self.root, real)

    def path_of(self, source: Source) -> str:
        """Return the relative path of a source, its shown one where it lies outside the root."""
        return self.relative(source.real) or source.path

    def _open(self, path: str, most: int) -> Source | None:
        source = Source(self.shown(path), "", self._start + path)
        try:
            data = self._small.pop(path, None) or self._bytes(path, most + 1)
        except (OSError, ValueError) as error:
            self.unreadable(source, reason(error))
            return None
        self._total += len(data)
        words = _words(data) // (1 if most <= MAX_BYTES else SEARCHED_WORDS) if LARGE < len(data) <= most else 0
        source.text, codec = decode(data)
        if why := _why_not(source.text, len(data), most, self._total, words and self._words + words):
            source.text = ""
            self.unreadable(source, why)
            return None
        self._words += words
        source.utf8 = codec != "latin-1"
        source.marked = codec == "utf-8-sig"
        source.utf16 = codec.startswith("utf-16")
        source.target = self._real(path)
        return source

    def unreadable(self, source: Source, why: str) -> None:
        """Note that a file which matters cannot be read."""
        self.problems.append(Problem("flasklint", "unreadable", why, source.whole()))

    def _bytes(self, path: str, size: int) -> bytes:
        """Read a regular file; what became a FIFO since the walk is not waited for."""
        real = self._real(path)
        if real in self._changed:
            return self._changed[real][:size]
        handle = os.open(real, _HOW)
        try:  # without a file object, which asks the system four times as much
            data = os.read(handle, size if size < _PIECE else _PIECE)
            if 0 < len(data) < _PIECE:
                return data  # the whole file, or all that was asked for
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise OSError(0, "not a regular file")
            return data + os.read(handle, max(0, min(size, status.st_size) - len(data)))
        finally:
            os.close(handle)

    def _real(self, path: str) -> str:
        return self._start + self.links.get(path, path)


def _words(data: bytes) -> int:
    import re

    return sum(1 for _ in re.finditer(rb"\w+|[(\[{]", data))


def _why_not(text: str, size: int, most: int, total: int, words: int) -> str:
    """Say why what was read is not used, empty if it is."""
    if size > most:
        return f"larger than {most // 1000} kB"
    if total > MAX_TOTAL:
        return f"the input holds more than {MAX_TOTAL // 1_000_000} MB to read"
    if words > MAX_WORDS:
        return f"the large files of the input hold more than {MAX_WORDS:,} words"
    return "not text (it holds a NUL byte)" if "\0" in text else ""
