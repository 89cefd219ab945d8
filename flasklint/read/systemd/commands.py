"""`ExecStart=` and its kin: prefixes, words and `$` expansion.

Source of the rules: systemd 252, `config_parse_exec()` in src/core/load-fragment.c and
`replace_env_argv()` in src/basic/env-util.c; systemd.service(5), "COMMAND LINES".
"""

from collections.abc import Iterator

from ...facts import Environment, Exec, Problem, Word
from ...record import Record
from ...source import Span
from ...value import Unknown
from .holes import has_hole, is_placeholder
from .lines import Assignment
from .specifiers import Scope, bad_specifier, expand
from .words import BadWordError, Piece, next_word, split_words

MOST_REPLACED = 100  # words of a command, or variables of a word
_LONGEST_VALUE = 4_000  # characters of a variable that is put into a command
# Set by the manager for some processes only: whether they are there cannot be told from files.
_BY_MANAGER = frozenset({
    "MAINPID", "MANAGERPID", "INVOCATION_ID", "JOURNAL_STREAM", "NOTIFY_SOCKET", "LISTEN_FDS",
    "LISTEN_PID", "LISTEN_FDNAMES", "WATCHDOG_PID", "WATCHDOG_USEC", "SYSTEMD_EXEC_PID",
    "SERVICE_RESULT", "EXIT_CODE", "EXIT_STATUS", "CREDENTIALS_DIRECTORY", "TERM", "LANG",
})  # fmt: skip
_SPECIAL = frozenset("\"'\\\x7f").union(map(chr, range(32)))  # no path of a program may hold them


class Parsed(Record):
    commands: tuple[Exec, ...]
    problems: tuple[Problem, ...]


def parse_exec(assignment: Assignment, unit: str, scope: Scope, template: bool = False) -> Parsed:
    """Read the value of an `Exec*=` key: one command, or several with ` ; ` between them.

    `unit` is the unit's name, for its specifiers. What systemd refuses is a problem and still a
    command, as far as it can be read.
    """
    reader = _Reader(assignment, unit, scope, template)
    at: int | None = 0
    while at is not None:
        at = reader.command(at)
    return Parsed(tuple(reader.commands), tuple(reader.problems))


class _Reader:
    """Reads one value; what is said of the command at hand depends on its prefix `-`."""

    def __init__(self, assignment: Assignment, unit: str, scope: Scope, template: bool) -> None:
        self.assignment = assignment
        self.text = assignment.value
        self.unit, self.scope, self.template = unit, scope, template
        self.commands: list[Exec] = []
        self.problems: list[Problem] = []
        self.ignoring = False  # the prefix "-" of the command at hand: a fault costs the line, not the unit
        self.faulty = False

    def command(self, at: int) -> int | None:
        """Read one command; return where the next one begins, None at the end."""
        self.ignoring = self.faulty = False
        try:
            first = next_word(self.text, at)
        except BadWordError as error:
            self.unbalanced("bad-exec", error.start)  # systemd has not seen a command yet: no refusal
            return None
        if first is None:
            return None
        if first.text == ";":
            return first.end
        prefixes = _prefixes(first.text)
        self.ignoring = "-" in prefixes
        path = self.word(first, cut=len(prefixes))
        self.judge(path)
        try:
            words, end, more = self.arguments(first.end)
        except BadWordError as error:
            self.unbalanced("refused-unbalanced-quote", error.start)
            return None
        argv0 = None
        if "@" in prefixes and words:  # the first argument is argv[0]; the program itself is the path
            argv0, *words = words
        elif "@" in prefixes:
            message = f"Empty executable name or zeroeth argument{self.tail}: {self.text}"
            self.fault("refused-exec-empty", message, path.at)
        if self.faulty and self.ignoring:
            return None
        span = self.assignment.span(first.start, end)
        self.commands.append(Exec(self.assignment.key, prefixes, (path, *words), span, argv0))
        return more

    def arguments(self, at: int) -> tuple[list[Word], int, int | None]:
        """Return the words up to a lone `;`, where the last ends, and where the next command begins."""
        text, end = self.text, at
        words: list[Word] = []
        while (piece := next_word(text, end)) is not None:
            start = piece.start
            written = text[start : piece.end]
            if written == ";":
                return words, end, piece.end
            end = piece.end
            escaped = written == "\\;"
            words.append(Word(";", self.assignment.span(start, end)) if escaped else self.word(piece))
        return words, end, None

    def word(self, piece: Piece, cut: int = 0) -> Word:
        """Return a word with its specifiers expanded; `cut` characters of prefix are left out."""
        text, start, end, _, odd_escape = piece
        if odd_escape:
            message = f'Ignoring unknown escape sequences: "{text}"'
            self.problems.append(Problem("systemd", "bad-escape", message, self.assignment.span(start, end)))
        if cut:
            start += cut if self.text.startswith(text[:cut], start) else 0
            text = text[cut:]
        span = self.assignment.span(start, end)
        if "%" not in text:
            return Word(text, span)
        if (bad := bad_specifier(text)) is not None:
            message = f"Failed to resolve unit specifiers in {text}{self.tail}: Invalid slot"
            self.fault("refused-specifier", message, span, f"write %{bad} for a literal {bad}")
        full = expand(self.unit, text, self.scope)
        return Word(full, span, "{{%" not in full)

    def judge(self, path: Word) -> None:
        """Say what systemd says of the program's path."""
        text = path.text
        if text.startswith("/") and text[-1] != "/" and _SPECIAL.isdisjoint(text):
            return
        if (is_placeholder(text) and not text.startswith("$")) or (self.template and "$" in text):
            return
        if not text:
            message = f"Empty path in command line{self.tail}: '{self.text}'"
            self.fault("refused-exec-empty", message, path.at)
        elif not _SPECIAL.isdisjoint(text):
            message = f"Executable name contains special characters{self.tail}: {text}"
            self.fault("refused-exec-special", message, path.at)
        elif text.endswith("/"):
            message = f"Executable path specifies a directory{self.tail}: {text}"
            self.fault("refused-exec-directory", message, path.at)
        elif "/" in text and not text.startswith("/"):
            message = f"Neither a valid executable name nor an absolute path{self.tail}: {text}"
            self.fault("bad-exec-not-absolute" if self.ignoring else "refused-exec-not-absolute", message, path.at)

    @property
    def tail(self) -> str:
        return ", ignoring" if self.ignoring else ""

    def unbalanced(self, kind: str, start: int) -> None:
        span = self.assignment.span(start, len(self.text))
        self.fault(kind, f'Unbalanced quoting, ignoring: "{self.text}"', span)

    def fault(self, kind: str, message: str, span: Span, repair: str = "") -> None:
        """A fault that costs the unit, or with the prefix `-` only the line."""
        self.faulty = True
        kind = "bad-exec" if self.ignoring and kind.startswith("refused") else kind
        self.problems.append(Problem("systemd", kind, message, span, repair=repair))


def expand_each(command: Exec, environment: Environment) -> Iterator[tuple[Word, list[Word]]]:
    """Yield each word of a command and the words that the program gets for it, `$` variables replaced.

    Only `${NAME}` within a word and `$NAME` as a whole word are replaced; the first word never is. An
    unset `$NAME` leaves no word at all, and so does `$A:$B`, which systemd takes for one name. A word
    whose variable cannot be told is kept as written with `fixed=False`, and so is every word with a
    variable beyond the first hundred of them.
    """
    replaced = 0
    for number, word in enumerate(command.words):
        if not number or "$" not in word.text or ":" in command.prefixes:
            yield word, [word]
        elif replaced >= MOST_REPLACED:
            yield word, [word._replace(fixed=False)]
        elif word.text[0] == "$" and word.text[1:2] not in ("{", "$"):
            replaced += 1
            yield word, _whole_word(word, environment)
        else:
            replaced += 1
            yield word, [_within(word, environment)]


def _whole_word(word: Word, environment: Environment) -> list[Word]:
    value = _lookup(environment, word.text[1:])
    if value is None or len(value) > _LONGEST_VALUE:
        return [word._replace(fixed=False)]
    try:
        return [Word(piece.text, word.at, word.fixed) for piece in split_words(value)]
    except BadWordError:
        return [word._replace(fixed=False)]


def _within(word: Word, environment: Environment) -> Word:
    text, parts, at = word.text, [], 0
    while (dollar := text.find("$", at)) >= 0:
        parts.append(text[at:dollar])
        at = dollar + 1
        if text[at : at + 1] == "$":
            parts.append("$")
            at += 1
        elif text[at : at + 1] == "{" and (close := text.find("}", at)) > 0 and ":" not in text[at:close]:
            value = _lookup(environment, text[at + 1 : close])
            if value is None or len(value) > _LONGEST_VALUE or len(parts) > MOST_REPLACED:
                return word._replace(fixed=False)
            parts.append(value)
            at = close + 1
        else:
            parts.append("$")
    return Word("".join(parts) + text[at:], word.at, word.fixed)


def _lookup(environment: Environment, name: str) -> str | None:
    """The value of a variable, "" where it is surely not set, None where that cannot be told."""
    if name in _BY_MANAGER or "{" in name or has_hole(name):
        return None
    value = environment.get(name)
    if value is None:
        return ""
    return None if isinstance(value, Unknown) else value.value


def _prefixes(word: str) -> str:
    """Return the leading characters of `@-:+!` that systemd takes as prefixes."""
    taken = ""
    for char in word:
        once = char in "-@:" and char not in taken
        privilege = char in "+!" and "+" not in taken and taken.count("!") < (2 if char == "!" else 1)
        if not once and not privilege:
            break
        taken += char
    return taken
