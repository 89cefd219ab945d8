"""Units as systemd understands them, and the environment of a command."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Literal

from ..record import Record
from ..source import Source, Span
from ..value import Known, Unknown, Value
from .problem import Problem


class Line:
    """One logical line, continuation lines joined by a blank; `pieces` map its offsets to the file's.

    No record: there are more lines than anything else of a unit, and what has slots is made with a third less work.
    """

    __slots__ = ("pieces", "source", "text")

    def __init__(self, source: Source, text: str, pieces: tuple[tuple[int, int], ...]) -> None:
        self.source = source
        self.text = text
        self.pieces = pieces  # (offset in text, offset in the file), ascending

    def span(self, start: int, end: int) -> Span:
        """Return the place of `text[start:end]`."""
        if len(self.pieces) == 1:
            shift = self.pieces[0][1]  # a line that stands alone has one piece, from its beginning
            return Span(self.source, start + shift, end + shift)
        first = self._offset(start)
        return Span(self.source, first, max(first, self._offset(end - 1) + 1) if end > start else first)

    def _offset(self, at: int) -> int:
        begin, real = self.pieces[max(bisect_right(self.pieces, (at, 1 << 60)) - 1, 0)]
        return real + at - begin


class Entry(Record):
    """One assignment of a unit as systemd sees it: continuation lines joined, specifiers not expanded.

    The value is what begins at `start` of the line. Its place is made when somebody asks.
    """

    section: str
    key: str
    value: str
    line: Line
    start: int

    @property
    def key_at(self) -> Span:
        return self.line.span(0, len(self.key))

    @property
    def at(self) -> Span:
        """The value; the key where the value is empty."""
        line = self.line
        return line.span(self.start, len(line.text)) if self.value else self.key_at

    def span(self, start: int, end: int) -> Span:
        """Return the place of `value[start:end]`, of a value that is as written."""
        return self.line.span(self.start + start, self.start + end)


class Word(Record):
    """One word of a command line after unquoting, with its place.

    `text` is what the program gets; `fixed` is False where a variable that is not known here takes
    part in it (then `text` still holds it as written).
    """

    text: str
    at: Span
    fixed: bool = True


class Exec(Record):
    """One command of `ExecStart=` and its kin. `prefixes` are the characters of `@-:+!`.

    `argv0` is the name that the program is given by the word behind `@/path`, which is none of `words`.
    """

    key: str
    prefixes: str
    words: tuple[Word, ...]
    at: Span
    argv0: Word | None = None


class Variable(Record):
    """A variable of an environment; `at` is the whole assignment."""

    name: str
    value: Value[str]
    at: Span


class Environment(Record):
    """The environment that a command starts with, as far as the files tell.

    `complete` is False where a file or a manager outside the input may add variables; `unseen` says
    which.
    """

    variables: tuple[Variable, ...] = ()
    complete: bool = True
    unseen: tuple[str, ...] = ()

    def get(self, name: str) -> Value[str] | None:
        """The value in force; None when surely not set; Unknown when that cannot be told."""
        for variable in reversed(self.variables):
            if variable.name == name:
                return variable.value
        return (
            None if self.complete else Unknown(f"may be set in {', '.join(self.unseen) or 'a place outside the input'}")
        )

    def known(self, name: str) -> Known[str] | None:
        value = self.get(name)
        return value if isinstance(value, Known) else None

    def with_more(self, *more: Variable) -> "Environment":
        return self._replace(variables=self.variables + more)


class EnvFile(Record):
    """One `EnvironmentFile=`: the path on the host without the prefix `-`, which `optional` stands for, and the
    files of the input that it means."""

    path: Known[str]
    optional: bool
    files: tuple[Source, ...]


class Unit(Record):
    """A systemd unit with its drop-ins, in systemd's own reading.

    `name` is the file's name without a template suffix such as `.j2` ("shop.service"). `entries` are
    those in force, in order, of all `files` (the main file first); `by_key` finds them by section and key.
    `scope` is "user" for units of user managers. Paths are specifier-expanded where that is certain.
    """

    name: str
    at: Span  # the first section header that matters ([Service], [Socket]), else the first line
    files: tuple[Source, ...]
    entries: tuple[Entry, ...]
    by_key: Mapping[tuple[str, str], Sequence[Entry]]
    commands: tuple[Exec, ...]  # of every Exec*= key
    environment: Environment
    problems: tuple[Problem, ...]
    scope: Literal["system", "user"] = "system"
    partial: bool = False  # drop-ins only: the main file is not in the input
    env_files: tuple[EnvFile, ...] = ()

    @property
    def kind(self) -> str:
        """ "service", "socket", "timer", ..."""
        return self.name.rpartition(".")[2]

    @property
    def source(self) -> Source:
        return self.files[0]

    def all(self, section: str, key: str) -> tuple[Entry, ...]:
        """The assignments of a list key that are in force (after resets)."""
        return tuple(self.by_key.get((section, key), ()))

    def last(self, section: str, key: str) -> Entry | None:
        """The assignment of a scalar key that is in force, or None."""
        entries = self.by_key.get((section, key))
        return entries[-1] if entries else None

    def has_section(self, section: str) -> bool:
        return section in [its for its, _ in self.by_key]

    @property
    def exec_start(self) -> tuple[Exec, ...]:
        return tuple([command for command in self.commands if command.key == "ExecStart"])

    @property
    def is_oneshot(self) -> bool:
        kind = self.last("Service", "Type")
        return kind is not None and kind.value == "oneshot"

    @property
    def is_open(self) -> bool:
        """Whether there may be lines that nobody sees: drop-ins only, or a template that adds some."""
        return self.partial or any(_adds_lines(source.text) for source in self.files)

    def lacks(self, section: str, key: str) -> bool:
        """Whether a key is surely nowhere: not in force, not in a line that systemd rejects or swallows.

        False also where the files are templates that may add lines of their own.
        """
        if self.last(section, key) or self.is_open:
            return False
        if not self.problems:
            return True
        lost = (f"{problem.at.source.line_text(problem.at.line)} {problem.repair}" for problem in self.problems)
        return not any(key in line for line in lost) and all(p.kind != "unknown-section" for p in self.problems)


def _adds_lines(text: str) -> bool:
    """Whether a template engine may put whole lines into a file: `{{ more }}` alone, an include."""
    if "{{" not in text and "{%" not in text and "<%" not in text:
        return False
    lines = [line.strip() for line in text.split("\n")]
    return any(
        (line.startswith(("{{", "<%=")) and line.endswith(("}}", "%>")))
        or (line.startswith("{%") and ("include" in line or "import" in line or "extends" in line))
        or (line.startswith("{{") and "}}=" in line.replace(" ", ""))
        for line in lines
    )
