"""What one run comes to: the only thing a report sees."""

from typing import NamedTuple

from .deployment import Deployment
from .finding import Finding, Severity
from .settings import Settings

BESIDE = frozenset({"python", "requirements", "scripts", "skipped"})  # kinds that alone deploy nothing


class FoundFile(NamedTuple):
    """A file that was found, what it was taken for ("nginx", "systemd", ..., "skipped") and the name of
    the deployment it went into ("" for none)."""

    path: str
    kind: str
    deployment: str = ""


class Result(NamedTuple):
    """`findings` are to be shown, `ignored` those that a comment silences, `hidden` counts findings that were
    computed and not selected. `unseen` names what the files speak of and the input does not hold."""

    findings: tuple[Finding, ...]
    deployments: tuple[Deployment, ...]
    files: tuple[FoundFile, ...]
    ignored: tuple[Finding, ...]
    unseen: tuple[str, ...]
    internal_errors: int
    seconds: float
    hidden: int = 0

    @property
    def nothing_to_lint(self) -> bool:
        """Whether the input holds nothing that deploys, which must not look like a clean deployment."""
        return not (self.findings or self.ignored or any(file.kind not in BESIDE for file in self.files))

    def count(self, level: Severity) -> int:
        return sum(finding.level is level for finding in self.findings)

    def exit_code(self, settings: Settings) -> int:
        """0: clean; 1: a finding at or above `fail_on`; 2: nothing to lint, or an internal error."""
        if self.internal_errors or self.nothing_to_lint:
            return 2
        if settings.exit_zero:
            return 0
        return int(any(finding.level >= settings.fail_on for finding in self.findings))
