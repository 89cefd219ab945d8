"""Findings as diagnostics."""

from collections.abc import Iterable

from lsprotocol import types

from ..finding import Edit, Finding, Label, Severity
from ..report._screen import visible
from ..rule import names
from ..site import rule_page
from .places import Places

NAME = "flasklint"
LEVELS = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}


def by_file(findings: Iterable[Finding], places: Places) -> dict[str, list[types.Diagnostic]]:
    """Return the diagnostics of every file that has some, by its URI."""
    built_in = set(names())
    listed: dict[str, list[types.Diagnostic]] = {}
    for finding in findings:
        if finding.at.source.is_real:
            one = diagnostic(finding, places, linked=finding.rule in built_in)
            listed.setdefault(places.uri(finding.at.source), []).append(one)
    return listed


def diagnostic(finding: Finding, places: Places, *, linked: bool) -> types.Diagnostic:
    """Return a finding as a diagnostic at its primary place; `linked` where its rule has a page."""
    page = rule_page(finding.rule) if linked else ""
    repair = f"\nFix: {finding.repair}" if finding.repair else ""
    return types.Diagnostic(
        range=places.range(finding.at),
        message=_lines(f"{finding.message}{repair}"),
        severity=LEVELS[finding.level],
        code=finding.rule,
        code_description=types.CodeDescription(page) if page else None,
        source=NAME,
        tags=[types.DiagnosticTag.Unnecessary] if is_superfluous(finding) else None,
        related_information=[_related(label, places) for label in finding.because if label.at.source.is_real],
    )


def is_superfluous(finding: Finding) -> bool:
    """Whether all of the repair is to take out what is marked: editors fade that."""
    edits = finding.fix.edits if finding.fix and finding.fix.safe else ()
    if len(edits) != 1 or not isinstance(edits[0], Edit) or edits[0].text:
        return False
    gone = edits[0].at
    return gone.source is finding.at.source and gone.start <= finding.at.start < finding.at.end <= gone.end


def _related(label: Label, places: Places) -> types.DiagnosticRelatedInformation:
    return types.DiagnosticRelatedInformation(places.location(label.at), visible(label.text) or "see here")


def _lines(text: str) -> str:
    return "\n".join(visible(line) for line in text.split("\n"))
