"""TOML from strangers: tomllib with its two soft spots looked after.

A dotted key of n parts costs tomllib n² of time and memory, and a number of thousands of digits raises
int()'s own ValueError (CPython 3.11 to 3.13).
"""

import re
import tomllib

from ..source import Source

_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*+\"?|'[^'\n]*+'?")
_DEEP_KEY = re.compile(r"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){40}")


def parse(text: str) -> dict[str, object]:
    """Return the content of a TOML document. Raises ValueError, with the line and column where tomllib tells them."""
    if _DEEP_KEY.search(_STRING.sub("_", text)):
        raise ValueError("a key has too many parts")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("values are nested too deeply") from None


def load(source: Source) -> dict[str, object] | None:
    """Return a TOML file's content, None where it is none or is written to be slow."""
    try:
        return parse(source.text)
    except ValueError:
        return None
