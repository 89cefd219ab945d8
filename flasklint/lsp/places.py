"""Places as the protocol counts them: files are URIs, lines begin at 0, characters are units of an encoding."""

import os
import re
from bisect import bisect_right
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from lsprotocol import types

from ..record import Record
from ..source import Source, Span

_LINE_END = re.compile(r"\r\n|\n|\r")  # "Text Documents" of the specification; ours end at \n only
_UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


class Document(Record):
    """A file as it is in the editor: the client's own URI for it, the version and the text."""

    uri: str
    version: int
    text: str


def path_of(uri: str) -> str:
    """Return the absolute path of a `file:` URI on this machine, "" for any other."""
    try:
        parts = urlsplit(uri)
        if parts.scheme != "file" or "%00" in uri:
            return ""
        host = f"//{parts.netloc}" if parts.netloc and parts.netloc != "localhost" else ""
        return os.path.abspath(url2pathname(host + parts.path))
    except ValueError:
        return ""


def real_path(uri: str) -> str:
    """Return the absolute path of the file itself, behind all links; "" where there is none."""
    path = path_of(uri)
    return os.path.realpath(path) if path else ""


class Places:
    """Turns spans into places of the protocol, for one state of the documents.

    `documents` are by their real path; `folders` are the folders of the workspace as the client names them.
    """

    def __init__(self, encoding: str, documents: Mapping[str, Document], folders: tuple[str, ...] = ()) -> None:
        self._codec, self._size = _UNITS.get(encoding, _UNITS["utf-16"])
        self._documents = documents
        self._folders = [(os.path.realpath(folder), folder) for folder in folders]
        self._starts: dict[int, list[int]] = {}
        self._kept: list[Source] = []  # so that no other source gets the same id

    def uri(self, source: Source) -> str:
        """Return the client's own name of an open file, else one that begins as its folders do."""
        if document := self._documents.get(source.target):
            return document.uri
        path = source.real
        for real, folder in self._folders:
            if path == real or path.startswith(os.path.join(real, "")):
                path = os.path.normpath(os.path.join(folder, os.path.relpath(path, real)))
                break
        return Path(path).as_uri()

    def version(self, source: Source) -> int | None:
        """Return the version of an open file, None of one on the disk."""
        document = self._documents.get(source.target)
        return document.version if document else None

    def range(self, span: Span) -> types.Range:
        return types.Range(self._position(span.source, span.start), self._position(span.source, span.end))

    def location(self, span: Span) -> types.Location:
        return types.Location(self.uri(span.source), self.range(span))

    def whole(self, source: Source) -> types.Range:
        """Return the range of a whole text."""
        return self.range(source.span(0, len(source.text)))

    def _position(self, source: Source, offset: int) -> types.Position:
        starts = self._lines(source)
        line = bisect_right(starts, offset) - 1
        before = source.text[starts[line] : offset]
        units = len(before) if before.isascii() else len(before.encode(self._codec, "surrogatepass")) // self._size
        return types.Position(line, units)

    def _lines(self, source: Source) -> list[int]:
        if id(source) not in self._starts:
            self._kept.append(source)
            self._starts[id(source)] = [0, *(found.end() for found in _LINE_END.finditer(source.text))]
        return self._starts[id(source)]


def overlaps(one: types.Range, other: types.Range) -> bool:
    """Tell whether two ranges touch; an empty one is a point."""
    return _key(one.start) <= _key(other.end) and _key(other.start) <= _key(one.end)


def _key(position: types.Position) -> tuple[int, int]:
    return position.line, position.character
