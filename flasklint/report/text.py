"""Frames of source text for people, and a summary that says what was read and what was not seen."""

from collections.abc import Iterator

from ..finding import Finding, Severity
from ..result import Result
from ..settings import Settings
from ._frame import frame
from ._links import linked, wants_links
from ._screen import BLUE, BOLD, LEVELS, beginning, paint, visible

MOST_UNSEEN = 5
MOST_UNFIXED = 20
NARROWEST = 40


def render(result: Result, settings: Settings, *, color: bool, width: int) -> str:
    """Return the findings as frames, and the summary unless `quiet`."""
    links = wants_links(settings.hyperlinks, color)
    lines = [line for finding in result.findings for line in _finding(finding, width, color, links)]
    if not settings.quiet:
        lines.append(summary(result, color, settings.fail_on))
    return "".join(f"{line}\n" for line in lines)


def _finding(finding: Finding, width: int, color: bool, links: bool) -> Iterator[str]:
    rule = visible(finding.rule)
    heading = f"{finding.level}[{rule}]"
    first, *more = _wrapped(f"{heading}: {visible(finding.message)}", width, "  ")
    rest = first[len(heading) :]
    heading = f"{finding.level}[{linked(rule, links)}]"
    yield f"{paint(heading, LEVELS[finding.level], color)}{paint(rest, BOLD, color)}"
    yield from (paint(line, BOLD, color) for line in more)
    yield from frame(finding, width, color)
    if finding.repair:
        indent = " " * len(str(max(span.line for span in (finding.at, *(label.at for label in finding.because)))))
        first, *more = _wrapped(f"fix: {visible(finding.repair)}{_option(finding)}", width - len(indent) - 3, "     ")
        yield f"{indent} {paint('=', BLUE, color)} {first}"
        yield from (f"{indent}   {line}" for line in more)
    yield ""


def _option(finding: Finding) -> str:
    """Name the option that makes the repair."""
    if not finding.fix:
        return ""
    return " [--fix]" if finding.fix.safe else " [--fix --unsafe-fixes]"


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    """Break a text between words where the terminal is too narrow for it."""
    if len(text) <= width:
        return [text]
    from textwrap import wrap

    width = max(width, NARROWEST)
    first, *more = wrap(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return [first, *(indent + beginning(line.lstrip()) for line in more)]


def summary(result: Result, color: bool = False, fail_on: Severity = Severity.WARNING) -> str:
    """Return one line: how much was read, what was found, what was left out."""
    read = sum(file.kind != "skipped" for file in result.files)
    scope = f"{counted(result.judged, 'deployment')}, {counted(read, 'file')}"
    parts = [_found(result, scope, color)]
    if result.left_alone and not result.judged and not result.findings:
        parts = [f"No Flask to check in {counted(read, 'file')}"]
    parts += _fixes(result)
    if result.left_alone:
        parts.append(f"left alone: {_some(result.left_alone)}")
    if fail_on > Severity.WARNING and (below := result.below(fail_on)):
        parts.append(f"{below} below --fail-on {fail_on}")
    if result.ignored:
        parts.append(f"{len(result.ignored)} ignored")
    if result.baselined:
        parts.append(f"{len(result.baselined)} baselined")
    if result.stale:
        parts.append(f"{sum(one.times for one in result.stale)} stale in the baseline (flasklint baseline --prune)")
    if result.unseen:
        parts.append(f"not seen: {_some(result.unseen)}")
    if result.internal_errors:
        parts.append(counted(result.internal_errors, "internal error"))
    return "; ".join([*parts, f"{result.seconds:.2f} s"])


def _found(result: Result, scope: str, color: bool) -> str:
    if not result.findings:
        return f"No faults found in {scope}"
    levels = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
    counts = [(level, result.count(level)) for level in levels]
    said = [paint(counted(count, str(level)), LEVELS[level], color and count > 0) for level, count in counts]
    return f"{scope}: {', '.join(said)}"


def _fixes(result: Result) -> Iterator[str]:
    """Say what was fixed, what was not, and what else could be."""
    if result.fixed:
        safe = sum(bool(finding.fix and finding.fix.safe) for finding in result.fixed)
        yield f"{len(result.fixed)} fixed ({safe} safe, {len(result.fixed) - safe} unsafe), {_remain(result)}"
    for finding, why in result.unfixed[:MOST_UNFIXED]:
        yield f"not fixed: {beginning(finding.at.path)}:{finding.at.line} {visible(finding.rule)} ({visible(why)})"
    fixes = [finding.fix for finding in result.findings if finding.fix]
    safe = sum(fix.safe for fix in fixes)
    if not result.fixed and not result.unfixed:
        yield from [f"{safe} to be repaired by --fix"] if safe else []
        yield from [f"{len(fixes) - safe} by --fix --unsafe-fixes"] if len(fixes) > safe else []


def _remain(result: Result) -> str:
    count = len(result.findings)
    return f"{count} remains" if count == 1 else f"{count} remain"


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(visible(name) for name in names[:MOST_UNSEEN])
    more = len(names) - MOST_UNSEEN
    return f"{shown} and {more} more" if more > 0 else shown


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
