"""The report that GitLab shows in merge requests: https://docs.gitlab.com/ci/testing/code_quality/.

What GitLab reads of it is described by docs/gitlab.schema.json.
"""

from collections import Counter
from typing import Any

from ..finding import Finding, Severity
from ..result import Result
from ..settings import Settings
from ._dump import dump
from ._places import from_base
from ._screen import visible

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(result: Result, settings: Settings, *, color: bool, width: int) -> str:
    """Return a JSON array of objects, empty where nothing was found."""
    seen: Counter[str] = Counter()
    return dump([_issue(finding, seen) for finding in result.findings], indent=2) + "\n"


def _issue(finding: Finding, seen: Counter[str]) -> dict[str, Any]:
    at = finding.at
    fix = f". Fix: {visible(finding.repair)}" if finding.repair else ""
    return {
        "description": f"{visible(finding.message)}{fix}",
        "check_name": visible(finding.rule),
        "fingerprint": _fingerprint(finding, seen),
        "severity": _SEVERITIES[finding.level],
        "location": {
            "path": from_base(at.source, "CI_PROJECT_DIR"),
            "lines": {"begin": at.line, "end": at.end_line},
        },
    }


def _fingerprint(finding: Finding, seen: Counter[str]) -> str:
    """Number equal fingerprints: GitLab shows but one issue of each."""
    fingerprint = finding.fingerprint
    seen[fingerprint] += 1
    return fingerprint if seen[fingerprint] == 1 else f"{fingerprint}-{seen[fingerprint]}"
