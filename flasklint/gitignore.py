"""What git leaves out: .gitignore files from the repository's root down, .git/info/exclude; gitignore(5).

A file that git tracks although a pattern names it counts as left out, too: git's index is not read. Neither is
the user's own core.excludesFile, for the same repository shall have the same report everywhere.
"""

import os
import stat
from collections.abc import Container, Iterator

from .globs import Globs
from .links import below
from .record import Record

MAX_BYTES = 100_000  # of one file
MAX_TOTAL = 2_000_000  # of all files together
MAX_COSTLY = 500  # patterns with wildcards that hold in one folder, and the files they are in


class Ignores(Record):
    """The patterns of one folder and, in `above`, those of the folders above it, which decide where it is silent.

    What they are asked is `lead` and a path of the tree without its first `cut` characters.
    """

    globs: Globs
    above: "Ignores | None"
    lead: str
    cut: int
    costly: int

    def hides(self, path: str, *, folder: bool) -> bool:
        """Tell whether git leaves out a file or folder that is in no folder which it leaves out."""
        level: Ignores | None = self
        while level:
            text = level.lead + path[level.cut :]
            verdict = level.globs.verdict(text if text.isascii() else _as_bytes(text), folder=folder)
            if verdict is not None:
                return verdict
            level = level.above
        return False


class Gitignore:
    """The patterns that hold in the folders of a tree; paths are relative to its `root`, an absolute one.

    `unheeded` are the files of patterns that are left alone, and why.
    """

    def __init__(self, root: str) -> None:
        self.unheeded: dict[str, str] = {}
        self._root = root
        self._total = 0
        self._known: dict[str, Ignores | None] = {}

    def around(self, folder: str) -> Ignores | None:
        """Return what holds in a folder because of those above it, up to the root of the repository."""
        ignores: Ignores | None = None
        for real in self._above(os.path.join(self._root, folder) if folder else self._root):
            names = [".gitignore", ".git"] if os.path.lexists(os.path.join(real, ".git")) else [".gitignore"]
            ignores = self._joined(real, names, ignores)
        return ignores

    def within(self, folder: str, real: str, names: Container[str], above: Ignores | None) -> Ignores | None:
        """Return what holds in a folder with these files; a repository inside of another is its own."""
        self._known[folder] = ignores = self._joined(real, names, above)
        return ignores

    def would_hide(self, path: str) -> bool:
        """Tell whether git would leave out a path, which may not be there."""
        ignores = self._known.get("")
        parts = path.split("/")
        for count in range(1, len(parts) + 1):
            here = "/".join(parts[:count])
            if ignores and (
                ignores.hides(here, folder=True) or (count == len(parts) and ignores.hides(here, folder=False))
            ):
                return True
            ignores = self._known.get(here, ignores)
        return False

    def _above(self, real: str) -> list[str]:
        """List the folders above one, the uppermost first, that are of its repository; of the tree without one."""
        folders = list(_upwards(real))
        top = next((here for here in folders if os.path.lexists(os.path.join(here, ".git"))), self._root)
        return [here for here in folders[1:] if below(top, here) is not None][::-1]

    def _joined(self, real: str, names: Container[str], above: Ignores | None) -> Ignores | None:
        if ".git" in names:
            above = self._level(real, ".git/info/exclude", None)
        return self._level(real, ".gitignore", above) if ".gitignore" in names else above

    def _level(self, real: str, name: str, above: Ignores | None) -> Ignores | None:
        """Put the patterns of a file before the others. Returns the others where they cannot be used."""
        inside = below(self._root, real)
        path = os.path.join(real, name) if inside is None else f"{inside}/{name}".lstrip("/")
        try:
            text = _text(os.path.join(real, name))
            self._total += len(text)
            globs = Globs(_patterns(text if self._total <= MAX_TOTAL else ""))
        except FileNotFoundError:
            return above
        except OSError as error:
            self.unheeded[path] = (error.strerror or "cannot be read").lower()
            return above
        except ValueError as why:
            self.unheeded[path] = str(why)
            return above
        costly = globs.costly + 1 + (above.costly if above else 0)
        if self._total > MAX_TOTAL or costly > MAX_COSTLY:
            self.unheeded[path] = "too many patterns"
            return above
        if inside is None:
            return Ignores(globs, above, os.path.relpath(self._root, real) + "/", 0, costly)
        return Ignores(globs, above, "", len(inside) + 1 if inside else 0, costly)


def _upwards(real: str) -> Iterator[str]:
    yield real
    while (above := os.path.dirname(real)) != real:
        yield above
        real = above


def _as_bytes(path: str) -> str:
    """Return a character for each byte of a path: git compares bytes, and `?` is one of them."""
    return os.fsencode(path).decode("latin-1")


def _text(real: str) -> str:
    """Read a regular file, no link, a character for each byte. Raises OSError, ValueError for anything else."""
    if os.path.realpath(real) != real:
        raise ValueError("a link")
    handle = os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise ValueError("not a regular file")
        if status.st_size > MAX_BYTES:
            raise ValueError(f"larger than {MAX_BYTES // 1000} kB")
        return os.read(handle, MAX_BYTES).decode("latin-1")
    finally:
        os.close(handle)


def _patterns(text: str) -> Iterator[str]:
    """Yield the lines without comments, and without spaces at their ends that no backslash protects."""
    for line in text.removeprefix("\xef\xbb\xbf").split("\n"):
        line = line.removesuffix("\r")
        bare = line.rstrip(" ")
        if bare != line and (len(bare) - len(bare.rstrip("\\"))) % 2:
            bare += " "
        if bare and bare[0] != "#":
            yield bare
