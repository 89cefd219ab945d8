"""Draws the places of one finding, in one or several files, under one another."""

from collections.abc import Iterator

from ..finding import Finding
from ..record import Record
from ..source import Source, Span
from ._screen import BLUE, LEVELS, cells, paint, visible

LEAST = 30  # columns of source text that are shown on the narrowest terminal


class Mark(Record):
    """A place to underline and what is said of it."""

    at: Span
    text: str
    primary: bool


class Brush(Record):
    """How wide the gutter is, how many columns source text may take, and the colour of the carets."""

    gutter: int
    room: int
    style: str
    color: bool

    def edge(self, number: str = "", sign: str = "|") -> str:
        return paint(f"{number:>{self.gutter}} {sign}", BLUE, self.color)


def frame(finding: Finding, width: int, color: bool) -> Iterator[str]:
    """Yield the lines of the frame, from the arrow to the last label."""
    marks = marks_of(finding)
    gutter = max(len(str(mark.at.line)) for mark in marks)
    brush = Brush(gutter, max(width - gutter - 4, LEAST), LEVELS[finding.level], color)
    for number, file in enumerate(by_file(marks)):
        arrow = ":::" if number else "-->"
        place = next((mark.at for mark in file if mark.primary), file[0].at)
        heading = f"{visible(place.path)}:{place.line}:{place.column}"
        yield f"{' ' * gutter}{paint(arrow, BLUE, color)} {heading}"
        if place.source.text:
            yield brush.edge()
            yield from _file(file, brush)
    yield brush.edge()


def marks_of(finding: Finding) -> list[Mark]:
    """Return the primary place and those that explain it."""
    return [Mark(finding.at, finding.label, True), *(Mark(one.at, one.text, False) for one in finding.because)]


def by_file(marks: list[Mark]) -> list[list[Mark]]:
    """Group the marks by file, the primary one's first, each in the order of its lines."""
    files: dict[str, list[Mark]] = {}
    for mark in marks:
        files.setdefault(mark.at.path, []).append(mark)
    return [sorted(file, key=lambda mark: mark.at.start) for file in files.values()]


def _file(marks: list[Mark], brush: Brush) -> Iterator[str]:
    last, drawn = 0, ""
    for mark in marks:
        line = mark.at.line
        if last and line > last + 2:
            yield paint("...", BLUE, brush.color)
        elif last and line == last + 2:
            yield _line(mark.at.source, last + 1, brush)
        before, text, under = _window(mark, brush.room)
        if (line, text) != (last, drawn):  # the same line again where it had to be cut elsewhere
            yield f"{brush.edge(str(line))} {text}".rstrip()
        yield from _label(mark, before, under, brush)
        last, drawn = line, text


def _line(source: Source, line: int, brush: Brush) -> str:
    start = source.offset(line, 1)
    _, text, _ = _window(Mark(source.span(start, start), "", False), brush.room)
    return f"{brush.edge(str(line))} {text}".rstrip()


def _label(mark: Mark, before: int, under: int, brush: Brush) -> Iterator[str]:
    """Underline a place; what is said of it stands behind, or below where there is no room behind."""
    style = brush.style if mark.primary else BLUE
    line, said = ("^" if mark.primary else "-") * under, visible(mark.text)
    if before + under + 1 + len(said) <= brush.room or not said:
        yield f"{brush.edge()} {' ' * before}{paint(f'{line} {said}'.rstrip(), style, brush.color)}"
        return
    yield f"{brush.edge()} {' ' * before}{paint(line, style, brush.color)}"
    yield f"{brush.edge()} {' ' * max(0, min(before, brush.room - len(said)))}{paint(said, style, brush.color)}"


def _window(mark: Mark, room: int) -> tuple[int, str, int]:
    """Return the columns before the mark, the line as shown, and the columns to underline.

    A line that does not fit is cut around the mark, with `…` where something was left out. Of a
    place of several lines the first is underlined.
    """
    line, first = mark.at.line, mark.at.column - 1
    drawn = list(cells(mark.at.source.line_text(line)))
    last = min(mark.at.end_column - 1 if mark.at.end_line == line else len(drawn), len(drawn))
    widths = [width for _, width in drawn]
    start, end = 0, len(drawn)
    if sum(widths) > room:
        start, end = cut(widths, first, last, room)
    head, tail = "…" if start else "", "…" if end < len(drawn) else ""
    before = len(head) + sum(widths[start:first])
    under = sum(widths[first : min(last, end)])
    text = "".join(shown for shown, _ in drawn[start:end])
    return before, f"{head}{text}{tail}", max(under, 1)


def cut(widths: list[int], first: int, last: int, room: int) -> tuple[int, int]:
    """Return the range of characters to show: the mark, with what fits before and after it."""
    room -= 2
    start = end = min(first, len(widths))
    used = 0
    while end < last and used + widths[end] <= room:
        used += widths[end]
        end += 1
    context = (room - used) // 3  # what follows the mark tells less than what precedes it
    while start and context + widths[start - 1] <= room - used:
        start -= 1
        used += widths[start]
    while end < len(widths) and used + widths[end] <= room:
        used += widths[end]
        end += 1
    while start and used + widths[start - 1] <= room:
        start -= 1
        used += widths[start]
    return start, end
