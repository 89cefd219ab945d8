"""What is known of a value: `Known`, `Default` or `Unknown`.

A rule stays silent on Unknown. Not visible is not absent.
"""

import re
from functools import cache
from typing import Generic, TypeVar

from .filenames import FILLED_IN
from .record import Record
from .source import Span

T = TypeVar("T")


class Known(Record, Generic[T]):
    """A value and the place where it was written."""

    value: T
    at: Span


class Default(Record, Generic[T]):
    """What the program itself uses when nothing is written, and who says so.

    `source` is a short phrase for a message, such as "Gunicorn's default".
    """

    value: T
    source: str


class Unknown(Record):
    """A value that cannot be told, and why: a template variable, a file outside the input, ..."""

    why: str
    at: Span | None = None


# `Value[str]` and so on; a plain assignment keeps Python 3.11 working.
Value = Known[T] | Default[T] | Unknown

# Holes are short; a longer text is not searched, because a line of unclosed braces would be
# searched again from every one of them.
_LONG = 4000


@cache
def _hole() -> re.Pattern[str]:
    return re.compile(
        r"\{\{.*?\}\}|\{%.*?%\}|<%.*?%>|\$\{[A-Za-z_][^}]*\}|%\([A-Za-z_]\w*\)s|@@?[A-Z_]{3,}@@?|__[A-Z][A-Z_]+__"
    )


@cache
def _inner() -> re.Pattern[str]:
    return re.compile(r"\{\{(.*?)\}\}", re.S)


def has_hole(text: str) -> bool:
    """Tell whether a text still contains a template variable (`{{ x }}`, `${X}`, `%(x)s`, ...).

    A text of thousands of characters counts as one that does: nothing can be told of it.
    """
    if not ("{" in text or "%" in text or "@" in text or "__" in text):
        return False
    return len(text) > _LONG or _hole().search(text) is not None


def normal(text: str) -> str:
    """Return the text with the blanks inside `{{ }}` made even, so that equal holes compare equal."""
    return _inner().sub(_even, text) if "{{" in text and len(text) <= _LONG else text


def _even(hole: re.Match[str]) -> str:
    return "{{" + hole[1].removeprefix("-").removesuffix("-").strip() + "}}"


def same_text(left: str, right: str) -> bool | None:
    """Compare two texts that may have holes: True, False, or None where a hole leaves it open."""
    left, right = normal(left), normal(right)
    if left == right:
        return True
    return None if has_hole(left) or has_hole(right) else False


def is_left_open(path: str, file: str = "") -> bool:
    """Tell whether the first part of a relative path is for an installer or a reader to fill in.

    `TARGET_DIR/venv`, `@prefix@/bin`, `{home}/shop`, `path/to/shop`; not `./run`, `~/shop` or `$HOME/shop`.
    In a `file` that is named like a template of no engine, any compound word may be: `shop_root/venv`.
    """
    first = path.strip("\"'").partition("/")[0]
    if first.startswith(("~", "$")):
        return False
    plain = all(char.isalnum() or char in "._-" for char in first)
    if not plain or first.isupper() or first in ("path", "your", "project"):
        return True
    return file.endswith(FILLED_IN) and ("_" in first or "-" in first)
