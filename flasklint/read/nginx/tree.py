"""A file as a tree of directives, with places, as nginx's own reader would take it."""

from ...facts import Problem
from ...record import Record
from ...source import Source, Span
from ...value import Known
from .lex import Lexed, Token, lex
from .mask import HOLE, is_touched, mask

# nginx has no limit, people need seven levels. What lies deeper is dropped, so that nobody recurses
# without bound.
MAX_DEPTH = 24
_MOST_PROBLEMS = 100


class Word(Record):
    """An argument as written, without its quotes, holes and all."""

    text: str
    at: Span
    quoted: bool = False

    @property
    def known(self) -> Known[str]:
        return Known(self.text, self.at)


class Directive(Record):
    """`name args;` or `name args { block }`. `at` runs from the name to the last argument.

    `origin` is set where the directive comes from a snippet that is known without being in the
    input: then every place is that of the include statement.
    """

    name: str
    args: tuple[Word, ...]
    at: Span
    block: "tuple[Directive, ...] | None" = None
    origin: str = ""

    @property
    def name_at(self) -> Span:
        return self.at if self.origin else self.at.part(0, len(self.name))

    @property
    def is_hole(self) -> bool:
        """A template variable that stands for any number of directives."""
        return HOLE in self.name

    def arg(self, number: int) -> str:
        return self.args[number].text if number < len(self.args) else ""


class Part(Record):
    """One configuration file: all of a source, or a part of an `nginx -T` dump.

    `path` is relative to the input's root, or absolute for a part of a dump.
    """

    source: Source
    path: str
    start: int
    end: int


class Parsed(Record):
    """`branches` is True where the structure depends on what a template makes of the file."""

    part: Part
    body: tuple[Directive, ...]
    problems: tuple[Problem, ...]
    branches: bool


class _Open(Record):
    words: list[Token]
    body: list[Directive]


def parse(part: Part) -> Parsed:
    """Parse one file; the first fault in its structure is a problem, what can be read is read."""
    source = part.source
    text = source.text if part.end - part.start == len(source.text) else source.text[part.start : part.end]
    masked = mask(text)
    builder = _Builder(source, part.start, lex(masked.text))
    body = builder.build()
    # A variable on a line of its own may stand for anything, braces included.
    unsure = masked.branches or (HOLE + ";\n" in masked.text and bool(builder.problems))
    problems = () if unsure else tuple(builder.problems[:1])
    return Parsed(part, body, problems, unsure)


class _Builder:
    def __init__(self, source: Source, offset: int, lexed: Lexed) -> None:
        self.source = source
        self.offset = offset
        self.lexed = lexed
        self.problems: list[Problem] = []
        self.body: list[Directive] = []
        self.stack: list[_Open] = []
        self.words: list[Token] = []

    def build(self) -> tuple[Directive, ...]:
        for token in self.lexed.tokens:
            sign, start, _, _, special = token
            if not special:
                self.words.append(token)
            elif sign == ";":
                self._semicolon(start)
            elif sign == "{":
                self._open_block(token)
            else:
                self._close_block(start)
        for start in self.lexed.glued[:1]:
            behind = self.source.text[self.offset + start : self.offset + start + 40]
            rest = behind.split(maxsplit=1)[0].partition(";")[0]
            self._problem(f'unexpected "{rest[:1]}"', self._span(start, start + len(rest)), "behind a closing quote")
        self.problems.sort(key=lambda problem: problem.at.start)
        self._end_of_file()
        return tuple(self.body)

    def _semicolon(self, at: int) -> None:
        if self.words:
            self._add(None)
        else:
            self._problem('unexpected ";"', self._span(at, at + 1), "no directive stands before it")

    def _open_block(self, token: Token) -> None:
        if not self.words:
            self._problem('unexpected "{"', self._across([token]), "no directive stands before it")
        self.stack.append(_Open(self.words or [token], self.body))
        self.words, self.body = [], []

    def _close_block(self, at: int) -> None:
        if self.words:
            self._problem('unexpected "}"', self._across(self.words), 'the ";" is missing', kind="missing-semicolon")
            self._add(None)
        if not self.stack:
            self._problem('unexpected "}"', self._span(at, at + 1), "no block is open here")
            return
        self._pop()

    def _end_of_file(self) -> None:
        if self.lexed.unclosed >= 0:
            at = self._span(self.lexed.unclosed, self.lexed.unclosed + 1)
            self._problem('unexpected end of file, expecting ";" or "}"', at, "this quote is never closed")
        elif self.words:
            message = 'unexpected end of file, expecting ";" or "}"'
            self._problem(message, self._across(self.words), 'the ";" is missing', kind="missing-semicolon")
        elif self.stack:
            at = self._across(self.stack[-1].words)
            self._problem('unexpected end of file, expecting "}"', at, "this block is never closed")
        if self.words:
            self._add(None)
        while self.stack:
            self._pop()

    def _pop(self) -> None:
        block = tuple(self.body)
        self.words, self.body = self.stack.pop()
        self._add(block if len(self.stack) < MAX_DEPTH else ())

    def _add(self, block: tuple[Directive, ...] | None) -> None:
        source, offset, text = self.source, self.offset, self.source.text
        name, begin, end, quoted, _ = self.words[0]
        words: list[Word] = []
        for _, start, end, quoted, _ in self.words[1:]:
            first, last = offset + start, offset + end
            words.append(Word(text[first:last], Span(source, first, last), quoted))
        at = Span(source, offset + begin, offset + end + quoted)
        self.body.append(Directive(name, tuple(words), at, block))
        self.words = []

    def _across(self, words: list[Token]) -> Span:
        return self._span(words[0][1], words[-1][2])

    def _span(self, start: int, end: int) -> Span:
        return Span(self.source, self.offset + start, self.offset + end)

    def _problem(self, message: str, at: Span, label: str, kind: str = "syntax") -> None:
        if len(self.problems) < _MOST_PROBLEMS and not is_touched(at.text):
            self.problems.append(Problem("nginx", kind, message, at, label=label))
