"""systemd's line format: sections, assignments, comments and continuation lines, each with its place.

The rules are those of `config_parse()` in systemd's src/shared/conf-parser.c (252). iniparse says
what a section header and an option look like; what it and systemd see differently is mended here:
`:` does not separate, ` ;` does not begin a comment, `Rem` is no comment, keys keep their case.
"""

from bisect import bisect_right
from collections.abc import Iterator

from iniparse.ini import OptionLine, SectionLine

from ...facts import Problem
from ...record import Record
from ...source import Source, Span
from .holes import is_template, without_comments, without_statements

BLANKS = " \t\n\r"


class Line(Record):
    """One logical line, continuation lines joined by a blank; `pieces` map its offsets to the file's."""

    source: Source
    text: str
    pieces: tuple[tuple[int, int], ...]  # (offset in text, offset in the file), ascending

    def span(self, start: int, end: int) -> Span:
        """Return the place of `text[start:end]`."""
        source, _, pieces = self
        if len(pieces) == 1:
            shift = pieces[0][1]  # a line that stands alone has one piece, from its beginning
            return Span(source, start + shift, end + shift)
        first = self._offset(start)
        return Span(self.source, first, max(first, self._offset(end - 1) + 1) if end > start else first)

    def _offset(self, at: int) -> int:
        begin, real = self.pieces[max(bisect_right(self.pieces, (at, 1 << 60)) - 1, 0)]
        return real + at - begin


class Assignment(Record):
    """`key=value` in a section; the value is what begins at `start` of the logical line."""

    section: str
    key: str
    line: Line
    start: int
    value: str

    @property
    def key_at(self) -> Span:
        return self.line.span(0, len(self.key))

    @property
    def at(self) -> Span:
        """The value; the key where the value is empty."""
        return self.line.span(self.start, len(self.line.text)) if self.value else self.key_at

    def span(self, start: int, end: int) -> Span:
        """Return the place of `value[start:end]`."""
        return self.line.span(self.start + start, self.start + end)


class Section(Record):
    name: str
    at: Span


class Parsed(Record):
    """One file: headers and assignments in order, the lines systemd rejects, and whether it is a template."""

    source: Source
    sections: tuple[Section, ...]
    assignments: tuple[Assignment, ...]
    problems: tuple[Problem, ...]
    template: bool


def parse(source: Source) -> Parsed:
    """Read one unit file or drop-in as systemd does, without judging keys and values."""
    template = is_template(source.text)
    sections: list[Section] = []
    assignments: list[Assignment] = []
    problems: list[Problem] = []
    section = ""
    for line in logical_lines(source, template):
        if line.text.startswith("["):
            name = _section_name(line.text)
            if name is None:
                message = f"Invalid section header '{line.text}'"
                repair = "put the header alone on its line, with ] at the end"
                problems.append(_problem("refused-section-header", message, line, repair))
                break  # systemd reads no further
            section = name
            sections.append(Section(name, line.span(0, len(line.text))))
            continue
        found = _assignment(section, line)
        if not isinstance(found, Assignment):
            problems += [found] if section else []
        elif section:
            assignments.append(found)
        else:
            problems.append(_problem("outside-section", "Assignment outside of section. Ignoring.", line))
    if template:  # what a line is in the end, only the template engine knows
        problems.clear()
    return Parsed(source, tuple(sections), tuple(assignments), tuple(problems), template)


def logical_lines(source: Source, template: bool = False) -> Iterator[Line]:
    """Yield the lines that say something: comments and blank lines left out, continuations joined."""
    text = without_comments(source.text) if template else source.text
    parts: list[str] = []
    pieces: list[tuple[int, int]] = []
    length = 0
    for start, row in _rows(text):
        said = row.strip(BLANKS)
        if said.startswith(("#", ";")):
            continue
        if not (parts or template) and row[-1:] != "\\":  # the usual line, which stands alone
            if said:
                yield Line(source, said, ((0, start + row.find(said)),))
            continue
        if template and row:
            skipped, kept = without_statements(row)
            if not kept.strip(BLANKS) and said:
                continue
            start, row = start + skipped, kept
        pieces.append((length, start))
        continued = (len(row) - len(row.rstrip("\\"))) % 2 == 1
        parts.append(row[:-1] + " " if continued else row)
        length += len(parts[-1])
        if not continued:
            yield from _joined(source, parts, pieces)
            parts, pieces, length = [], [], 0
    yield from _joined(source, parts, pieces)


def _rows(text: str) -> Iterator[tuple[int, str]]:
    start, returns = 0, "\r" in text
    for row in text.split("\n"):
        at = start
        for part in row.removesuffix("\r").split("\r") if returns else (row,):  # to systemd a lone CR ends a line, too
            yield at, part
            at += len(part) + 1
        start += len(row) + 1


def _joined(source: Source, parts: list[str], pieces: list[tuple[int, int]]) -> Iterator[Line]:
    whole = parts[0] if len(parts) == 1 else "".join(parts)
    text = whole.strip(BLANKS)
    if text:
        cut = len(whole) - len(whole.lstrip(BLANKS))
        if len(pieces) == 1:
            yield Line(source, text, ((0, pieces[0][1] + cut),))
        else:
            yield Line(source, text, tuple((begin - cut, real) for begin, real in pieces))


def _section_name(text: str) -> str | None:
    header = SectionLine.regex.match(text)
    if header is not None and header.end("name") == len(text) - 1:
        return str(header["name"])
    return text[1:-1] if text.endswith("]") else None


def _assignment(section: str, line: Line) -> Assignment | Problem:
    text = line.text
    option = OptionLine.regex.match(text)
    if option is not None:
        name, separator, value = option.group("name", "sep", "value")
        if separator[0] == "=":
            return Assignment(section, name.rstrip(BLANKS), line, len(text) - len(value), value)
    key, equals, value = text.partition("=")  # iniparse has split at a colon, or sees no option at all
    if not equals:
        return _problem("missing-equals", "Missing '=', ignoring line.", line)
    if not key:
        return _problem("missing-equals", "Missing key name before '=', ignoring line.", line)
    value = value.lstrip(BLANKS)
    return Assignment(section, key.rstrip(BLANKS), line, len(text) - len(value), value)


def _problem(kind: str, message: str, line: Line, repair: str = "") -> Problem:
    return Problem("systemd", kind, message, line.span(0, len(line.text)), repair=repair)
