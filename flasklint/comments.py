"""Where the comments of a file stand, in every format that flasklint reads.

Only asked about files that speak of flasklint; what stands inside of a value is no comment.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from .filenames import UNITS, plain_name
from .record import Record
from .source import Source, Span

_LOCKED_JSON = ("pipfile.lock", ".json", ".ipynb")
_ENVIRONMENT = ("/default/", "/sysconfig/", "/environment.d/")
_HEAD_OF_BLOCK = re.compile(r"(?:^|[:\-] |[:\-]\t)[ \t]*(?:[&!]\S+[ \t]+)*[|>][-+0-9]*[ \t]*(?:#.*)?$")


class Syntax(Record):
    """How a format writes comments.

    `starts` begin a line that is a comment, `trailing` a comment behind something else on its line. `quotes` hold
    text that is none; they open at the beginning of a word, or `anywhere`, and `escape` takes the next character's
    meaning; a quoted text may go on over `lines`. With `folds` a backslash at the end of a line joins the next one.
    With `triple` there are triple quotes, over lines, and a comment needs no blank before it; with `blocks` texts that
    are indented below their key. `written` is the sign of a comment that is put in.
    """

    starts: tuple[str, ...]
    trailing: str = ""
    quotes: str = ""
    anywhere: bool = False
    escape: str = ""
    lines: bool = False
    folds: bool = False
    triple: bool = False
    blocks: bool = False
    written: str = "#"


class Comment(Record):
    """A comment with its sign; `alone` on its line. `inner` is where its text lies, without sign and blanks."""

    at: Span
    inner: Span
    alone: bool


class Layout(Record):
    """The comments of a file, and the lines that begin within a value or go on from the one before."""

    comments: tuple[Comment, ...]
    inside: frozenset[int]


NONE = Syntax((), written="")
NGINX = Syntax(("#",), "#", "'\"", escape="'\"", lines=True)
UNIT = Syntax(("#", ";"), folds=True)
INI = Syntax(("#", ";"))
SUPERVISOR = Syntax(("#", ";"), "#;", "'\"", anywhere=True)
YAML = Syntax(("#",), "#", "'\"", escape='"', lines=True, blocks=True)
TOML = Syntax(("#",), "#", "'\"", anywhere=True, escape='"', triple=True)
PYTHON = Syntax(("#",), "#", "'\"", anywhere=True, escape="'\"", folds=True, triple=True)
SHELL = Syntax(("#",), "#", "'\"", anywhere=True, escape='"', lines=True, folds=True)
PROCFILE = Syntax(("#",), "#", "'\"", anywhere=True, escape='"')
REQUIREMENTS = Syntax(("#",), "#", "'\"", folds=True)
DOCKERFILE = Syntax(("#",), folds=True)
ENVIRONMENT = Syntax(("#",))
BATCH = Syntax(("rem ", "@rem ", "::"), written="REM")

_BY_KIND = {"systemd": UNIT, "supervisor": SUPERVISOR, "dockerfile": DOCKERFILE, "procfile": PROCFILE, "compose": YAML,
            "nginx": NGINX}  # fmt: skip
_BY_SUFFIX = {
    **dict.fromkeys(("yml", "yaml"), YAML),
    **dict.fromkeys(("toml", "lock", "pipfile"), TOML),
    **dict.fromkeys(("ini", "cfg"), INI),
    **dict.fromkeys(("sh", "bash", "ps1"), SHELL),
    **dict.fromkeys(("bat", "cmd"), BATCH),
    **dict.fromkeys(("txt", "in", "pip"), REQUIREMENTS),
    **dict.fromkeys(("dockerfile", "containerfile"), DOCKERFILE),
    "env": ENVIRONMENT,
    "procfile": PROCFILE,
    "py": PYTHON,
}


def syntax(source: Source) -> Syntax:
    """Return how a file writes comments: by what it was read as, its name, or its first line."""
    path = f"/{source.path.lower()}"
    name = path.rpartition("/")[2]
    if name.endswith(_LOCKED_JSON):
        return NONE
    if any(f".{unit}." in f"{path}." or f".{unit}.d/" in path for unit in UNITS):
        return UNIT
    if source.kind in _BY_KIND:
        return _BY_KIND[source.kind]
    plain = name if name.endswith((".in", ".env")) else plain_name(name)
    if plain.startswith(".env") or any(folder in path for folder in _ENVIRONMENT):
        return ENVIRONMENT
    if plain.partition(".")[0] in ("dockerfile", "containerfile", "procfile"):
        return _BY_SUFFIX[plain.partition(".")[0]]
    suffix = plain.rpartition(".")[2]
    if suffix not in _BY_SUFFIX and source.text.startswith("#!"):
        return PYTHON if "python" in source.line_text(1) else SHELL
    return _BY_SUFFIX.get(suffix, NGINX)


@lru_cache(maxsize=64)
def layout(source: Source) -> Layout:
    """Return the comments of a file in the order of their places, and which of its lines go on."""
    form = syntax(source)
    templated = list(_jinja(source)) if "{#" in source.text else []
    text = _without(source.text, templated)
    inside: set[int] = set()
    found = _scanned(text, form, inside)
    made = [_comment(source, start, end, _sign(source.text[start:end], form)) for start, end in found]
    made += [_comment(source, start, end, 2, 2) for start, end in templated]
    return Layout(tuple(sorted(made, key=lambda comment: comment.at.start)), frozenset(inside))


def _comment(source: Source, start: int, end: int, sign: int, closing: int = 0) -> Comment:
    """Make a comment whose sign, and what closes it, have so many characters."""
    line, column = source.position(start)
    whole = source.line_text(line)
    alone = not whole[: column - 1].strip() and not whole[column - 1 + end - start :].strip()
    text = source.text[start : end - closing]
    inner = source.span(
        start + sign + len(text[sign:]) - len(text[sign:].lstrip("-# \t")), start + len(text.rstrip("- \t"))
    )
    return Comment(source.span(start, end), inner, alone)


def _sign(text: str, form: Syntax) -> int:
    sign = next((len(sign) for sign in form.starts if text.lower().startswith(sign)), 1)
    while sign < len(text) and text[sign] in "#;":
        sign += 1
    return sign


# --------------------------------------------------------------------------------------- templates


def _jinja(source: Source) -> Iterator[tuple[int, int]]:
    """Yield the comments of Jinja that end on their line, if the file is a template."""
    text = source.text
    if not (source.path.lower().endswith((".j2", ".jinja", ".jinja2")) or "{%" in text or "{{" in text):
        return
    start = text.find("{#")
    while start >= 0 and (end := text.find("#}", start + 2)) >= 0:
        if "\n" not in text[start:end]:
            yield start, end + 2
        start = text.find("{#", end + 2)


def _without(text: str, parts: list[tuple[int, int]]) -> str:
    """Put blanks in the place of parts of a text."""
    pieces, at = [], 0
    for start, end in parts:
        pieces += [text[at:start], " " * (end - start)]
        at = end
    return "".join([*pieces, text[at:]])


# --------------------------------------------------------------------------------------- scanning


def _scanned(text: str, form: Syntax, inside: set[int]) -> Iterator[tuple[int, int]]:
    """Go through the lines of a file: quoted text may begin in one and end in another."""
    quote, folded, at, block = "", False, 0, -1
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        indent = len(line) - len(line.lstrip())
        in_block = block >= 0 and (not bare or indent > block)
        is_comment = not quote and not in_block and bare.lower().startswith(form.starts)
        if quote or in_block or (folded and not is_comment):
            inside.add(number)
        if is_comment:
            yield at + indent, at + indent + len(bare)
        elif not in_block:
            start, quote = _behind(line, form, quote) if form.trailing else (-1, "")
            if start >= 0:
                yield at + start, at + len(line.rstrip())
            is_head = form.blocks and not quote and _HEAD_OF_BLOCK.search(line.rstrip())
            block = indent if is_head else -1
            folded = form.folds and start < 0 and bare.endswith("\\")
        at += len(line) + 1


def _behind(line: str, form: Syntax, quote: str) -> tuple[int, str]:
    """Return where the comment behind something on a line begins (-1: nowhere), and the quote that stays open."""
    at, before = 0, ""
    while at < len(line):
        char = line[at]
        if quote:
            if char == "\\" and quote[0] in form.escape:
                at += 1
            elif line.startswith(quote, at):
                at += len(quote) - 1
                quote = ""
        elif char == "\\":
            at += 1
        elif char in form.quotes and (form.anywhere or not before or before in " \t{}[](),;:=-"):
            quote = char * 3 if form.triple and line.startswith(char * 3, at) else char
            at += len(quote) - 1
        elif char in form.trailing and (not before or before in " \t;{}" or form.triple):
            return at, ""
        before = line[at] if at < len(line) else ""
        at += 1
    goes_on = form.lines or len(quote) == 3 or (quote and form.folds and line.rstrip("\r").endswith("\\"))
    return -1, quote if goes_on else ""
