"""Supervisor configuration: the `[program:x]` sections.

Read as supervisord 4.3 does it: Python's RawConfigParser with `;` and `#` as inline comments, then
`%(...)s` expansion, then `shlex.split` (supervisor/options.py, process.py, datatypes.py).
"""

import re
from collections.abc import Iterator
from functools import cache

from ..facts import Environment, Runs, Variable
from ..record import Record
from ..source import Source, Span
from ..tree import Tree
from ..value import Known, Unknown, Value
from .placed import Placed, join, of, split_words

_MAX_GROWTH = 8_000  # characters that placeholders may add to one value
_MAX_SHARED = 8_000  # characters of an environment that every program inherits


class Section(Record):
    """A section with its last value of each option, by lower-case name. `at` is the header."""

    name: str
    at: Span
    options: dict[str, Placed]


def looks_like(name: str, head: bytes) -> bool:
    """Tell whether a file configures supervisord, whatever its name; prose and code only quote it."""
    if name.lower().endswith((".md", ".rst", ".txt", ".html", ".py", ".sh", ".yml", ".yaml", ".json")):
        return False
    return b"[" in head and _header().search(head) is not None


def read(source: Source, tree: Tree) -> tuple[Runs, ...]:
    """Return one command for each `[program:x]` that has a command.

    A program runs on the host, with the environment of supervisord, which is not visible.
    """
    found = {section.name: section for section in sections(source)}
    daemon = found.get("supervisord")
    if daemon and "environment" in daemon.options and len(daemon.options["environment"].text) > _MAX_SHARED:
        del daemon.options["environment"]
    return tuple(
        runs
        for section in found.values()
        if section.name.startswith("program:") and (runs := _runs(section, daemon)) is not None
    )


def sections(source: Source) -> Iterator[Section]:
    """Yield the sections in order; one that is written again comes again, with the options of both."""
    known: dict[str, dict[str, Placed]] = {}
    section, name, indent = None, "", 0
    pieces = list[Placed]()
    for line, width in _lines(source):
        if section and name and width > indent:
            pieces.append(line)
            continue
        if section and name:
            section.options[name] = join(pieces, "\n")
        name, indent = "", width
        if line.text.startswith("["):
            header = _section_name(line.text[: line.text.find("]") + 1])
            if section and header:
                yield section
            if header:
                section = Section(header, line.span(0, len(header) + 2), known.setdefault(header, {}))
        elif section:
            name, value = _option(line)
            pieces = [value]
    if section:
        if name:
            section.options[name] = join(pieces, "\n")
        yield section


def _lines(source: Source) -> Iterator[tuple[Placed, int]]:
    """Yield every line that says something, without comments and blanks, and how far it is indented."""
    text, at = source.text, 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = of(source, at, _comment(text, at, end)).strip()
        if line.text:
            yield line, line.starts[0] - at
        at = end + 1


def _comment(text: str, at: int, end: int) -> int:
    """Return where the comment of a line begins: `;` or `#` at its start or after a blank."""
    for index in range(at, end):
        if text[index] in ";#" and (index == at or text[index - 1].isspace()):
            return index
    return end


def _section_name(line: str) -> str:
    from iniparse.ini import SectionLine

    parsed = SectionLine.parse(line)
    return str(parsed.name) if parsed else ""


def _option(line: Placed) -> tuple[str, Placed]:
    from iniparse.ini import OptionLine

    parsed = OptionLine.parse(line.text)
    if parsed is None:
        return "", line
    start = len(parsed.name) + len(parsed.separator)
    return str(parsed.name).lower(), line.part(start, len(line.text)).strip()


# ---------------------------------------------------------------------------------------- programs


def _runs(section: Section, daemon: Section | None) -> Runs | None:
    name = section.name.partition(":")[2].strip()
    command = section.options.get("command")
    if command is None or not command.text:
        return None
    given = {"program_name": name}
    variables = [
        *(_environment(daemon.options.get("environment"), given) if daemon else ()),
        *_environment(section.options.get("environment"), given),
    ]
    given.update({f"ENV_{v.name}": v.value.value for v in variables if isinstance(v.value, Known)})
    daemon_user = daemon.options.get("user") if daemon else None
    return Runs(
        name=name,
        manager="supervisor",
        words=split_words(_expand(command, given)),
        at=command.span(),
        place=section.at,
        user=_value(section.options.get("user") or daemon_user, given, "supervisord's own user"),
        group=Unknown("the user's own group"),
        directory=_value(section.options.get("directory"), given, "supervisord's own directory"),
        environment=Environment(tuple(variables), complete=False, unseen=("supervisord's own environment",)),
    )


def _value(written: Placed | None, given: dict[str, str], otherwise: str) -> Value[str]:
    if written is None or not written.text:
        return Unknown(otherwise)
    return _expand(written, given).value()


def _environment(written: Placed | None, given: dict[str, str]) -> Iterator[Variable]:
    """Yield `KEY="v",KEY2=v2`, taken apart as supervisor does: keys, `=`, values, `,` as shlex's tokens."""
    if written is None:
        return
    line = _expand(written, given)
    tokens = [match for match in _token().finditer(line.text) if not match[0].startswith("#")]
    for index in range(0, len(tokens) - 2, 4):
        key, equals, value = tokens[index : index + 3]
        if equals[0] != "=":
            return
        start, end = value.span()
        if value[0][0] in "\"'" and len(value[0]) > 1:
            start, end = start + 1, end - 1
        at = line.span(key.start(), value.end())
        text = line.part(start, end)
        yield Variable(key[0], text.value(), at)


@cache
def _token() -> re.Pattern[str]:
    return re.compile(r"\"[^\"]*\"|'[^']*'|(?:[\w/.+\-():\"']|%\(\w+\)s)+|#.*|\S")


@cache
def _header() -> re.Pattern[bytes]:
    return re.compile(rb"^[ \t]*\[(?:program:[^\]\n]+|supervisord)\]", re.MULTILINE)


@cache
def _placeholder() -> re.Pattern[str]:
    return re.compile(r"%(?:%|\((\w+)\)(\d*[sd]))")


def _expand(line: Placed, given: dict[str, str]) -> Placed:
    """Replace `%(name)s` where the name is given and `%%`; any other placeholder stays, dark, as `%(name)s`."""
    if "%" not in line.text:
        return line
    pieces, kept, grown = list[Placed](), 0, 0
    for match in _placeholder().finditer(line.text):
        start, end = match.span()
        value = "%" if match[0] == "%%" else given.get(match[1]) if match[2] == "s" else None
        grown += len(value or "")
        value = value if grown < _MAX_GROWTH else None
        pieces.append(line.part(kept, start))
        if value is None:
            hole = line.stand_in(start, end, f"%({match[1]})s")  # `%(process_num)02d`, too
            pieces.append(hole.darkened(0, len(hole.text)))
        else:
            pieces.append(line.stand_in(start, end, value))
        kept = end
    return join([*pieces, line.part(kept, len(line.text))])
