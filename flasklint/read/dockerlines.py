"""A Dockerfile's instructions, continuation lines joined, with exact places.

The grammar is BuildKit's: https://docs.docker.com/reference/dockerfile/
"""

import re
from collections.abc import Iterator
from functools import cache

from ..facts import Word
from ..record import Record
from ..source import Source, Span
from ..value import has_hole
from .placed import BLANKS, Placed, join, of

MAX_LENGTH = 100_000  # characters; nothing is read of a longer file


class Instruction(Record):
    """`keyword` in upper case; `rest` is everything after it, without comment lines."""

    keyword: str
    rest: Placed
    at: Span


class Started(Record):
    """The argument of CMD or ENTRYPOINT; with `shell`, `words` is the one line a shell gets."""

    words: tuple[Word, ...]
    at: Span
    shell: bool


def instructions(source: Source) -> Iterator[Instruction]:
    """Yield the instructions in order; the bodies of here-documents are left out."""
    text, at = source.text, 0
    escape = _escape(text)
    if len(text) > MAX_LENGTH:
        return
    while at < len(text):
        pieces, at = _logical_line(source, at, escape)
        if not pieces:
            continue
        line = _join(pieces).strip()
        size = next((i for i, char in enumerate(line.text) if char in BLANKS), len(line.text))
        keyword = line.text[:size].upper()
        if keyword in ("RUN", "COPY", "ADD") and "<<" in line.text:
            at = _after_heredocs(text, at, line.text)
        if keyword.isalpha():
            yield Instruction(keyword, line.part(size, len(line.text)).strip(), line.span())


def _escape(text: str) -> str:
    """Return the continuation character: the backslash, or the one of a `# escape=` directive."""
    for line in text[:1000].split("\n")[:5]:
        name, equals, value = line.strip().removeprefix("#").partition("=")
        if not line.startswith("#") or not equals:
            break
        if name.strip().lower() == "escape" and value.strip() == "`":
            return "`"
    return "\\"


def _logical_line(source: Source, at: int, escape: str) -> tuple[list[Placed], int]:
    """Return the pieces of the logical line that begins at `at`, and the offset of the next one."""
    pieces, text = list[Placed](), source.text
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line, start, at = text[at:end].rstrip(), at, end + 1
        if not line.strip() or line.lstrip().startswith("#"):
            if pieces:
                continue  # BuildKit drops empty and comment lines within an instruction
            return [], at
        continued = line.endswith(escape)
        pieces.append(of(source, start, start + len(line) - continued))
        if not continued:
            break
    return pieces, at


def _join(pieces: list[Placed]) -> Placed:
    """Join continued lines; the line end between two of them reads as a blank unless both touch it."""
    if len(pieces) == 1:
        return pieces[0]
    spaced = pieces[:1]
    for piece in pieces[1:]:
        before = spaced[-1]
        if before.text and (before.text[-1].isspace() or piece.text[:1].isspace()):
            spaced.append(of(before.source, before.ends[-1], before.ends[-1] + 1)._replace(text=" "))
        spaced.append(piece)
    return join(spaced)


def _after_heredocs(text: str, at: int, line: str) -> int:
    for match in _heredoc().finditer(line):
        while at < len(text):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            body, at = text[at:end].strip(), end + 1
            if body == match[2]:
                break
    return at


@cache
def _heredoc() -> re.Pattern[str]:
    return re.compile(r"<<-?([\"']?)([A-Za-z_]\w*)\1")


# -------------------------------------------------------------------------------------- arguments


def started(rest: Placed) -> Started:
    """Read the argument of CMD or ENTRYPOINT: a JSON array of strings, else a line for `/bin/sh -c`."""
    words = json_words(rest) if rest.text.startswith("[") else None
    if words is not None:
        return Started(words, rest.span(), shell=False)
    # A shell's own variables are no holes: only a template's are.
    return Started((Word(rest.text, rest.span(), "{{" not in rest.text),), rest.span(), shell=True)


def json_words(rest: Placed) -> tuple[Word, ...] | None:
    """Return the strings of a JSON array with their places, None where it is none."""
    words, text, at = list[Word](), rest.text, 1
    while True:
        at = _skip(text, at)
        if text[at : at + 1] == "]" and not words:
            break
        if text[at : at + 1] != '"':
            return None
        end = _closing(text, at + 1)
        word = _unescape(text[at + 1 : end]) if end > 0 else None
        if word is None:
            return None
        inner = int(end > at + 1)
        fixed = len(word) < 4_000 and not has_hole(word)
        words.append(Word(word, rest.span(at + inner, end + 1 - inner), fixed))
        at = _skip(text, end + 1)
        if text[at : at + 1] == "]":
            break
        if text[at : at + 1] != ",":
            return None
        at += 1
    return tuple(words) if not text[at + 1 :].strip() else None


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in BLANKS:
        at += 1
    return at


def _closing(text: str, at: int) -> int:
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == '"':
            return at
        at += 1
    return -1


def _unescape(text: str) -> str | None:
    if "\\" not in text:
        return text
    import json

    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return None
