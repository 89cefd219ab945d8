"""Findings by deployment, and what every report for machines asks of a finding and its file."""

import os
from collections.abc import Iterator

from ..deployment import Deployment
from ..finding import Edit, Finding, Severity
from ..record import Record
from ..result import Result
from ..source import Source, Span
from ._screen import visible
from .text import counted


class Group(Record):
    """A deployment with its findings; those that belong to no deployment stand under the name ""."""

    name: str
    deployment: Deployment | None
    findings: tuple[Finding, ...]

    @property
    def title(self) -> str:
        """The name for people: that of a folder, which may be the one where flasklint runs."""
        return {"": "outside of any deployment", ".": "the current folder"}.get(self.name, self.name)

    def count(self, level: Severity) -> int:
        return sum(finding.level is level for finding in self.findings)


def groups(result: Result) -> list[Group]:
    """Return the judged deployments, also those without a finding, and at last what belongs to none."""
    homes = [frozenset(source.path for source in one.files) for one in result.deployments]
    found: list[list[Finding]] = [[] for _ in homes]
    nowhere: list[Finding] = []
    for finding in result.findings:
        home = _home(finding, homes)
        (nowhere if home is None else found[home]).append(finding)
    listed = [
        Group(one.name, one, tuple(findings))
        for one, findings in zip(result.deployments, found, strict=True)
        if findings or not one.left_alone
    ]
    return [*listed, Group("", None, tuple(nowhere))] if nowhere else listed


def _home(finding: Finding, homes: list[frozenset[str]]) -> int | None:
    """Return the deployment that holds most of a finding's places; its primary place counts most."""
    best, most = None, 0
    for index, paths in enumerate(homes):
        held = sum(span.path in paths for span in places(finding)) + len(finding.because) * (finding.at.path in paths)
        if held > most:
            best, most = index, held
    return best


def places(finding: Finding) -> Iterator[Span]:
    """Yield the primary place and those that explain it."""
    yield finding.at
    for label in finding.because:
        yield label.at


def edits(finding: Finding) -> tuple[Edit, ...]:
    """Return the edits of a fix, those of Python worked out; none where one of them cannot be made."""
    if not finding.fix:
        return ()
    from ..fix import Refused, plain

    try:
        return tuple(plain(edit) for edit in finding.fix.edits)
    except Refused:
        return ()


def from_base(source: Source, variable: str) -> str:
    """Return the path of a file as seen from the folder that an environment variable names, where it lies below.

    CI services want paths from the root of the checkout, also where flasklint runs in a folder of it.
    """
    base = os.environ.get(variable)
    if base and os.path.isabs(source.real):
        path = os.path.relpath(source.real, os.path.realpath(base)).replace(os.sep, "/")
        if not path.startswith("../"):
            return visible(path)
    return visible(source.path)


def tally(result: Result | Group) -> str:
    """Say how much was found: `2 errors, 1 note`, or `no faults`."""
    levels = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
    said = [counted(count, str(level)) for level in levels if (count := result.count(level))]
    return ", ".join(said) or "no faults"
