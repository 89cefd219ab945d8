"""From all findings to those that are shown: severities, duplicates, comments that silence, order."""

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import lru_cache

from .filenames import UNITS
from .finding import Finding
from .settings import Settings
from .source import Source, Span

MARK = "flasklint:"
_COMMENT = re.compile(r"[#;]+[ \t]*flasklint:[ \t]*ignore\[([^\]]*)\](.*)")
_LONGEST = 80  # characters of a rule's name or a glob


def sift(findings: Iterable[Finding], settings: Settings) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return the findings to show and those that a comment silences, each sorted and without duplicates."""
    kept: list[Finding] = []
    ignored: list[Finding] = []
    for finding in sorted(_distinct(findings), key=_order):
        silent = not settings.no_ignores and any(_silences(span, finding.rule) for span in _places(finding))
        levelled = finding._replace(severity=settings.severities.get(finding.rule, finding.level))
        (ignored if silent else kept).append(levelled)
    return tuple(kept), tuple(ignored)


def _distinct(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Leave out what two deployments that share a file both say."""
    seen = set()
    for finding in findings:
        key = (finding.rule, finding.at.path, finding.at.start, finding.at.end, finding.message)
        if key not in seen:
            seen.add(key)
            yield finding


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    return finding.at.path, finding.at.line, finding.at.column, finding.rule, finding.message


# ------------------------------------------------------------------------------ comments that silence


def _places(finding: Finding) -> Iterator[Span]:
    yield finding.at
    for label in finding.because:
        yield label.at


def reason(finding: Finding) -> str:
    """Return what the comment that silences a finding says, "" where none does."""
    for span in _places(finding):
        for comment in _comments(span.source, span.line) if MARK in span.source.text else ():
            found = _COMMENT.match(comment)
            if found and _is_named(finding.rule, tuple(_named(comment))):
                return found[2].strip(" \t:")
    return ""


def _silences(span: Span, rule: str) -> bool:
    """Tell whether a comment behind a place, or in the comment lines above it, names the rule."""
    source = span.source
    if MARK not in source.text:
        return False
    return _is_named(rule, _patterns(source, span.line))


@lru_cache(maxsize=1024)
def _patterns(source: Source, line: int) -> tuple[str, ...]:
    """Return what the comments of a line silence; thousands of findings may lie on one line."""
    return tuple(pattern for comment in _comments(source, line) for pattern in _named(comment))


@lru_cache(maxsize=1024)
def _is_named(rule: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(rule, pattern) for pattern in patterns)


def _comments(source: Source, line: int) -> Iterator[str]:
    start, trailing = _syntax(source)
    yield _trailing(source.line_text(line), trailing) if trailing else ""
    while line > 1:
        line -= 1
        text = source.line_text(line).strip()
        if not text.startswith(start):
            return
        yield text


def _syntax(source: Source) -> tuple[tuple[str, ...], str]:
    """Return what begins a comment line, and what begins a comment after a value ("" if nothing does)."""
    path = source.path.lower()
    if source.kind == "systemd" or any(f".{unit}." in f"{path}." or f".{unit}.d/" in path for unit in UNITS):
        return ("#", ";"), ""
    if source.kind == "supervisor" or path.endswith(".ini"):
        return ("#", ";"), ";"
    if source.kind == "dockerfile":
        return ("#",), ""
    return ("#",), "#"


def _trailing(line: str, sign: str) -> str:
    """Return the comment at the end of a line, which begins after a blank and outside of quotes."""
    quote = before = ""
    for at, char in enumerate(line):
        if quote:
            quote = "" if char == quote and before != "\\" else quote
        elif char in "'\"":
            quote = char
        elif char == sign and (not before or before in " \t;{}"):
            return line[at:]
        before = char
    return ""


def _named(comment: str) -> Iterator[str]:
    """Yield what `# flasklint: ignore[rule, glob-*] reason` names; nothing where the reason is missing."""
    found = _COMMENT.match(comment)
    if found and any(char.isalnum() for char in found[2]):
        patterns = (pattern.strip() for pattern in found[1].split(","))
        yield from (pattern for pattern in patterns if len(pattern) <= _LONGEST)
