"""A file that is written whole or not at all."""

import os
import stat


def stage(path: str, data: bytes, like: os.stat_result | None, suffix: str = "tmp") -> str:
    """Write a temporary file beside `path`, through to the disk, and return its path: `os.replace` does the rest.

    It gets the mode and the owner of `like`. Raises OSError, and leaves nothing behind then.
    """
    temporary = beside(path, suffix)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            if like:
                _take_after(temporary, os.fstat(handle), like)
            os.fsync(handle)
    except BaseException:
        os.unlink(temporary)
        raise
    return temporary


def beside(path: str, suffix: str) -> str:
    """Name a temporary file in the same folder."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name[:200]}.{os.getpid()}.{suffix}")


def _take_after(temporary: str, made: os.stat_result, like: os.stat_result) -> None:
    """Give the file owner and mode, in this order: a change of owner clears the set-user-id bits."""
    if (made.st_uid, made.st_gid) != (like.st_uid, like.st_gid):
        os.chown(temporary, like.st_uid, like.st_gid)
    os.chmod(temporary, stat.S_IMODE(like.st_mode))
