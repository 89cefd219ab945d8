"""Changed files onto the disk: all of a run or none, and never over what somebody else wrote meanwhile."""

import errno
import os
import stat
from collections.abc import Iterable, Sequence
from contextlib import suppress

from ..atomic import beside, stage
from ..record import Record
from ..result import Change
from ..source import Source, decode

CHANGED = "changed while flasklint ran"


class Refused(Exception):  # noqa: N818  # nothing is wrong with flasklint
    """A file must be left alone; the text says why."""


class _Staged(Record):
    """A change, the file that holds it, and the one that holds what was there."""

    change: Change
    temporary: str
    backup: str


def read_again(source: Source) -> bytes:
    """Return the bytes of a source. Raises Refused unless they are those it was read from, and can be given back."""
    try:
        data = _read(source.target)
    except OSError as error:
        raise Refused((error.strerror or "cannot be read").lower()) from None
    text, codec = decode(data)
    if text != source.text:
        raise Refused(CHANGED)
    if encoded(text, data) != data:
        raise Refused(f"not whole {codec.upper()}")
    return data


def encoded(text: str, like: bytes) -> bytes:
    """Return the bytes of a text in the encoding of others. Raises Refused where that lacks a character."""
    codec = decode(like)[1]
    mark = like[:2] if codec.startswith("utf-16") else b""
    try:
        return mark + text.encode(codec)
    except UnicodeEncodeError:
        raise Refused(f"cannot be written in {codec.upper()}, the encoding of the file") from None


def write(groups: Iterable[Sequence[Change]]) -> list[Change]:
    """Write files; those of a group together or not at all. Returns those that were left alone: they have changed.

    Raises OSError where a file cannot be written; then, as after Ctrl-C, everything is as before.
    """
    staged: list[list[_Staged]] = []
    done: list[_Staged] = []
    try:
        for group in groups:
            staged.append([])
            for change in group:
                staged[-1].append(_stage(change))
        return [file.change for files in staged for file in _put(files, done)]
    except BaseException:
        for file in reversed(done):
            with suppress(OSError):
                os.replace(file.backup, file.change.target)
        raise
    finally:
        for file in (file for files in staged for file in files):
            for leftover in (file.temporary, file.backup):
                with suppress(OSError):
                    os.unlink(leftover)


def _put(files: list[_Staged], done: list[_Staged]) -> list[_Staged]:
    """Put the files of a group in place, unless one is no longer as it was read: then return them all."""
    if not all(_is_as_read(file.change) for file in files):
        return files
    for file in files:
        done.append(file)  # before it is: Ctrl-C may come at once
        os.replace(file.temporary, file.change.target)
    return []


def _stage(change: Change) -> _Staged:
    """Lay the new content and a way back beside a file, so that renaming is all that is left."""
    target = change.target
    try:
        if not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        status = os.stat(target)
        temporary = stage(target, change.new, status.st_mode, (status.st_uid, status.st_gid))
        try:
            return _Staged(change, temporary, _backup(change, status))
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise OSError(error.errno, f"{error.strerror} (no file was changed)", change.path) from error


def _backup(change: Change, status: os.stat_result) -> str:
    """Keep what is there under a second name, or a copy on file systems without hard links."""
    backup = beside(change.target, "old")
    try:
        os.link(change.target, backup)
    except OSError:
        return stage(change.target, change.old, status.st_mode, (status.st_uid, status.st_gid), "old")
    return backup


def _is_as_read(change: Change) -> bool:
    """Tell whether a path is still the file that was read, by way of no link, with the same content."""
    try:
        return os.path.realpath(change.target) == change.target and _read(change.target) == change.old
    except OSError:
        return False


def _read(path: str) -> bytes:
    """Read a regular file that is no link, and wait for nothing."""
    flags = ("O_NONBLOCK", "O_NOFOLLOW", "O_BINARY")
    handle = os.open(path, sum((getattr(os, flag, 0) for flag in flags), os.O_RDONLY))
    with open(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", path)
        return file.read()
