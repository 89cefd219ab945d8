"""Text for a terminal: colours, widths, and nothing that a hostile file could send to it."""

from collections.abc import Iterable

from ..finding import Severity

TAB = 4
BOLD, BLUE = "1", "1;34"
LEVELS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;36"}

# Bidirectional controls can make a line read other than it is; U+2028 and U+2029 end a line for some.
_INVISIBLE = frozenset("\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def paint(text: str, style: str, color: bool) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if color and text else text


def visible(text: str) -> str:
    """Show control characters instead of obeying them: ESC as ␛, others in kind. Tabs become blanks."""
    if text.isascii() and text.isprintable() and "##" not in text:
        return text
    return "".join(cell for cell, _ in cells(text))


def cells(text: str) -> Iterable[tuple[str, int]]:
    """Yield what stands on the screen for each character of a text, and its width in columns.

    A blank comes between the parts of `##[` and of `##vso[`, which the runners of GitHub and Azure obey
    anywhere in a line.
    """
    column = 0
    before = ""
    for char in text:
        shown = _shown(char, column)
        width = len(shown) if shown.isascii() else _width(shown)
        if before == "##" and char in "[vV":
            shown, width = f" {shown}", width + 1
        before = (before + shown)[-2:] if width else before
        column += width
        yield shown, width


def beginning(text: str) -> str:
    """Return a name that stands at the beginning of a line, made visible.

    `::name::` there is a command to GitHub's runner, whatever blanks come before.
    """
    shown = visible(text)
    first = shown[:1]
    odd = first in (":", "#") or first.isspace() or not (first.isascii() or _width(first))
    return f"./{shown}" if odd else shown


def _shown(char: str, column: int) -> str:
    code = ord(char)
    if char == "\t":
        return " " * (TAB - column % TAB)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if 0x80 <= code < 0xA0 or 0xD800 <= code < 0xE000 or char in _INVISIBLE:
        return "\N{REPLACEMENT CHARACTER}"
    return char


def _width(char: str) -> int:
    from unicodedata import category, east_asian_width

    if category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(char) in "WF" else 1
