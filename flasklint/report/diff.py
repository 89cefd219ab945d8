"""What `--fix` changes, in the form that `patch` and `git apply` take."""

from collections.abc import Iterator

from ..result import Change, Result
from ..settings import Settings
from ..source import decode
from ._screen import BOLD, paint, visible

_COLOURS = {"+": "32", "-": "31", "@": "36"}


def render(result: Result, settings: Settings, *, color: bool, width: int) -> str:
    """Return a unified diff, empty where nothing changes."""
    return "".join(f"{line}\n" for change in result.changes for line in _file(change, color))


def _file(change: Change, color: bool) -> Iterator[str]:
    from difflib import unified_diff

    old, new = (_lines(decode(data)[0]) for data in (change.old, change.new))
    path = visible(change.path)
    for number, line in enumerate(unified_diff(old, new, f"a/{path}", f"b/{path}")):
        style = BOLD if number < 2 else _COLOURS.get(line[0], "")
        yield paint(line[0] + _shown(line[1:].removesuffix("\n")), style, color)
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def _lines(text: str) -> list[str]:
    """Split as diff does, at line feeds only."""
    *lines, last = text.split("\n")
    return [f"{line}\n" for line in lines] + ([last] if last else [])


def _shown(line: str) -> str:
    """Return a line as it is, unless a terminal or a CI runner would obey it."""
    text = line.removesuffix("\r").replace("\t", " ")
    harmless = text.isprintable() and "##" not in text and not text.lstrip().startswith("::")
    return line if harmless else visible(line)
