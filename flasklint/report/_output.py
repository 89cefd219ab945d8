"""Where a report goes: the screen, or a file that is there whole or not at all."""

import os
import stat
import sys
from collections.abc import Mapping

from ..atomic import stage

NO_TERMINAL_WIDTH = 120


def wants_color(choice: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Decide `auto` as https://no-color.org and https://force-color.org ask for."""
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and environment.get("TERM") != "dumb"


def screen_width(environment: Mapping[str, str] = os.environ) -> int:
    """Return the columns of the terminal; COLUMNS counts more, as everywhere."""
    columns = environment.get("COLUMNS", "")
    if columns.isdecimal() and int(columns[:6]) > 0:
        return int(columns[:6])
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or NO_TERMINAL_WIDTH
    except (OSError, ValueError):
        return NO_TERMINAL_WIDTH


def show(text: str) -> None:
    """Print a text. A reader that went away (`| head`) is no error, and changes no exit code."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write(path: str, text: str) -> None:
    """Write a file atomically; a link's target is replaced, not the link. Raises OSError."""
    path = os.path.realpath(path)
    data = text.encode("utf-8", "backslashreplace")
    mode = _mode(path)
    if mode is not None and not stat.S_ISREG(mode):  # a pipe or a terminal: nothing to replace
        with open(path, "wb") as file:
            file.write(data)
        return
    temporary = stage(path, data, mode)
    try:
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _mode(path: str) -> int | None:
    try:
        return os.stat(path).st_mode
    except FileNotFoundError:
        return None
