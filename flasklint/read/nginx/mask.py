"""Template variables and statements in a configuration, masked before it is lexed.

Masked text has the length of the original, so offsets stay. A variable becomes a word of `HOLE`
characters, a statement becomes blanks, and a variable that stands alone where a directive is
expected becomes a directive of its own: it may expand to any number of them.
"""

import re
from functools import cache

from ...record import Record
from ...value import has_hole

HOLE = "\ue000"
_CLOSERS = {"{{": "}}", "{%": "%}", "{#": "#}", "<%": "%>"}
_LONGEST_PROBED = 4000


class Masked(Record):
    """`branches` is True where template statements choose or repeat parts of the text."""

    text: str
    branches: bool = False


@cache
def _opener() -> re.Pattern[str]:
    return re.compile(r"\{\{|\{%|\{#|<%|\$\{[A-Z_][A-Z0-9_]*\}")


@cache
def _control() -> re.Pattern[str]:
    """What is a statement inside `{{ }}`: Go's templates and Handlebars."""
    return re.compile(r"\{\{[-~]?\s*(?:[#/^!]|(?:if|range|else|end|with|define|template|block)\b|\$\w+\s*:?=)")


def mask(text: str) -> Masked:
    """Mask Jinja, ERB, Go, Mustache and envsubst expressions. Time is linear in the text's length."""
    if not ("{" in text or "<" in text) or not any(opener in text for opener in ("{{", "{%", "{#", "<%", "${")):
        return Masked(text)
    search = _opener().search
    jinja = "{{" in text or "{%" in text
    parts: list[str] = []
    done, at, branches = 0, 0, False
    hopeless: set[str] = set()
    while found := search(text, at):
        start, opener, at = found.start(), found[0], found.end()
        if opener in hopeless or (opener == "{#" and not jinja and not _begins_line(text, start)):
            continue
        end = _end(text, opener, at)
        if end < 0:
            hopeless.add(opener)
            continue
        statement = _is_statement(text, opener, start)
        branches = branches or (statement and opener != "{#")
        parts += [text[done:start], _filled(text, start, end, statement)]
        done = at = end
    return Masked("".join([*parts, text[done:]]), branches)


def is_touched(text: str) -> bool:
    """Tell whether a piece of original or masked text holds a template variable."""
    return len(text) > _LONGEST_PROBED or HOLE in text or has_hole(text)


def cut_points(text: str) -> str:
    """Return the text with its variables masked, for finding `:` and `/` outside them."""
    return mask(text).text


def _end(text: str, opener: str, at: int) -> int:
    if opener[0] == "$":
        return at
    found = text.find(_CLOSERS[opener], at)
    return found + 2 if found >= 0 else -1


def _is_statement(text: str, opener: str, start: int) -> bool:
    if opener == "{{":
        return _control().match(text, start) is not None
    return opener in ("{%", "{#") or (opener == "<%" and text[start + 2 : start + 3] != "=")


def _filled(text: str, start: int, end: int, statement: bool) -> str:
    if statement:
        return "".join("\n" if char == "\n" else " " for char in text[start:end])
    if _stands_alone(text, start, end):
        return HOLE * (end - start - 1) + ";"
    return HOLE * (end - start)


def _begins_line(text: str, start: int) -> bool:
    before = text[max(0, start - 200) : start]
    return not before.rpartition("\n")[2].strip() and ("\n" in before or len(before) == start)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether nothing else is on the line and the text before it has come to the end of a directive."""
    if text[end : end + 200].partition("\n")[0].strip() or not _begins_line(text, start):
        return False
    last_line = text[max(0, start - 400) : start].rstrip().rpartition("\n")[2].rstrip()
    return not last_line or last_line[-1] in ";{}%#" or "#" in last_line
