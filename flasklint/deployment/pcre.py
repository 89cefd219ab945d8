"""Regular expressions of nginx (PCRE), where they are plain enough for Python's `re` to take them for the same.

A stranger wrote them: `(a+)+$` would hold `re` for years. So only those are asked that cannot go back and forth:
nothing repeats a group, and few parts repeat at all. What is left open is not wrong.
"""

import re
from functools import lru_cache

_LONGEST = 200  # characters of a pattern
_LONGEST_TEXT = 100
_MOST_OPTIONAL = 8  # `?`: each doubles the ways at worst
_MOST_REPEATED = 2  # `*`, `+`, `{}`: each multiplies them by the length of the text; one less where nothing anchors
_ESCAPES = frozenset("dDwWsSbBntrf")  # mean the same in both
_GROUPS = ("(?:", "(?=", "(?!", "(?<=", "(?<!", "(?P<", "(?<")


@lru_cache(4096)
def search(pattern: str, text: str, ignore_case: bool = False) -> bool | None:
    """Tell whether a pattern matches anywhere in a text; None where that cannot be told."""
    compiled = _compiled(pattern, ignore_case)
    if compiled is None or len(text) > _LONGEST_TEXT:
        return None
    return compiled.search(text) is not None


@lru_cache(1024)
def _compiled(pattern: str, ignore_case: bool) -> re.Pattern[str] | None:
    if pattern.startswith("(?i)"):
        pattern, ignore_case = pattern[4:], True
    if len(pattern) > _LONGEST or not _is_tame(pattern):
        return None
    try:
        named = re.sub(r"\(\?<(?![=!])", "(?P<", pattern)
        return re.compile(named, re.ASCII | (re.IGNORECASE if ignore_case else 0))
    except (re.error, OverflowError, RecursionError):
        return None


def _is_tame(pattern: str) -> bool:
    """Whether it is quickly answered, and holds nothing that PCRE and Python take differently."""
    repeated = optional = at = 0
    before = ""  # what stands before: "(", ")", a quantifier, or "x" for anything else
    while at < len(pattern):
        char = pattern[at]
        if char == "[":
            at = _class_end(pattern, at)
            if at < 0:
                return False
        elif char == "\\":
            at += 1
            if not _is_plain_escape(pattern[at : at + 1]):
                return False
        elif char == "(" and pattern.startswith("(?", at):
            group = next((each for each in _GROUPS if pattern.startswith(each, at)), "")
            if not group:
                return False
            at += len(group) - 1
        elif char in "*+{":
            if before in (")", "*", "(") or pattern.startswith("{,", at):
                return False
            repeated += 1
        elif char == "?":
            optional += before != "*"  # behind another quantifier it makes that one lazy
        before = char if char in "()" else "*" if char in "*+?{" else "x"
        at += 1
    return repeated <= _MOST_REPEATED - (not pattern.startswith("^")) and optional <= _MOST_OPTIONAL


def _is_plain_escape(char: str) -> bool:
    return bool(char) and (char in _ESCAPES or not char.isalnum())


def _class_end(pattern: str, start: int) -> int:
    """The offset of the `]` that ends a class, -1 where it holds more than characters, ranges and plain escapes."""
    at = start + 1 + pattern.startswith("^", start + 1)
    first = at
    while at < len(pattern) and (pattern[at] != "]" or at == first):
        if pattern[at] == "[" or (pattern[at] == "\\" and not _is_plain_escape(pattern[at + 1 : at + 2])):
            return -1
        at += 1 + (pattern[at] == "\\")
    doubled = any(sign in pattern[start:at] for sign in ("--", "&&", "||", "~~"))  # Python keeps these for itself
    return at if at < len(pattern) and not doubled else -1
