"""Template variables in a line: `{{ x }}`, `{% if x %}`, `<%= x %>` keep together whatever they hold."""

import re
from functools import cache

from ... import value

_LONG = 4000  # characters; no word or path is that long
CLOSERS = {"{{": "}}", "{%": "%}", "{#": "#}", "<%": "%>"}


def hole_end(text: str, at: int) -> int:
    """Return the offset just after the template expression that opens at `at`, or `at` if none does."""
    closer = CLOSERS.get(text[at : at + 2])
    if closer is None:
        return at
    end = text.find(closer, at + 2)
    return at if end < 0 else end + 2


def holes(text: str) -> list[tuple[int, int]]:
    """Return the offsets of every template expression in `text`, in order, not nested."""
    found: list[tuple[int, int]] = []
    hopeless: set[str] = set()
    at = 0
    while (at := _next_opener(text, at)) >= 0:
        opener = text[at : at + 2]
        end = at if opener in hopeless else hole_end(text, at)
        if end > at:
            found.append((at, end))
            at = end
        else:
            hopeless.add(opener)
            at += 1
    return found


def normal(text: str) -> str:
    """`value.normal`, applied to the expressions alone: linear also for openers that nothing closes."""
    if "{{" not in text:
        return text
    parts, done = [], 0
    for start, end in holes(text):
        parts += [text[done:start], value.normal(text[start:end])]
        done = end
    return "".join(parts) + text[done:]


def has_hole(text: str) -> bool:
    """`value.has_hole`; a text too long for it counts as one that cannot be told."""
    return len(text) > _LONG or value.has_hole(text)


def is_placeholder(path: str) -> bool:
    """Tell whether a path begins with what an install script replaces: a hole, `<dir>`, `_TARGET_DIR/app`."""
    first = path.partition("/")[0]
    return path[:1] == "<" or has_hole(path) or (first.isupper() and "_" in first)


def is_template(text: str) -> bool:
    """Tell whether a file is written for a template engine with statements (Jinja, ERB)."""
    return "{%" in text or "{{" in text or "<%" in text or "{#" in text


def without_comments(text: str) -> str:
    """Blank out Jinja comments `{# ... #}` without moving anything else."""
    at = text.find("{#")
    if at < 0:
        return text
    parts, done = [], 0
    while at >= 0 and (end := text.find("#}", at + 2)) >= 0:
        hidden = "".join(char if char in "\r\n" else " " for char in text[at : end + 2])
        parts += [text[done:at], hidden]
        done = end + 2
        at = text.find("{#", done)
    return "".join(parts) + text[done:]


def without_statements(line: str) -> tuple[int, str]:
    """Strip template statements around a line: offset of what remains, and what remains.

    A line that is nothing but statements, or nothing but one expression, leaves nothing.
    """
    at = len(line) - len(line.lstrip())
    if line[at : at + 2] == "{{" and line.rstrip().endswith("}}"):
        return at, ""
    if line[at : at + 2] not in ("{%", "<%") or line[at : at + 3] == "<%=":
        return 0, line
    while line[at : at + 2] in ("{%", "<%") and (end := hole_end(line, at)) > at:
        at = end + len(line[end:]) - len(line[end:].lstrip())
    rest = line[at:].rstrip()
    if rest.endswith(("%}", "%>")):
        opener = max(rest.rfind("{%"), rest.rfind("<%"))
        rest = rest[: max(opener, 0)]
    return at, rest


def _next_opener(text: str, at: int) -> int:
    found = _opener().search(text, at)
    return found.start() if found else -1


@cache
def _opener() -> re.Pattern[str]:
    return re.compile(r"\{[{%#]|<%")
