"""The words of an nginx configuration and their places.

crossplane's lexer says what the words are, but not where: between two of its tokens lie only blanks
and quotes, so each is found again by walking a cursor over the same text.
"""

import re
from functools import cache

from crossplane.errors import NgxParserBaseException
from crossplane.lexer import _lex_file_object

from ...record import Record


class Token(Record):
    """A word, or one of `{`, `}`, `;` (then `special`). `text` is without quotes, `start` and `end`
    are those of the characters between them."""

    text: str
    start: int
    end: int
    quoted: bool = False
    special: bool = False


class Lexed(Record):
    """`glued` are offsets of characters right behind a closing quote; `unclosed` is the offset of a
    quote that is never closed, or -1."""

    tokens: list[Token]
    glued: list[int]
    unclosed: int


@cache
def _pieces(comments: bool) -> re.Pattern[str]:
    """What crossplane's lexer is fed with.

    It is a loop over "characters" that looks closely at blanks, quotes, braces, `;`, `#`, `$` and backslashes
    only; with runs of other characters it is five times as fast. Where there are `comments`, blanks end with a
    line, as comments do. `${name}` and `${` go in as one piece: otherwise crossplane reads on to the next `}`, where
    nginx ends the word at a blank, a `;` or another `{`.
    """
    plain, blanks = r"[^\s\\\"'#{};$]", r"\n|[^\S\n]+" if comments else r"\s+"
    return re.compile(rf"{plain}+|\$\w{plain}*|{blanks}|\\[\s\S]|\$\{{\w*\}}|\$\{{+|[\s\S]")


@cache
def _quoted(quote: str) -> re.Pattern[str]:
    return re.compile(rf"{quote}((?:[^{quote}\\]|\\.)*+){quote}", re.S)


@cache
def _blanks() -> re.Pattern[str]:
    return re.compile(r"\s*")


def lex(text: str) -> Lexed:
    """Split masked text into words; comments are left out."""
    tokens: list[Token] = []
    glued: list[int] = []
    cursor = 0
    torn = False  # whether a brace stands right behind a word: it may belong to that
    # The lexer drops a last word that no character follows.
    pieces = text if "_by_lua_block" in text else _pieces("#" in text).findall(text)
    try:
        for word, _, quoted in _lex_file_object([pieces, "\n"]):
            if quoted:
                token, cursor = _quoted_token(text, word, cursor)
                tokens.append(token)
                continue
            in_lua = word == ";" and bool(tokens) and tokens[-1].quoted and text[cursor - 1] == "}"
            start = -1 if in_lua else text.find(word, cursor)
            if start < 0:  # the `;` that stands for the end of a Lua block
                start, word = cursor - 1, ";"
            if word[0] == "#":  # all of its line: crossplane leaves out a backslash at the end
                line_end = text.find("\n", start)
                cursor = line_end if line_end >= 0 else len(text)
                continue
            glued_on = False
            if start == cursor and tokens and word[0] not in ";{)":
                torn = torn or word == "}"
                if glued_on := tokens[-1].quoted:
                    glued.append(start)
            cursor = start + len(word)
            tokens.append(Token(word, start, cursor, False, not glued_on and word in "{};"))
    except NgxParserBaseException:  # a Lua block without its brace
        pass
    rest = _blanks().match(text, cursor)
    unclosed = rest.end() if rest is not None and rest.end() < len(text) else -1
    return Lexed(_rejoined(tokens) if torn else tokens, glued, unclosed)


def _quoted_token(text: str, word: str, cursor: int) -> tuple[Token, int]:
    blanks = _blanks().match(text, cursor)
    start = blanks.end() if blanks else cursor
    found = _quoted(text[start]).match(text, start) if text[start : start + 1] in ("'", '"') else None
    if found is None:  # the text of a Lua block, between its braces
        start = min(start + 1, len(text))
        end = min(start + len(word), len(text))
        return Token(text[start:end], start, end, True), min(end + 1, len(text))
    return Token(text[found.start(1) : found.end(1)], found.start(1), found.end(1), True), found.end()


def _rejoined(tokens: list[Token]) -> list[Token]:
    """Put back together what only crossplane takes apart: in nginx a `}` inside a word belongs to it."""
    joined: list[Token] = []
    inside = False  # whether the last word has taken in a brace
    for token in tokens:
        last = joined[-1] if joined else None
        plain = last is not None and not last.special and not last.quoted and last.end == token.start
        if last and plain and not token.quoted and (token.text == "}" or (inside and not token.special)):
            joined[-1] = Token(last.text + token.text, last.start, token.end)
            inside = True
        else:
            joined.append(token)
            inside = False
    return joined
