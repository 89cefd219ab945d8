"""The report of Checkstyle, which many tools read: Jenkins, reviewdog, SonarQube's importers."""

from itertools import groupby

from ..finding import Finding, Severity
from ..result import Result
from ..settings import Settings
from ._xml import document, element

_SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "info"}


def render(result: Result, settings: Settings, *, color: bool, width: int) -> str:
    """Return one `file` with its `error` elements for each file with a finding."""
    files = groupby(result.findings, key=lambda finding: finding.at.path)  # sorted by path
    inside = "".join(f"\n  {_file(path, list(findings))}" for path, findings in files)
    return document(element("checkstyle", {"version": "8.0"}, inside and f"{inside}\n"))


def _file(path: str, findings: list[Finding]) -> str:
    errors = "".join(f"\n    {_error(finding)}" for finding in findings)
    return element("file", {"name": path}, f"{errors}\n  ")


def _error(finding: Finding) -> str:
    fix = f" (fix: {finding.repair})" if finding.repair else ""
    attributes = {
        "line": finding.at.line,
        "column": finding.at.column,
        "severity": _SEVERITIES[finding.level],
        "message": f"{finding.message}{fix}",
        "source": f"flasklint.{finding.rule}",
    }
    return element("error", attributes)
