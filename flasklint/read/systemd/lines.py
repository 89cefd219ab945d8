"""systemd's line format: sections, assignments, comments and continuation lines, each with its place.

The rules are those of `config_parse()` and `parse_line()` in systemd's src/shared/conf-parser.c (252). An ini parser
would be no help: here `:` does not separate, ` ;` does not begin a comment, `Rem` is no comment, keys keep their case,
and only a blank, a tab and a line end count as blanks.
"""

import re
from collections.abc import Iterator
from functools import cache

from ...facts import Entry, Problem
from ...facts.systemd import Line
from ...record import Record
from ...source import Source, Span
from .holes import is_template, without_comments, without_statements

BLANKS = " \t\n\r"


Assignment = Entry  # as it is written, in force or not


class Section(Record):
    name: str
    line: Line

    @property
    def at(self) -> Span:
        return self.line.span(0, len(self.line.text))


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
        text = line.text
        if text[0] == "[":
            name = _section_name(text)
            if name is None:
                message = f"Invalid section header '{text}'"
                repair = "put the header alone on its line, with ] at the end"
                problems.append(_problem("refused-section-header", message, line, repair))
                break  # systemd reads no further
            section = name
            sections.append(Section(name, line))
            continue
        found = _assignment(section, line)
        if isinstance(found, Problem):
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
    end = 0
    for row in _with_newlines(text).split("\n"):
        start, end = end, end + len(row) + 1
        said = row.strip(BLANKS)
        if said[:1] in ("#", ";"):
            continue
        if not (parts or template) and said[-1:] != "\\":  # the usual line, which stands alone
            if said:
                yield Line(source, said, ((0, start + row.find(said)),))
            continue
        row = row.removesuffix("\r")
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


def _with_newlines(text: str) -> str:
    """To systemd a lone CR ends a line, too."""
    return _lone_return().sub("\n", text) if "\r" in text else text


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
    return text[1:-1] if text.endswith("]") else None


def _assignment(section: str, line: Line) -> Assignment | Problem:
    text = line.text
    key, equals, value = text.partition("=")
    if not equals:
        return _problem("missing-equals", "Missing '=', ignoring line.", line)
    if not key:
        return _problem("missing-equals", "Missing key name before '=', ignoring line.", line)
    value = value.lstrip(BLANKS)
    return Assignment(section, key.rstrip(BLANKS), value, line, len(text) - len(value))


def _problem(kind: str, message: str, line: Line, repair: str = "") -> Problem:
    return Problem("systemd", kind, message, line.span(0, len(line.text)), repair=repair)


@cache
def _lone_return() -> re.Pattern[str]:
    return re.compile(r"\r(?!\n)")
