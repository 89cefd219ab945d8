"""The files that `EnvironmentFile=` names.

Source of the dialect: systemd 252, `parse_env_file_internal()` in src/basic/env-file.c, and
systemd.exec(5). It is not a shell's: `export` makes a line invalid, `#` in a value is part of it,
nothing is expanded. Whether an assignment counts is decided as in `env_assignment_is_valid()` (src/basic/env-util.c).
"""

import re
from functools import cache

from ...facts import Problem, Variable
from ...source import Source, Span
from ...value import Known
from .holes import normal

_BLANKS = " \t\n\r"
_NEWLINES = "\n\r"
_ESCAPED_IN_QUOTES = '"\\`$'
_MARK = "\ufeff"


def read_env_file(source: Source) -> tuple[tuple[Variable, ...], tuple[Problem, ...]]:
    """Return the variables a file sets, in order, and the lines that systemd ignores.

    Problem kinds: `env-file-export` (a line that begins with `export`), `bad-env-file` (another name that is no
    identifier), `refused-env-file` (an assignment that is not UTF-8, or a file in UTF-16, whose NUL bytes
    `read_full_file()` does not take: it cannot be loaded, and sets nothing).
    """
    if source.utf16 and source.text:
        message = f"Failed to load environment files: Bad message: {source.path} is UTF-16"
        return (), (Problem("systemd", "refused-env-file", message, source.whole(), repair="save the file as UTF-8"),)
    variables, problems = _EnvFile(source).read()
    refused = tuple(problem for problem in problems if problem.kind == "refused-env-file")[:1]
    return ((), refused) if refused else (variables, problems)


class _EnvFile:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.variables: list[Variable] = []
        self.problems: list[Problem] = []

    def read(self) -> tuple[tuple[Variable, ...], tuple[Problem, ...]]:
        at, size, simple = 0, len(self.text), _simple()
        if self.source.marked:  # the mark is part of the first line
            at = self.assignment(at)
        while at < size:
            if self.text[at] in _BLANKS:
                at += 1
            elif self.text[at] in "#;":
                at = self.comment(at)
            elif line := simple.match(self.text, at):
                self.add(
                    line["name"],
                    normal(line["value"].rstrip(_BLANKS)),
                    line.start(),
                    line.start("value"),
                    line.end("value"),
                )
                at = line.end()
            else:
                at = self.assignment(at)
        return tuple(self.variables), tuple(self.problems)

    def comment(self, at: int) -> int:
        """Skip a comment; a backslash at its end makes the next line part of it."""
        text, size = self.text, len(self.text)
        while at < size and text[at] not in _NEWLINES:
            at += 2 if text[at] == "\\" else 1
        return at

    def assignment(self, start: int) -> int:
        text, size = self.text, len(self.text)
        at = start if self._is_marked(start) else start + 1  # also a "=" begins a name
        while at < size and text[at] != "=" and text[at] not in _NEWLINES:
            at += 1
        if at == size or text[at] != "=":
            return at  # a line without "=" is skipped without a word
        name = text[start:at].rstrip(_BLANKS)
        begin = at + 1
        value, at = self.value(begin)
        while begin < at and text[begin] in " \t":
            begin += 1
        self.add(name, normal(value), start, begin, at)
        return at

    def value(self, at: int) -> tuple[str, int]:
        """Read a value from just after the "=" to the line end that closes it."""
        text, size = self.text, len(self.text)
        parts: list[str] = []
        while at < size and text[at] not in _NEWLINES:
            char = text[at]
            if char == "'":
                close = text.find("'", at + 1)
                close = size if close < 0 else close
                parts.append(text[at + 1 : close])
                at = close + 1
            elif char == '"':
                part, at = self.double_quoted(at + 1)
                parts.append(part)
            elif char in _BLANKS:
                at += 1
            else:
                part, at = self.bare(at)
                return "".join(parts) + part, at
        return "".join(parts), min(at, size)

    def bare(self, at: int) -> tuple[str, int]:
        """Read the unquoted rest of a value: quotes are literal here, blanks at the end are dropped."""
        text, size = self.text, len(self.text)
        parts: list[str] = []
        keep = 0
        while at < size and text[at] not in _NEWLINES:
            if text[at] == "\\":
                escaped = text[at + 1 : at + 2]
                parts.append("" if escaped in _NEWLINES else escaped)
                keep = len(parts)
                at += 2
                continue
            parts.append(text[at])
            if text[at] not in _BLANKS:
                keep = len(parts)
            at += 1
        return "".join(parts[:keep]), min(at, size)

    def double_quoted(self, at: int) -> tuple[str, int]:
        text, size = self.text, len(self.text)
        parts: list[str] = []
        while at < size and text[at] != '"':
            if text[at] == "\\":
                escaped = text[at + 1 : at + 2]
                parts.append(escaped if escaped in _ESCAPED_IN_QUOTES else "" if escaped == "\n" else "\\" + escaped)
                at += 2
            else:
                parts.append(text[at])
                at += 1
        return "".join(parts), at + 1

    def add(self, name: str, value: str, start: int, begin: int, end: int) -> None:
        span = self.source.span(start, end)
        name = f"{_MARK}{name}" if self._is_marked(start) else name
        decoded = self.decoded(value)
        if decoded is None or self.decoded(name) is None:
            message = f"Failed to load environment files: Invalid argument: {self.source.path} is not UTF-8 here"
            repair = "save the file as UTF-8"
            self.problems.append(Problem("systemd", "refused-env-file", message, span, repair=repair))
        elif not is_name(name):
            self.bad_name(name, value, span)
        else:
            at = self.source.span(begin, end) if end > begin else span
            self.variables.append(Variable(name, Known(decoded, at), span))

    def _is_marked(self, start: int) -> bool:
        return self.source.marked and not start

    def decoded(self, text: str) -> str | None:
        """Return a text of the file as systemd has it, None if it is not UTF-8 to it."""
        if text.isascii():
            return text
        try:
            text = text if self.source.utf8 else text.encode("latin-1").decode()
        except UnicodeError:
            return None
        return None if any(_is_reserved(ord(char)) for char in text) else text

    def bad_name(self, name: str, value: str, span: Span) -> None:
        exported = name.split()[:1] == ["export"] and is_name(name[6:].strip())
        message = f"Ignoring invalid environment assignment '{name}={value}': {self.source.path}"
        repair = f"write {name[6:].strip()}={value}: systemd is no shell and knows no export" if exported else ""
        if name[:1] == _MARK and is_name(name[1:]):
            message = f"Ignoring invalid environment assignment: a byte order mark stands before {name[1:]}"
            repair = "save the file as UTF-8 without a byte order mark"
        kind = "env-file-export" if exported else "bad-env-file"
        if "{" not in name and "<%" not in name:
            self.problems.append(Problem("systemd", kind, message, span, repair=repair))


def is_name(name: str) -> bool:
    """Tell whether systemd takes this for the name of an environment variable."""
    return name.isascii() and name.isidentifier()


def _is_reserved(point: int) -> bool:
    """Tell of a code point that systemd takes for no valid UTF-8 (`unichar_is_valid()` in src/basic/utf8.c)."""
    return 0xD800 <= point <= 0xDFFF or 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE


@cache
def _simple() -> re.Pattern[str]:
    """The usual line, which needs no reading character by character."""
    return re.compile(
        r"(?P<name>[A-Za-z_]\w*+)[ \t]*+=[ \t]*+(?P<value>(?![ \t'\"])[^\\\r\n]*+)(?=[\r\n]|\Z)", re.ASCII
    )
