"""XML from plain pairs, with nothing in it that a parser refuses."""

from collections.abc import Iterable, Mapping

from ._screen import visible

_ESCAPED = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;", ord("'"): "&apos;"}


def text(said: str) -> str:
    """Escape a text of one line; control characters are made visible, what XML has no place for is replaced."""
    return _legal(visible(said)).translate(_ESCAPED)


def block(lines: Iterable[str]) -> str:
    """Escape a text of several lines."""
    return "\n".join(map(text, lines))


def element(name: str, attributes: Mapping[str, object], inside: str = "") -> str:
    """Return an element; `inside` is XML already."""
    listed = "".join(f' {key}="{text(str(value))}"' for key, value in attributes.items())
    return f"<{name}{listed}>{inside}</{name}>" if inside else f"<{name}{listed}/>"


def document(root: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'


def _legal(said: str) -> str:
    """Replace the last characters of each plane, which are none; surrogates and controls are gone by now."""
    if said.isascii():
        return said
    return "".join("\N{REPLACEMENT CHARACTER}" if ord(char) & 0xFFFE == 0xFFFE else char for char in said)
