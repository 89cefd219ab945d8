"""The places of one finding as HTML: each file with its lines, the places marked, what is said of them below."""

from collections.abc import Iterator
from itertools import pairwise

from ..finding import Finding
from ..source import Source
from ._frame import Mark, by_file, cut, marks_of
from ._screen import cells
from ._xml import text as esc

ROOM = 320  # columns of a line; more is cut around the place
NEAR = 1  # lines shown before and after a place
MOST = 24  # further places of one finding


def frames(finding: Finding) -> Iterator[str]:
    """Yield one figure for each file."""
    marks = marks_of(finding)
    for file in by_file(marks[: MOST + 1]):
        place = next((mark.at for mark in file if mark.primary), file[0].at)
        where = f'<span class="path">{esc(place.path)}</span><span class="pos">:{place.line}:{place.column}</span>'
        rows = "".join(_rows(place.source, file)) if place.source.text else ""
        source = f'<div class="code">{rows}</div>' if rows else ""
        yield f"<figure><figcaption>{where}</figcaption>{source}</figure>"
    if len(marks) > MOST + 1:
        yield f'<p class="more">and {len(marks) - MOST - 1} more places</p>'


def _rows(source: Source, marks: list[Mark]) -> Iterator[str]:
    """Yield the lines with a place and those next to them, in order."""
    marked: dict[int, list[Mark]] = {}
    for mark in marks:
        marked.setdefault(mark.at.line, []).append(mark)
    near = {line for mark in marked for line in range(mark - NEAR, mark + NEAR + 1) if 1 <= line <= source.line_count}
    shown = sorted({*marked, *(line for line in near if source.line_text(line).strip())})
    before = shown[0]
    for line in shown:
        if line > before + 1:
            yield '<div class="row"><span class="number">⋯</span></div>'
        yield from _row(source, line, marked.get(line, []))
        before = line


def _row(source: Source, line: int, marks: list[Mark]) -> Iterator[str]:
    """Yield a line of source, and a row for each label below it."""
    drawn = list(cells(source.line_text(line)))
    widths = [width for _, width in drawn]
    spans = [_columns(mark, len(drawn)) for mark in marks]
    start, end = 0, len(drawn)
    if sum(widths) > ROOM:
        start, end = cut(widths, *(spans[0] if spans else (0, 1)), ROOM)
    kind = "hit" if marks else "near"
    head, tail = "…" if start else "", "…" if end < len(drawn) else ""
    text = "".join(_painted(drawn, start, end, marks, spans))
    yield f'<div class="row {kind}"><span class="number">{line}</span><code>{head}{text}{tail}\n</code></div>'
    for mark, (first, _) in zip(marks, spans, strict=True):
        if mark.text:
            indent = " " * (len(head) + sum(widths[start : max(start, first)]))
            side = "main" if mark.primary else "side"
            said = f'<i>{indent}</i><b class="{side}">└ {esc(mark.text)}</b>'
            yield f'<div class="row say"><span class="number"></span><code>{said}</code></div>'


def _columns(mark: Mark, length: int) -> tuple[int, int]:
    """Return the characters of a line that a place covers: at least one, and of several lines the first."""
    first = mark.at.column - 1
    last = mark.at.end_column - 1 if mark.at.end_line == mark.at.line else length
    return first, max(first + 1, last)


def _painted(
    drawn: list[tuple[str, int]], start: int, end: int, marks: list[Mark], spans: list[tuple[int, int]]
) -> Iterator[str]:
    """Yield the text between two columns in pieces, each within the same places; the primary one wins."""
    order = sorted(zip(marks, spans, strict=True), key=lambda pair: not pair[0].primary)
    borders = sorted({start, end, *(min(max(edge, start), end) for span in spans for edge in span)})
    for left, right in pairwise(borders):
        text = esc("".join(shown for shown, _ in drawn[left:right]))
        side = next(("main" if mark.primary else "side" for mark, (a, b) in order if a <= left < b), "")
        yield f'<mark class="{side}">{text}</mark>' if side else text
    if any(first >= len(drawn) for first, _ in spans):  # behind the end of the line
        yield '<mark class="main"> </mark>'
