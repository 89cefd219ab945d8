"""Where the keys and values of a TOML document stand, which tomllib does not tell.

Only for text that tomllib has accepted: nothing is checked here a second time.
"""

import tomllib
from collections.abc import Iterator

from ..record import Record

Path = tuple[str | int, ...]  # names of tables and keys, indices of arrays
_BLANK = " \t\r\n"
_BARE_END = frozenset(",]}#\r\n")


class Place(Record):
    """Half-open ranges of character offsets: of a key as written, and of its value. A table made by a header or by
    a dotted key has no value of its own: both are that of its name; an item of an array has no key."""

    key: tuple[int, int]
    value: tuple[int, int]


def places(text: str) -> dict[Path, Place]:
    """Return the place of every table, key and item. Raises RecursionError where they are nested too deeply."""
    return _Scan(text).document()


class _Scan:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._found: dict[Path, Place] = {}
        self._last: dict[Path, int] = {}  # index of the last table of each array of tables

    def document(self) -> dict[Path, Place]:
        table: Path = ()
        while self._skip():
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
        return self._found

    def _skip(self) -> bool:
        """Go to the next thing that is no blank and no comment; False at the end."""
        text, at = self._text, self._at
        while at < len(text) and text[at] in "# \t\r\n":
            end = text.find("\n", at) if text[at] == "#" else at
            at = len(text) if end < 0 else end + 1
        self._at = at
        return at < len(text)

    def _header(self) -> Path:
        """Read `[a.b]` or `[[a.b]]` and return the table that follows."""
        is_array = self._text.startswith("[[", self._at)
        self._at += 2 if is_array else 1
        keys = list(self._keys())
        self._at += 2 if is_array else 1
        path: Path = ()
        for number, (name, span) in enumerate(keys, 1):
            path = (*path, name)
            self._found.setdefault(path, Place(span, span))
            if is_array and number == len(keys):
                self._last[path] = self._last.get(path, -1) + 1
            if path in self._last:
                path = (*path, self._last[path])
                self._found.setdefault(path, Place(span, span))
        return path

    def _pair(self, table: Path) -> None:
        """Read `a.b = value`."""
        keys = list(self._keys())
        path = table
        for name, span in keys:
            path = (*path, name)
            self._found.setdefault(path, Place(span, span))
        self._at += 1
        self._value(path, keys[-1][1])

    def _keys(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """Read a dotted key up to the `=` or `]` behind it."""
        while True:
            self._blanks()
            start = self._at
            if self._text[start] in "\"'":
                self._string()
                name = str(tomllib.loads(f"x = {self._text[start : self._at]}")["x"])
            else:
                while self._text[self._at] not in " \t.=]":
                    self._at += 1
                name = self._text[start : self._at]
            yield name, (start, self._at)
            self._blanks()
            if self._text[self._at] != ".":
                return
            self._at += 1

    def _blanks(self) -> None:
        while self._text[self._at] in " \t":
            self._at += 1

    def _value(self, path: Path, key: tuple[int, int] | None) -> None:
        self._skip()
        start = self._at
        char = self._text[start]
        if char in "\"'":
            self._string()
        elif char == "[":
            self._array(path)
        elif char == "{":
            self._inline(path)
        else:
            self._bare()
        span = start, self._at
        self._found[path] = Place(key or span, span)

    def _bare(self) -> None:
        """Read a number, a date or a boolean; a date may hold a blank."""
        start = self._at
        while self._at < len(self._text) and self._text[self._at] not in _BARE_END:
            self._at += 1
        self._at = start + len(self._text[start : self._at].rstrip())

    def _string(self) -> None:
        text, quote = self._text, self._text[self._at]
        sign = quote * 3 if text.startswith(quote * 3, self._at) else quote
        at = self._at + len(sign)
        while not text.startswith(sign, at):
            at += 2 if quote == '"' and text[at] == "\\" else 1
        at += len(sign)
        while len(sign) == 3 and text.startswith(quote, at):  # up to two quotes may stand before the last three
            at += 1
        self._at = at

    def _array(self, path: Path) -> None:
        self._at += 1
        number = 0
        while self._next("]"):
            self._value((*path, number), None)
            number += 1

    def _inline(self, path: Path) -> None:
        self._at += 1
        while self._next("}"):
            self._pair(path)

    def _next(self, end: str) -> bool:
        """Go to the next item; behind the end where there is none."""
        self._skip()
        while self._text[self._at] == ",":
            self._at += 1
            self._skip()
        if self._text[self._at] != end:
            return True
        self._at += 1
        return False
