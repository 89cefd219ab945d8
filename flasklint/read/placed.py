"""Text whose every character still knows where it was written.

Between a file and what a program gets lie quotes, folded lines, escapes and variables; `Placed`
carries the text through them.
"""

from collections.abc import Callable, Collection, Sequence

from ..facts import Word
from ..record import Record
from ..source import Source, Span
from ..value import Known, Unknown, has_hole

BLANKS = " \t\r\n"
_LONG = 4_000  # characters; a longer word is no word of a command line
_GROWS = 8_000  # characters that variables may add to one line
_DEEP = 8  # levels of `${A:-${B:-...}}`

# A variable's text, or None where it cannot be told.
Lookup = Callable[[str], str | None]


class Placed(Record):
    """Text and the half-open range of each character in `source`.

    `dark` are the offsets of characters that stand for something unknown (a variable left as it
    was written).
    """

    text: str
    source: Source
    starts: Sequence[int]
    ends: Sequence[int]
    dark: Collection[int] = frozenset()

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """Return the place of `text[start:end]`."""
        end = len(self.text) if end is None else end
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else self.ends[-1] if self.ends else 0
            return Span(self.source, at, at)
        return Span(self.source, self.starts[start], max(self.ends[end - 1], self.starts[start]))

    def part(self, start: int, end: int) -> "Placed":
        return Placed(self.text[start:end], self.source, self.starts[start:end], self.ends[start:end], self.dark)

    def strip(self) -> "Placed":
        start = len(self.text) - len(self.text.lstrip())
        return self.part(start, max(start, len(self.text.rstrip())))

    def is_fixed(self, start: int = 0, end: int | None = None) -> bool:
        """Tell whether no unknown variable takes part in `text[start:end]`."""
        text = self.text[start:end]
        if len(text) > _LONG or has_hole(text):
            return False
        return not self.dark or not any(at in self.dark for at in self.starts[start:end])

    def word(self) -> Word:
        """Return the whole text as one word; line ends after it are not part of its place."""
        return Word(self.text, self.span(0, len(self.text.rstrip("\n")) or None), self.is_fixed())

    def value(self, why: str = "it holds a variable") -> Known[str] | Unknown:
        """Return the whole text as a value, Unknown where a variable takes part."""
        return Known(self.text, self.span()) if self.is_fixed() else Unknown(why, self.span())

    def stand_in(self, start: int, end: int, text: str) -> "Placed":
        """Return another text in the place of `text[start:end]`."""
        at = self.span(start, end)
        return Placed(text, self.source, [at.start] * len(text), [at.end] * len(text))

    def darkened(self, start: int, end: int) -> "Placed":
        """Return `text[start:end]` as something unknown."""
        part = self.part(start, end)
        return part._replace(dark=frozenset(part.starts) | set(part.dark))


def of(source: Source, start: int, end: int) -> Placed:
    """Return the text of a source between two offsets."""
    return Placed(source.text[start:end], source, range(start, end), range(start + 1, end + 1))


def join(pieces: Sequence[Placed], between: str = "") -> Placed:
    """Return the pieces one after the other; `between` stands at the end of the piece before it."""
    text, starts, ends, dark = list[str](), list[int](), list[int](), set[int]()
    for index, piece in enumerate(pieces):
        if index and between:
            text.append(between)
            starts += [ends[-1] if ends else 0] * len(between)
            ends += [ends[-1] if ends else 0] * len(between)
        text.append(piece.text)
        starts += piece.starts
        ends += piece.ends
        dark.update(piece.dark)
    return Placed("".join(text), pieces[0].source, starts, ends, dark)


# ------------------------------------------------------------------------------------------- words


def split_words(line: Placed, stops: str = "") -> tuple[Word, ...]:
    """Split like Python's `shlex.split`: quotes and backslashes of POSIX, nothing expanded.

    A template's `{{ x }}` is never taken apart. The first unquoted character of `stops` ends it all.
    The place of a word that is quoted as a whole is what stands within the quotes.
    """
    words, text, at = list[Word](), line.text, 0
    closing = text.rfind("}}")
    while True:
        while at < len(text) and text[at] in BLANKS:
            at += 1
        if at >= len(text) or text[at] in stops:
            return tuple(words)
        start = at
        word, at = _take_word(text, at, stops, closing)
        fixed = line.is_fixed(start, at)
        inner = at - start > 2 and text[start] in "\"'" and word == text[start + 1 : at - 1]
        words.append(Word(word, line.span(start + inner, at - inner), fixed))


def _take_word(text: str, at: int, stops: str, closing: int) -> tuple[str, int]:
    """Return the word that begins at `at`, without its quotes, and the offset after it."""
    taken, ends = list[str](), BLANKS + stops
    while at < len(text) and text[at] not in ends:
        char = text[at]
        if char == "'":
            end = text.find("'", at + 1)
            end = len(text) if end < 0 else end
            taken.append(text[at + 1 : end])
            at = end + 1
        elif char == '"':
            at = _take_quoted(text, at + 1, taken)
        elif char == "\\":
            taken.append(text[at + 1 : at + 2])
            at += 2
        elif text.startswith("{{", at) and at < closing:
            end = text.index("}}", at) + 2
            taken.append(text[at:end])
            at = end
        else:
            taken.append(char)
            at += 1
    return "".join(taken), min(at, len(text))


def _take_quoted(text: str, at: int, taken: list[str]) -> int:
    """Take characters up to the closing double quote; return the offset after it."""
    while at < len(text) and text[at] != '"':
        escaped = text[at] == "\\" and text[at + 1 : at + 2] in ('"', "\\")
        at += escaped
        taken.append(text[at])
        at += 1
    return at + 1


# --------------------------------------------------------------------------------------- variables


def interpolate(line: Placed, lookup: Lookup, doubled: bool = True) -> Placed:
    """Replace `$X`, `${X}`, `${X:-default}` and kin, as Compose and Docker do.

    What cannot be told stays as written and dark. With `doubled`, `$$` is a dollar sign. The
    characters of a replacement all stand where the variable stands.
    """
    return _interpolate(line, lookup, doubled, 0) if "$" in line.text else line


def _interpolate(line: Placed, lookup: Lookup, doubled: bool, depth: int) -> Placed:
    pieces, text, at, kept, grown = list[Placed](), line.text, 0, 0, 0
    while (at := text.find("$", at)) >= 0:
        if doubled and text.startswith("$$", at):
            pieces += [line.part(kept, at), line.stand_in(at, at + 2, "$")]
            at = kept = at + 2
            continue
        end = _end_of_variable(text, at)
        if end <= at + 1:
            at += 1
            continue
        value = _value(line.part(at, end), lookup, doubled, depth) if grown < _GROWS else None
        grown += len(value or "")
        pieces += [
            line.part(kept, at),
            line.darkened(at, end) if value is None else line.stand_in(at, end, value),
        ]
        at = kept = end
    return join([*pieces, line.part(kept, len(text))])


def _end_of_variable(text: str, at: int) -> int:
    """Return the offset after the `$X` or `${...}` that begins at `at`; `at + 1` where it is none."""
    follows = text[at + 1 : at + 2]
    if follows != "{":
        end = at + 1
        if follows.isalpha() or follows == "_":
            while end < len(text) and (text[end].isalnum() or text[end] == "_"):
                end += 1
        return end
    depth, limit = 0, min(len(text), at + _LONG)
    for index in range(at + 1, limit):
        depth += (text[index] == "{") - (text[index] == "}")
        if not depth:
            return index + 1
    return limit


def _value(variable: Placed, lookup: Lookup, doubled: bool, depth: int) -> str | None:
    inner = variable.text[2:-1] if variable.text.startswith("${") else variable.text[1:]
    size = next((i for i, char in enumerate(inner) if not (char.isalnum() or char == "_")), len(inner))
    name, rest = inner[:size], inner[size:]
    value = lookup(name) if name else None
    colon = rest.startswith(":")
    operator, otherwise = rest[colon : colon + 1], rest[colon + 1 :]
    if not rest or operator == "?":
        return value
    is_set = value is not None and (value != "" or not colon)
    if operator not in ("-", "+") or not name or (operator == "+" and value is None):
        return None
    if is_set == (operator == "-"):
        return value if operator == "-" else ""
    return _default(variable, len(variable.text) - 1 - len(otherwise), lookup, doubled, depth)


def _default(variable: Placed, start: int, lookup: Lookup, doubled: bool, depth: int) -> str | None:
    word = variable.part(start, len(variable.text) - 1)
    if "$" not in word.text:
        return word.text
    if depth >= _DEEP:
        return None
    word = _interpolate(word, lookup, doubled, depth + 1)
    return word.text if word.is_fixed() else None
