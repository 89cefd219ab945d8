"""Python files as syntax trees, with places that count characters.

Each file is parsed once. What cannot be parsed has a reason instead of a tree.
"""

import ast
import re
import warnings
from functools import lru_cache

from ..facts import Problem
from ..source import Source, Span

_NEWER = "written in a Python syntax newer than the one flasklint runs on"
_TOO_DEEP = "nested too deeply to be read"
_UTF16 = "source code string cannot contain null bytes"  # what Python 3.12 says of UTF-16


class Code:
    """A Python file: its syntax tree, or why there is none.

    `error` is set where Python itself refuses the file.
    """

    __slots__ = ("_starts", "body", "error", "source", "why")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.body: list[ast.stmt] | None = None
        self.why = ""
        self.error: SyntaxError | None = None
        self._starts: list[int] | None = None
        if source.utf16 and source.text:
            self.error = SyntaxError(_UTF16)
            self.why = f"Python cannot parse it: {_UTF16}"
            return
        try:
            # Python warns of odd escapes and comparisons while it parses; that is nobody's business here.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.body = ast.parse(source.text).body
        except SyntaxError as error:
            self._refused(error)
        except (RecursionError, MemoryError, ValueError):
            self.why = _TOO_DEEP

    def _refused(self, error: SyntaxError) -> None:
        if "too many" in str(error.msg):
            self.why = _TOO_DEEP
        elif _is_newer_syntax(self.source.text):
            self.why = _NEWER
        else:
            self.why = f"Python cannot parse it: {error.msg}"
            self.error = error

    def offset(self, line: int, column: int) -> int:
        """Return the character offset of a 1-based line and a column in UTF-8 bytes, as `ast` counts."""
        start = self._start(line)
        piece = self.source.text[start : start + column]
        if not piece.isascii():
            piece = piece.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore")
        return start + len(piece)

    def _start(self, line: int) -> int:
        """Return the offset of a line. Python ends one at a lone carriage return too."""
        if self._starts is None:
            text = self.source.text
            self._starts = [0, *(end.end() for end in re.finditer(r"\r\n?|\n", text))] if "\r" in text else []
        if not self._starts:
            return self.source.offset(line, 1)
        return self._starts[min(line, len(self._starts)) - 1]

    def span(self, node: ast.expr | ast.stmt | ast.alias) -> Span:
        """Return the place of a node; of a function or class its name."""
        start = self.offset(node.lineno, node.col_offset)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            word = re.compile(r"(?:async\s+)?(?:def|class)\s+(\w+)").match(self.source.text, start)
            return Span(self.source, *word.span(1)) if word else Span(self.source, start, start + 1)
        end = self.offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
        return Span(self.source, start, max(start, end))

    def short_span(self, node: ast.expr) -> Span:
        """Return the place of an expression; of a call over several lines only what is called."""
        if isinstance(node, ast.Call) and node.end_lineno != node.lineno:
            node = node.func
        return self.span(node)


@lru_cache(maxsize=256)
def code_of(source: Source) -> Code:
    """Return the file's syntax tree, parsed once."""
    return Code(source)


def syntax_problem(source: Source) -> Problem | None:
    """Return what Python says of a file that it cannot parse (program "python", kind "syntax"), or None.

    A file in a syntax newer than the running Python is no problem.
    """
    code = code_of(source)
    error = code.error
    if error is None:
        return None
    line, column = error.lineno or 1, max((error.offset or 1) - 1, 0)
    row = source.line_span(line)
    first = source.offset(min(line, source.line_count), 1)
    start = min(first + column, row.end)
    end = row.end
    if error.end_lineno == line and error.end_offset and error.end_offset - 1 > column:
        end = min(first + error.end_offset - 1, row.end)
    elif error.end_lineno in (None, line):
        end = min(start + 1, row.end)
    at, repair = Span(source, start, max(start, end)), "save the file as UTF-8, not as UTF-16" if source.utf16 else ""
    return Problem("python", "syntax", str(error.msg), at, repair=repair)


def _is_newer_syntax(text: str) -> bool:
    """Ask libcst, whose grammar is its own, about a file that the running Python refuses."""
    if not is_tame(text):
        return False
    try:
        import libcst
    except ImportError:
        return False
    try:
        libcst.parse_module(text)
    except Exception:  # libcst lets errors of several kinds through
        return False
    return True


def is_tame(text: str) -> bool:
    """Tell whether a file may be given to libcst, whose parser recurses on the machine's stack: it ends the whole
    process where code nests deeply, and takes minutes for a chain of thousands of operators."""
    if len(text) > 200_000 or text.count("elif") > 200 or _longest_line(text) > 1000:
        return False
    depth = start = 0
    for bracket in re.finditer(r"[(\[{)\]}]", text):
        start = start if depth else bracket.start()
        depth = depth + 1 if bracket[0] in "([{" else max(depth - 1, 0)
        if depth > 60 or (depth and bracket.start() - start > 4000):
            return False
    return depth == 0 or len(text) - start <= 4000


def _longest_line(text: str) -> int:
    return max(map(len, text.replace("\\\n", "").splitlines()), default=0)
