"""Shell text (POSIX sh and the common part of bash) as simple commands with exact places.

Only what decides which program starts is understood: words, quotes, parameters, the operators
between commands and how deep inside `if`, `for`, `case` or a function a command stands. Nothing is
expanded here except parameters whose value is given; `$(...)`, arithmetic and globs stay as written.
"""

from collections.abc import Callable, Iterator

from ..facts import Word
from ..record import Record
from ..source import Span
from .shell_text import Text

# A parameter's value: text, None where it is surely not set, False where it cannot be told.
Lookup = Callable[[str], str | bool | None]

_OPENS = frozenset({"if", "for", "while", "until", "case", "select"})
_NAMING = frozenset({"for", "case", "select", "function"})  # what follows is no command
_CLOSES = frozenset({"fi", "done", "esac", "}"})
_WITHIN = frozenset({"then", "else", "elif", "do", "!", "time"})
_BLANKS = " \t\r"
_ENDS = "\n;&|()"


class Part(Record):
    """A piece of a word: literal text, or a parameter. `dark` pieces are what is not expanded here."""

    text: str
    quoted: bool
    name: str = ""
    default: str | None = None
    dark: bool = False


class Raw(Record):
    """A word before expansion."""

    parts: tuple[Part, ...]
    at: Span

    @property
    def plain(self) -> str:
        """The word's text where it is free of parameters, else empty."""
        return "" if any(part.name or part.dark for part in self.parts) else "".join(p.text for p in self.parts)


class Simple(Record):
    """A simple command: its words, the operators around it and how many conditions it stands in."""

    words: tuple[Raw, ...]
    after: str
    depth: int
    before: str = "eof"
    redirected: bool = False


# ----------------------------------------------------------------------------------------- reading


def commands(text: Text) -> list[Simple]:
    """Return every simple command of the text in order."""
    return list(_Reader(text).commands())


class _Reader:
    def __init__(self, text: Text) -> None:
        self.source = text
        self.text = text.text
        self.at = 0
        self.heredocs: list[str] = []

    def commands(self) -> Iterator[Simple]:
        depth, after, words, brackets, redirected = 0, "", list[Raw](), 0, False
        while True:
            self._skip_blanks()
            end = self._operator()
            if end is None:
                word = self._word()
                if word.plain.isdigit() and self.text[self.at : self.at + 1] in ("<", ">"):
                    continue  # the 2 of `2>&1`
                words.append(word)
                continue
            if end in ("<", ">"):
                redirected = True
                continue
            words, depth = _keywords(words, depth)
            pattern = end == ")" and not brackets  # of `case`
            brackets = max(brackets + (end == "(") - (end == ")"), 0)
            if words and end != "(" and not pattern:  # `name (` begins a function
                yield Simple(tuple(words), after, depth, end, redirected)
            after, words, redirected = end, [], False
            if end == "eof":
                return

    def _skip_blanks(self) -> None:
        text = self.text
        while self.at < len(text):
            if text[self.at] in _BLANKS:
                self.at += 1
            elif text.startswith(("\\\n", "\\\r\n"), self.at):
                self.at = text.index("\n", self.at) + 1
            elif text[self.at] == "#":
                self.at = self._find("\n", self.at)
            elif text.startswith("{%", self.at):  # a statement of a template
                self.at = self._find("%}", self.at) + 2
            else:
                return

    def _operator(self) -> str | None:
        """Take an operator, or a redirection with its target (as "<" or ">"); None before a word."""
        text, at = self.text, self.at
        if at >= len(text):
            return "eof"
        if text.startswith(("&>", ">&"), at) or text[at] in "<>":
            return self._redirection()
        if text[at] not in _ENDS:
            return None
        size = 2 if text[at : at + 2] in ("&&", "||", ";;", "|&") else 1
        self.at += size
        if text[at] == "\n":
            self._skip_heredocs()
        return text[at : at + size]

    def _redirection(self) -> str:
        at = self.at
        while self.text[self.at : self.at + 1] in ("<", ">", "&", "|", "-"):
            self.at += 1
        operator = self.text[at : self.at]
        if self.text[self.at : self.at + 1] == "(":
            self.at += 1
            return ">"
        self._skip_blanks()
        if self.text[self.at : self.at + 1] not in ("", *_ENDS):
            target = self._word()
            if operator in ("<<", "<<-"):
                self.heredocs.append(target.plain)
        return operator[-1] if operator[-1] in "<>" else ">"

    def _skip_heredocs(self) -> None:
        while self.heredocs:
            delimiter = self.heredocs.pop(0)
            while self.at < len(self.text):
                end = self.text.find("\n", self.at)
                end = len(self.text) if end < 0 else end
                line, self.at = self.text[self.at : end].strip(), min(end + 1, len(self.text))
                if line == delimiter:
                    break

    def _word(self) -> Raw:
        start, parts = self.at, list[Part]()
        while self.at < len(self.text) and self.text[self.at] not in " \t\r\n;&|()<>":
            char = self.text[self.at]
            if char == "'":
                end = self._find("'", self.at + 1)
                parts.append(Part(self.text[self.at + 1 : end], True))
                self.at = end + 1
            elif char == '"':
                self.at += 1
                self._run(parts, '"', quoted=True)
                self.at += 1
            else:
                self._run(parts, " \t\r\n;&|()<>\"'", quoted=False)
        self.at = min(self.at, len(self.text))
        return Raw(tuple(parts), self.source.span(start, self.at))

    def _run(self, parts: list[Part], ends: str, quoted: bool) -> None:
        """Take characters up to one of `ends`, with escapes and parameters."""
        literal: list[str] = []
        while self.at < len(self.text) and self.text[self.at] not in ends:
            char = self.text[self.at]
            if char == "\\":
                literal.append(self._escape(quoted))
            elif self.text.startswith("{{", self.at) and "}}" in self.text[self.at : self.at + 200]:
                end = self.text.index("}}", self.at) + 2  # a hole of a template is one piece
                literal.append(self.text[self.at : end])
                self.at = end
            elif char in "$`":
                if literal:
                    parts.append(Part("".join(literal), quoted))
                    literal = []
                parts.append(self._parameter(quoted))
            else:
                literal.append(char)
                self.at += 1
        if literal or quoted:
            parts.append(Part("".join(literal), quoted))

    def _escape(self, quoted: bool) -> str:
        follows = self.text[self.at + 1 : self.at + 2]
        self.at += 2
        if follows == "\n":
            return ""
        return f"\\{follows}" if quoted and follows not in '"\\$`' else follows

    def _parameter(self, quoted: bool) -> Part:
        text, start = self.text, self.at
        follows = text[start + 1 : start + 2]
        if text[start] == "`":
            self.at = self._find("`", start + 1) + 1
        elif follows == "(":
            self.at = self._balanced(start + 1, "(", ")")
        elif follows == "{":
            self.at = self._balanced(start + 1, "{", "}")
            return _braced(text[start : self.at], quoted)
        elif follows.isalpha() or follows == "_":
            self.at = start + 2
            while self.at < len(text) and (text[self.at].isalnum() or text[self.at] == "_"):
                self.at += 1
            return Part(text[start : self.at], quoted, text[start + 1 : self.at])
        elif follows and follows in "0123456789@*#?$!-":
            self.at = start + 2
            return Part(text[start : self.at], quoted, follows)
        else:
            self.at = start + 1
            return Part("$", quoted)
        return Part(text[start : self.at], quoted, dark=True)

    def _find(self, what: str, at: int) -> int:
        end = self.text.find(what, at)
        return len(self.text) if end < 0 else end

    def _balanced(self, at: int, opens: str, closes: str) -> int:
        """Return the offset after the bracket that closes the one at `at`."""
        depth = 0
        for index in range(at, len(self.text)):
            char = self.text[index]
            depth += (char == opens) - (char == closes)
            if depth == 0:
                return index + 1
        return len(self.text)


def _braced(text: str, quoted: bool) -> Part:
    """Read `${NAME}`, `${NAME:-default}` and kin; any other form is dark."""
    inner = text[2:-1]
    size = next((i for i, char in enumerate(inner) if not (char.isalnum() or char == "_")), len(inner))
    name, rest = inner[:size] or inner[:1], inner[size:]
    if name and not rest:
        return Part(text, quoted, name)
    for operator in (":-", ":=", "-", "="):
        if name and size and rest.startswith(operator):
            default = rest[len(operator) :]
            if any(char in default for char in "$`\\"):
                break
            return Part(text, quoted, name, default.strip("\"'"))
    return Part(text, quoted, dark=True)


def _keywords(words: list[Raw], depth: int) -> tuple[list[Raw], int]:
    """Take reserved words off the front; return the rest and how deep it stands."""
    while words:
        word = words[0].plain
        if word in _OPENS or word in ("{", "function"):
            depth += 1
            if word in _NAMING:
                return [], depth
        elif word in _CLOSES:
            depth = max(depth - 1, 0)
        elif word not in _WITHIN:
            break
        words = words[1:]
    return words, depth


# --------------------------------------------------------------------------------------- expanding


def expand(raw: Raw, lookup: Lookup) -> list[Word]:
    """Return the words that one raw word becomes: usually one, none or several for an unquoted `$X`."""
    text, fixed, splits = "", True, False
    for part in raw.parts:
        value = _value(part, lookup)
        if value is None:
            text, fixed = text + part.text, False
        else:
            text += value
            splits = splits or bool(part.name and not part.quoted)
    if fixed and splits and len(raw.parts) == 1:
        return [Word(piece, raw.at) for piece in text.split()]
    if raw.parts and raw.parts[0].text.startswith("~") and not raw.parts[0].quoted:
        home = lookup("HOME")
        known = isinstance(home, str) and (text == "~" or text.startswith("~/"))
        text, fixed = (f"{home}{text[1:]}", fixed) if known else (text, False)
    return [Word(text, raw.at, fixed)]


def _value(part: Part, lookup: Lookup) -> str | None:
    if part.dark:
        return None
    if not part.name:
        return part.text
    value = lookup(part.name)
    if isinstance(value, bool):
        return None
    if part.default is not None and not value:
        return part.default
    return value or ""
