"""From all findings to those that are shown: severities, duplicates, comments that silence, order."""

from collections.abc import Iterable, Iterator

from .finding import Finding
from .hints import FileIgnores
from .settings import Settings
from .source import Span

MARK = "flasklint:"


def sift(findings: Iterable[Finding], settings: Settings) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return the findings to show and those that a comment or the settings silence, each sorted, without duplicates."""
    by_file = FileIgnores(settings) if settings.per_file_ignores and not settings.no_ignores else None
    kept: list[Finding] = []
    ignored: list[Finding] = []
    for finding in sorted(_distinct(findings), key=_order):
        silent = not settings.no_ignores and any(_silences(span, finding.rule) for span in places(finding))
        silent = silent or bool(by_file and by_file.reason(finding))
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


def places(finding: Finding) -> Iterator[Span]:
    """Yield all labelled places of a finding: a comment at any of them silences it."""
    yield finding.at
    for label in finding.because:
        yield label.at


def _silences(span: Span, rule: str) -> bool:
    """Tell whether a comment behind a place, or in the comment lines above it, names the rule."""
    if MARK not in span.source.text:
        return False
    from .ignores import silences

    return silences(span, rule)


def reason(finding: Finding) -> str:
    """Return what the comment that silences a finding says, "" where none does."""
    marked = [span for span in places(finding) if MARK in span.source.text]
    if not marked:
        return ""
    from .ignores import reason

    return reason(marked, finding.rule)
