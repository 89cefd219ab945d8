"""What one run comes to: the only thing a report sees."""

from .deployment import Deployment
from .finding import Finding, Severity
from .record import Record
from .settings import Settings

BESIDE = frozenset({"requirements", "python", "skipped"})  # kinds that alone deploy nothing


class FoundFile(Record):
    """A file that was found, what it was taken for ("nginx", "systemd", ..., "skipped") and the name of
    the deployment it went into ("" for none)."""

    path: str
    kind: str
    deployment: str = ""


class Change(Record):
    """A file (absolute path, no link) that `--fix` changes: what it held and what it shall hold.

    `path` is as people see it.
    """

    target: str
    path: str
    old: bytes
    new: bytes


class Unfixed(Record):
    """A finding whose fix was asked for and not made, and why."""

    finding: Finding
    why: str


class Entry(Record):
    """What a baseline holds of a finding. `path` is as seen from the baseline's folder, `message` is for people, and
    `times` says how many findings have that fingerprint."""

    fingerprint: str
    rule: str
    path: str
    message: str
    times: int = 1


class Result(Record):
    """What a run found: `findings` are to be shown, `ignored` those that a comment or the settings silence,
    `baselined` those that the baseline holds; `stale` are entries of the baseline that nothing answers to any more.

    `unseen` names what the files speak of and the input does not hold. `seconds` is the time of the run.
    With `--fix` or `--diff`, `fixed` are the findings that `changes` repair, which are no longer among
    `findings`, and `unfixed` those whose fix could not be made. `git_ignored` are folders, and files that would
    be of interest by their names, which git leaves out.
    """

    findings: tuple[Finding, ...]
    deployments: tuple[Deployment, ...]
    files: tuple[FoundFile, ...]
    ignored: tuple[Finding, ...]
    unseen: tuple[str, ...]
    internal_errors: int
    seconds: float
    fixed: tuple[Finding, ...] = ()
    unfixed: tuple[Unfixed, ...] = ()
    changes: tuple[Change, ...] = ()
    git_ignored: tuple[str, ...] = ()
    baselined: tuple[Finding, ...] = ()
    stale: tuple[Entry, ...] = ()

    @property
    def nothing_to_lint(self) -> bool:
        """Whether the input holds nothing that deploys, which must not look like a clean deployment."""
        told = self.findings or self.ignored or self.baselined
        return not (told or any(file.kind not in BESIDE for file in self.files))

    @property
    def judged(self) -> int:
        """How many deployments rules were asked about: all but those that are plainly not Flask's."""
        return sum(not deployment.left_alone for deployment in self.deployments)

    @property
    def left_alone(self) -> tuple[str, ...]:
        """Why deployments were left alone, each reason once."""
        return tuple(dict.fromkeys(one.left_alone for one in self.deployments if one.left_alone))

    def below(self, level: Severity) -> int:
        """How many findings are shown that do not count for the exit code, which looks for this severity."""
        return sum(finding.level < level for finding in self.findings)

    def count(self, level: Severity) -> int:
        """How many findings of that severity are to be shown."""
        return sum(finding.level is level for finding in self.findings)

    def exit_code(self, settings: Settings | None = None) -> int:
        """0: clean; 1: a finding at or above `fail_on` (warning); 2: nothing to lint, or an internal error.

        Where fixes are to be shown only, 1: something would change.
        """
        settings = settings or Settings()
        if self.internal_errors or self.nothing_to_lint:
            return 2
        if settings.fixes == "show":
            return int(bool(self.changes))
        if settings.exit_zero:
            return 0
        return int(any(finding.level >= settings.fail_on for finding in self.findings))
