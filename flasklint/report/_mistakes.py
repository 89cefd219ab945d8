"""What is wrong with a settings file, for a person: every mistake in a frame of its own."""

import sys
from collections.abc import Iterator

from ..finding import Finding
from ..settings import ConfigError
from ._frame import frame
from ._output import screen_width, wants_color
from ._screen import BOLD, LEVELS, paint, visible


def render(error: ConfigError) -> str:
    """Return the mistakes as they are shown on stderr, and that nothing was checked."""
    color = wants_color("auto") and sys.stderr.isatty()
    lines = [line for mistake in error.mistakes for line in _mistake(mistake, screen_width(), color)]
    count = len(error.mistakes)
    said = "1 mistake" if count == 1 else f"{count} mistakes"
    return "".join(f"{line}\n" for line in (*lines, f"flasklint: {said} in the settings; nothing was checked"))


def _mistake(mistake: Finding, width: int, color: bool) -> Iterator[str]:
    yield f"{paint('error', LEVELS[mistake.level], color)}{paint(f': {visible(mistake.message)}', BOLD, color)}"
    yield from frame(mistake, width, color)
    if mistake.repair:
        yield f"{' ' * len(str(mistake.at.line))} {paint('=', BOLD, color)} fix: {visible(mistake.repair)}"
    yield ""
