"""How a rule writes a repair: edits of lines, words and settings.

Every function returns an `Edit` that leaves the rest of the file as it is: comments, blank lines,
indentation, line ends.
"""

from .facts import Unit
from .finding import Edit, Place
from .source import Source, Span
from .value import Known


def replace(place: Place, text: str) -> Edit:
    """Put `text` in the place of a value."""
    return Edit(_span(place), text)


def add_after(place: Place, text: str) -> Edit:
    """Put a line below the one that holds the end of a place, indented alike. `text` is one line or several."""
    at = _span(place)
    end = _line_end(at.source, at.end)
    return Edit(at.source.span(end, end), _end_of_line(at.source) + _indented(at.source, at.end, text))


def add_before(place: Place, text: str) -> Edit:
    """Put a line above the one that holds the start of a place, indented alike."""
    at = _span(place)
    start = _line_start(at.source, at.start)
    return Edit(at.source.span(start, start), _indented(at.source, at.start, text) + _end_of_line(at.source))


def remove_lines(place: Place) -> Edit:
    """Take out the whole lines that a place lies on."""
    at = _span(place)
    text, start, end = at.source.text, _line_start(at.source, at.start), _line_end(at.source, at.end)
    end = min(end + len(_end_of_line(at.source)), len(text))
    return Edit(at.source.span(start, end), "")


def remove_word(place: Place) -> Edit:
    """Take out a word of a command and the blanks before it."""
    at = _span(place)
    start = at.start
    while start and at.source.text[start - 1] in " \t":
        start -= 1
    return Edit(at.source.span(start, at.end), "")


def add_setting(unit: Unit, section: str, line: str) -> Edit | None:
    """Put `Key=value` at the end of a unit's section; None where the main file has no such section with a setting."""
    entries = [entry for entry in unit.entries if entry.section == section and entry.at.source is unit.source]
    if not entries:
        return None
    return add_after(max(entries, key=lambda entry: entry.at.end).at, line)


def _span(place: Place) -> Span:
    return place.at if isinstance(place, Known) else place


def _line_start(source: Source, offset: int) -> int:
    return source.text.rfind("\n", 0, offset) + 1


def _line_end(source: Source, offset: int) -> int:
    end = source.text.find("\n", offset)
    end = len(source.text) if end < 0 else end
    return end - 1 if source.text[:end].endswith("\r") else end


def _end_of_line(source: Source) -> str:
    return "\r\n" if "\r\n" in source.text else "\n"


def _indented(source: Source, offset: int, text: str) -> str:
    line = source.text[_line_start(source, offset) :]
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    return _end_of_line(source).join(indent + one if one else "" for one in text.split("\n"))
