"""A text file and places in it.

Every value flasklint reads carries a `Span`; line and column are computed only when somebody asks.
"""

import os
from bisect import bisect_right

from .record import Record


class Source:
    """One text file as it was read, once.

    `path` is what people see: relative to the current directory where possible, with `/`.
    `real` is the absolute path on this machine. `text` has had its byte order mark removed and
    keeps its own line ends. `utf8` is False where the bytes are not valid UTF-8 and were taken for Latin-1.
    `target` is the absolute path of the file itself: `real`, or what the symbolic link there leads to.
    `marked` tells that it begins with a byte order mark of UTF-8, `utf16` that its bytes are those of UTF-16.
    """

    __slots__ = ("_starts", "kind", "marked", "path", "real", "target", "text", "utf8", "utf16")

    def __init__(self, path: str, text: str, real: str = "", kind: str = "") -> None:
        self.path = path
        self.real = real or path
        self.target = self.real
        self.text = text
        self.kind = kind
        self.utf8 = True
        self.marked = False
        self.utf16 = False
        self._starts: list[int] | None = None

    def __repr__(self) -> str:
        return f"Source({self.path!r})"

    @property
    def is_real(self) -> bool:
        """Whether it stands for a file of this machine, and not for the input as a whole."""
        return os.path.isabs(self.real)

    @property
    def _line_starts(self) -> list[int]:
        if self._starts is None:
            starts, at = [0], self.text.find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = self.text.find("\n", at + 1)
            self._starts = starts
        return self._starts

    def span(self, start: int, end: int) -> "Span":
        """Return the span of the half-open range of character offsets."""
        return Span(self, start, end)

    def whole(self) -> "Span":
        """Return the place that stands for the file as a whole: its first line."""
        end = self.text.find("\n")
        return Span(self, 0, len(self.text) if end < 0 else end)

    def line_span(self, line: int) -> "Span":
        """Return line `line` (1-based) without its indentation and line end."""
        starts = self._line_starts
        line = min(max(line, 1), len(starts))
        start = starts[line - 1]
        end = starts[line] if line < len(starts) else len(self.text)
        text = self.text[start:end]
        return Span(self, start + len(text) - len(text.lstrip()), start + len(text.rstrip()))

    def offset(self, line: int, column: int) -> int:
        """Return the character offset of a 1-based line and 1-based column (in characters)."""
        starts = self._line_starts
        line = min(max(line, 1), len(starts))
        return min(starts[line - 1] + column - 1, len(self.text))

    def position(self, offset: int) -> tuple[int, int]:
        """Return the 1-based line and column (in characters) of a character offset."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """Return the text of a 1-based line without its line end."""
        starts = self._line_starts
        end = starts[line] if line < len(starts) else len(self.text)
        return self.text[starts[line - 1] : end].rstrip("\r\n")

    @property
    def line_count(self) -> int:
        return len(self._line_starts)


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of a file without its byte order mark, and the name of the codec that gives the bytes back.

    What is not UTF-8 is taken for Latin-1; UTF-16 is what PowerShell's `pip freeze > requirements.txt` writes.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data[2:].decode(codec := "utf-16-le" if data[:1] == b"\xff" else "utf-16-be", "replace"), codec
    try:
        return (data[3:].decode(), "utf-8-sig") if data[:3] == b"\xef\xbb\xbf" else (data.decode(), "utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1"


class Span(Record):
    """A half-open range of character offsets in a source."""

    source: Source
    start: int
    end: int

    @property
    def path(self) -> str:
        return self.source.path

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.position(self.start)[1]

    @property
    def end_line(self) -> int:
        return self.source.position(self.end)[0]

    @property
    def end_column(self) -> int:
        """1-based column just after the last character."""
        return self.source.position(self.end)[1]

    def part(self, start: int, end: int) -> "Span":
        """Return the span of `self.text[start:end]`, for non-negative offsets."""
        return Span(self.source, self.start + start, min(self.start + end, self.end))
