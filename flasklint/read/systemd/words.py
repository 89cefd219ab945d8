"""Splitting a value into words, as `extract_first_word()` of systemd does it.

Blanks separate; quotes of both kinds group, also in mid-word; C escapes work in and out of quotes.
Source of the rules: systemd 252, src/basic/extract-word.c and src/basic/escape.c.
"""

import re
from functools import cache, lru_cache

from ...record import Record
from .holes import CLOSERS, hole_end, normal

BLANKS = " \t\n\r"
_ESCAPES = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "s": " ",
    '"': '"',
    "'": "'",
    "\\": "\\",
}
_DIGITS = {"x": (2, 16), "u": (4, 16), "U": (8, 16)}


class Piece(Record):
    """One word: its text without quotes and escapes, and its offsets in the value.

    `quoted` tells that quotes took part in it, `odd_escape` that systemd warns of an unknown escape.
    """

    text: str
    start: int
    end: int
    quoted: bool = False
    odd_escape: bool = False


class BadWordError(Exception):
    """A word that cannot be split: an unbalanced quote, or (`escape`) an unknown escape sequence."""

    def __init__(self, start: int, escape: bool = False) -> None:
        super().__init__(start)
        self.start = start
        self.escape = escape


def split_words(text: str, start: int = 0) -> tuple[Piece, ...]:
    """Split a value into all its words; unknown escapes are kept as written.

    Raises `BadWordError` at an unbalanced quote.
    """
    words = []
    while (word := next_word(text, start)) is not None:
        words.append(word)
        start = word.end
    return tuple(words)


def next_word(text: str, start: int, strict: bool = False) -> Piece | None:
    """Return the first word at or after `start`, None where only blanks are left.

    With `strict` (as `Environment=` is read) an unknown escape raises `BadWordError`; without it (as
    `ExecStart=` is read) the word is kept with the escape as written.
    """
    plain = _usual().match(text, start)
    if plain is not None:
        whole, quoted = plain[1], plain[2]
        return Piece(whole if quoted is None else quoted, *plain.span(1), quoted is not None)
    while start < len(text) and text[start] in BLANKS:
        start += 1
    if start >= len(text):
        return None
    try:
        return _word(text, start, relaxed=False)
    except BadWordError:
        if strict:
            raise
        return _word(text, start, relaxed=True)._replace(odd_escape=True)


def _word(text: str, start: int, relaxed: bool) -> Piece:
    parts: list[str] = []
    quote, quoted, at, size = "", False, start, len(text)
    while at < size:
        char = text[at]
        if char in BLANKS and not quote:
            break
        if plain := _plain(quote).match(text, at):
            parts.append(plain[0])
            at = plain.end()
        elif char == "\\":
            piece, at = _unescape(text, at, relaxed and not quote, relaxed, start)
            parts.append(piece)
        elif char == quote or (char in "'\"" and not quote):
            quote, quoted, at = "" if quote else char, True, at + 1
        elif _may_close(text, at) and (end := hole_end(text, at)) > at:
            parts.append(normal(text[at:end]))
            at = end
        else:
            parts.append(char)
            at += 1
    if quote:
        raise BadWordError(start)
    return Piece("".join(parts), start, at, quoted)


def _unescape(text: str, at: int, may_end: bool, relaxed: bool, start: int) -> tuple[str, int]:
    """Return what the escape at `at` stands for and where it ends."""
    char = text[at + 1 : at + 2]
    if not char:
        if may_end:
            return "\\", at + 1
        raise BadWordError(start, escape=True)
    if char in _ESCAPES:
        return _ESCAPES[char], at + 2
    size, base = _DIGITS.get(char, (3, 8))
    begin = at + 2 if char in _DIGITS else at + 1
    code = _number(text[begin : begin + size], size, base)
    if code and not (size == 3 and code > 255):
        return chr(code), begin + size
    if relaxed:
        return "\\" + char, at + 2
    raise BadWordError(start, escape=True)


def _number(digits: str, size: int, base: int) -> int:
    allowed = "0123456789abcdefABCDEF" if base == 16 else "01234567"
    if len(digits) != size or any(digit not in allowed for digit in digits):
        return 0
    code = int(digits, base)
    return code if code < 0x110000 and not 0xD800 <= code < 0xE000 else 0


def _may_close(text: str, at: int) -> bool:
    return text[at : at + 2] in CLOSERS and _last_closers(text)[text[at : at + 2]] > at


@lru_cache(maxsize=8)
def _last_closers(text: str) -> dict[str, int]:
    """Where each kind of template expression can close last: keeps hostile lines linear."""
    return {opener: text.rfind(closer) for opener, closer in CLOSERS.items()}


@cache
def _usual() -> re.Pattern[str]:
    """A word that is what it looks like or what it quotes, and the blanks before it."""
    return re.compile(r"[ \t\n\r]*+([^ \t\n\r'\"\\{<]++|\"([^\"\\{<]*+)\")(?=[ \t\n\r]|\Z)")


@cache
def _plain(quote: str) -> re.Pattern[str]:
    """What needs no closer look inside the given quote ("" is outside of quotes)."""
    return re.compile({"": r"[^ \t\n\r'\"\\{<]+", "'": r"[^'\\{<]+", '"': r"[^\"\\{<]+"}[quote])
