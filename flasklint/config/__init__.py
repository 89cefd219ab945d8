"""Settings files: `flasklint.toml`, or `[tool.flasklint]` in `pyproject.toml`, found from the input upwards.

A run without one costs a few calls of stat(2): everything else of this package is loaded only where there
is a file to read.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from ..filenames import BASELINE
from ..record import Record
from ..settings import Settings
from ..source import Span

OWN = "flasklint.toml"
SHARED = "pyproject.toml"
MOST_BYTES = 1_000_000  # of a settings file


class File(Record):
    """A settings file. Relative paths in it begin at the folder `base` (absolute); `table` leads to the settings.

    `beside` is another settings file of the same folder, which is not read.
    """

    path: str
    base: str
    table: tuple[str, ...]
    data: bytes
    beside: str = ""


class Settled(Record):
    """The settings of a run. `origins` tells for a field, or an entry of a table (field, entry), where its value
    is written: a place in the file, None for the command line; what it lacks is a default."""

    settings: Settings
    origins: Mapping[tuple[str, ...], Span | None]
    file: File | None = None


def settle(given: Mapping[str, Any], where: Sequence[str], *, file: str = "", isolated: bool = False) -> Settled:
    """Join what the command line gives (fields of `Settings`) with the file that holds for the paths `where`.

    `file` is read instead of one that would be found, `isolated` reads none. Of a host's file system nothing is taken
    for the user's word: the search begins in the current folder. Raises ConfigError for a file with
    mistakes, OSError for one that cannot be read.
    """
    found = None if isolated else named(file) if file else find(["."] if given.get("root_is_host") else where)
    if not found:
        return _with_baseline(Settled(Settings(**given), {(field,): None for field in given}), where)
    from .load import load

    return _with_baseline(load(found, given), where)


def _with_baseline(settled: Settled, where: Sequence[str]) -> Settled:
    """Take the baseline beside the settings file, where no other is asked for; without settings that of the current
    folder, or of the one that holds all paths."""
    if ("baseline",) in settled.origins:
        return settled
    beside = baseline_beside(settled.settings)
    files = [beside] if settled.settings.base else [beside, os.path.join(_around(where), BASELINE)]
    found = next((_shown(file) for file in files if os.path.lexists(file)), "")
    return settled._replace(settings=settled.settings._replace(baseline=found)) if found else settled


def baseline_beside(settings: Settings) -> str:
    """Return where the baseline lies unless something else is said."""
    return _shown(os.path.join(settings.base, BASELINE)) if settings.base else BASELINE


def named(path: str) -> File:
    """Return the file that the command line names: its relative paths begin at the current folder."""
    with open(path, "rb") as file:
        data = file.read(MOST_BYTES + 1)
    shared = os.path.basename(path) == SHARED
    return File(path, os.getcwd(), ("tool", "flasklint") if shared else (), data)


def find(where: Sequence[str]) -> File | None:
    """Return the nearest settings file in the folder that holds all paths, or above.

    The search ends at the root of the repository (the folder that holds `.git`) or of the file system.
    """
    folder = _around(where)
    while True:
        if found := _in(folder):
            return found
        above = os.path.dirname(folder)
        if above == folder or os.path.lexists(os.path.join(folder, ".git")):
            return None
        folder = above


def _around(where: Sequence[str]) -> str:
    """Return the folder that holds all paths."""
    real = [os.path.realpath(path) for path in where]
    return os.path.commonpath([path if os.path.isdir(path) else os.path.dirname(path) for path in real])


def _in(folder: str) -> File | None:
    own, shared = os.path.join(folder, OWN), os.path.join(folder, SHARED)
    data = _read(shared) if os.path.isfile(shared) else b""
    is_meant = b"flasklint" in data and _has_table(data)
    if os.path.isfile(own):
        return File(_shown(own), folder, (), _read(own), _shown(shared) if is_meant else "")
    return File(_shown(shared), folder, ("tool", "flasklint"), data) if is_meant else None


def _read(path: str) -> bytes:
    """Read a regular file; what became a FIFO in between is not waited for."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(handle, "rb") as file:
        return file.read(MOST_BYTES + 1)


def _has_table(data: bytes) -> bool:
    """Whether the word is a table's name, and not only that of a requirement."""
    if b"[tool.flasklint" in data:
        return True
    import re

    return bool(re.search(rb"""(?m)^[ \t]*(\[\[?[ \t]*)?["']?tool["']?[ \t]*(\.[ \t]*["']?flasklint|\])""", data))


def _shown(path: str) -> str:
    """Name a file as a person in the current folder does."""
    near = os.path.relpath(path)
    return path if near.startswith(os.path.join("..", "..", "..")) else near.replace(os.sep, "/")
