"""One requirement: PEP 508's form, pip's URL and option forms, and pip's line rules."""

import re
from collections.abc import Iterator
from functools import cache

from ..facts import Requirement
from ..record import Record
from ..source import Source, Span


class RequirementLine(Record):
    """A logical line of a requirement file. `option` is such as "-r", with its `argument`."""

    at: Span
    option: str = ""
    argument: str = ""


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(
        {
            "name": r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*",
            "range": r"\(?\s*((?:===|==|~=|!=|<=|>=|<|>)[^;#@)]*)",
            "exact": r"===?\s*([0-9][\w.!+-]*)$",
            "egg": r"[#&]egg=([A-Za-z0-9._-]+)",
            "option": r"(--?[A-Za-z][A-Za-z-]*)(?:\s*=\s*|\s+|$)(.*)",
            "wheel": r"([A-Za-z0-9_.]+)-([0-9][\w.!+]*)-[^/]*\.whl",
            "dashes": r"[-_.]+",
        }[name]
    )


def normal_name(name: str) -> str:
    """Return a distribution's name as PEP 503 compares it."""
    return name.lower() if name.isalnum() else _pattern("dashes").sub("-", name).lower()


def exact(specifier: str) -> str:
    """Return the version of a sole `==1.2.3`, else the empty text."""
    found = _pattern("exact").match(specifier.strip())
    return found[1] if found else ""


def requirement(text: str, at: Span) -> Requirement | None:
    """Read `name[extra]>=1.0 ; marker`, `name @ url`, a URL with `#egg=`; None if it names nothing.

    Hashes and other options of the line are passed over.
    """
    text = text.partition(" --")[0].strip()
    if "://" in text and "://" in text.partition(";")[0] and not _pattern("name").match(text.partition("@")[0] + "\n"):
        return _from_url(text, at)
    found = _pattern("name").match(text)
    if found is None:
        return _from_url(text, at)
    rest = text[found.end() :]
    if rest[:1] in ("/", ":", "+") or text.startswith((".", "/")):
        return _from_url(text, at)
    extras = tuple(extra.strip().lower() for extra in found[2].split(",") if extra.strip()) if found[2] else ()
    if rest.startswith("@"):
        url, _, marker = rest[1:].partition(" ;")
        return Requirement(normal_name(found[1]), f"@ {url.strip()}", "", at, extras, marker=marker.strip())
    limits = _pattern("range").match(rest)
    specifier = limits[1].strip() if limits else ""
    marker = rest.partition(";")[2].strip()
    if rest and not limits and rest[0] not in ";":
        return None
    return Requirement(normal_name(found[1]), specifier, exact(specifier), at, extras, marker=marker)


def _from_url(text: str, at: Span) -> Requirement | None:
    egg = _pattern("egg").search(text)
    if egg:
        return Requirement(normal_name(egg[1]), text, "", at)
    wheel = _pattern("wheel").search(text[:500])
    return Requirement(normal_name(wheel[1]), text, wheel[2], at) if wheel else None


def requirement_lines(source: Source) -> Iterator[RequirementLine]:
    """Return the logical lines of pip's format: comments removed, `\\` at a line's end joined."""
    offset = 0
    continued = False
    for row in source.text.splitlines(keepends=True):
        line = row.rstrip("\r\n")
        start, offset = offset, offset + len(row)
        joined, continued = continued, line.endswith("\\")
        # What follows a joined line is hashes and options, never another requirement.
        if joined:
            continue
        line = _without_comment(line.rstrip("\\"))
        text = line.strip()
        if text:
            begin = start + len(line) - len(line.lstrip())
            yield _line(text, Span(source, begin, begin + len(text)))


def _without_comment(line: str) -> str:
    """A `#` begins a comment at the line's start or after a blank."""
    if "#" not in line:
        return line
    if line.lstrip().startswith("#"):
        return ""
    cut = min((at for at in (line.find(" #"), line.find("\t#")) if at >= 0), default=len(line))
    return line[:cut]


def _line(text: str, at: Span) -> RequirementLine:
    found = _pattern("option").match(text) if text.startswith("-") else None
    if found is None:
        # `-rbase.txt` is read as `-r base.txt` too.
        return RequirementLine(at.part(0, len(text.partition(" --")[0].rstrip())) if " --" in text else at)
    option, argument = found[1], found[2].strip()
    if option[:2] in ("-r", "-c", "-e") and not text.startswith("--") and len(option) > 2:
        option, argument = option[:2], text[2:].strip()
    return RequirementLine(at, option, argument.strip("\"'"))
