"""A file that is written whole or not at all."""

import os
import stat


def stage(path: str, data: bytes, mode: int | None, owner: tuple[int, int] | None = None, suffix: str = "tmp") -> str:
    """Write a temporary file beside `path`, through to the disk, and return its path: `os.replace` does the rest.

    It gets a mode, and an owner and group. Raises OSError, and leaves nothing behind then.
    """
    temporary = beside(path, suffix)
    private = 0o666 if mode is None else 0o600  # until it has the mode that it shall have
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), private)
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            made = os.fstat(handle)
            if owner and owner != (made.st_uid, made.st_gid):
                os.chown(temporary, *owner)  # before the mode: it clears the set-user-id bits
            if mode is not None:
                os.chmod(temporary, stat.S_IMODE(mode))
            os.fsync(handle)
    except BaseException:
        os.unlink(temporary)
        raise
    return temporary


def beside(path: str, suffix: str) -> str:
    """Name a temporary file in the same folder."""
    folder, name = os.path.split(path)
    short = os.fsdecode(os.fsencode(name)[:200])  # a name has at most 255 bytes
    return os.path.join(folder, f".{short}.{os.getpid()}.{suffix}")
