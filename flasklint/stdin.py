"""Text on standard input, judged as if a file held it, among the files around that one."""

import os
from collections.abc import Sequence

from .finding import Finding
from .record import Record
from .result import Result
from .settings import Settings
from .source import Source

NAME = "with - the text is read from standard input: say with --stdin-filename PATH which file holds it"


class Typed(Record):
    """What was typed: the file (an absolute path without links), what it shall hold, and what to lint with it."""

    target: str
    data: bytes
    around: tuple[str, ...]


def typed(paths: Sequence[str], filename: str | None, data: bytes) -> Typed:
    """Return the text with its file's surroundings: the other paths or, without any, its repository.

    The file need not be there. Raises ValueError where it is not named.
    """
    if not filename:
        raise ValueError(NAME)
    target = os.path.realpath(filename)
    around = [path for path in paths if path != "-"] or [_surroundings(target)]
    return Typed(target, data, (*around, target) if os.path.isfile(target) else tuple(around))


def look(text: Typed, settings: Settings) -> Result:
    """Return what is to be said of the file, with the repairs that change nothing but it. Writes nothing."""
    if settings.fixes:
        from .fix import fix

        result = fix(text.around, settings._replace(fixes="show"), {text.target: text.data}, text.target)
    else:
        from .run import lint

        result = lint(text.around, settings, {text.target: text.data})
    return result._replace(
        findings=_of(result.findings, text.target),
        ignored=_of(result.ignored, text.target),
        fixed=_of(result.fixed, text.target),
        unfixed=tuple(one for one in result.unfixed if _of([one.finding], text.target)),
    )


def after(text: Typed, result: Result) -> bytes:
    """Return the text after its repairs."""
    return next((change.new for change in result.changes if change.target == text.target), text.data)


def _of(findings: Sequence[Finding], target: str) -> tuple[Finding, ...]:
    """Keep findings that show a place in the file, the first or any other."""
    return tuple(
        finding
        for finding in findings
        if any(_is(at.source, target) for at in (finding.at, *(label.at for label in finding.because)))
    )


def _is(source: Source, target: str) -> bool:
    return target in (source.target, source.real)


def _surroundings(target: str) -> str:
    """Return the repository that holds a file; without one the current folder, or the nearest one above the file."""
    folder = os.path.dirname(target)
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    here, current = folder, os.getcwd()
    while not os.path.lexists(os.path.join(here, ".git")):
        above = os.path.dirname(here)
        if above == here:
            return current if os.path.commonpath([current, folder]) == current else folder
        here = above
    return here
