"""What flasklint says, held against what was seen."""

import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from flasklint.api import lint
from flasklint.finding import Finding, Severity

from ..deployments import lay_out
from .foretold import UNSEEN, foretold
from .verdict import Outcome, Verdict
from .world import World

V = Verdict
_FALSE, _UNTOLD = "not seen", "nothing is said of"
HARMLESS = frozenset({V.SERVES, V.IDENTITY})


class Compared(NamedTuple):
    """One deployment: what was said, what was seen, and where they disagree."""

    world: World
    findings: tuple[Finding, ...]
    outcome: Outcome
    disagreements: tuple[str, ...]

    @property
    def false(self) -> bool:
        return any(words.startswith(_FALSE) for words in self.disagreements)

    @property
    def untold(self) -> bool:
        return any(words.startswith(_UNTOLD) for words in self.disagreements)

    @property
    def only_warned(self) -> bool:
        """Whether it fails, and no error foretells anything of that."""
        errors = (foretold(one) for one in self.findings if one.level is Severity.ERROR)
        seen = self.outcome.verdicts - HARMLESS
        return bool(seen) and not any(seen & each for each in errors)

    @property
    def warned_by(self) -> frozenset[str]:
        """The rules whose warnings foretell what was seen."""
        return frozenset(one.rule for one in self.findings if foretold(one) & (self.outcome.verdicts - HARMLESS))

    @property
    def said(self) -> Verdict:
        """What flasklint foretold: the verdict that was seen, where its findings allow it."""
        seen = self.outcome.verdict
        errors = [verdict for one in self.findings if one.level is Severity.ERROR for verdict in foretold(one)]
        if any(seen in foretold(one) for one in self.findings) or (seen is V.IDENTITY and not errors):
            return seen
        return min(errors, key=lambda one: one.stage, default=V.SERVES)


def told(world: World) -> tuple[Finding, ...]:
    """Lint the world's repository. What foretells nothing is left out, unless it is an error that should."""
    with tempfile.TemporaryDirectory() as folder:
        result = lint(lay_out(world.repository, Path(folder)))
        return tuple(
            one for one in result.findings if foretold(one) or (one.level is Severity.ERROR and one.rule not in UNSEEN)
        )


def compare(world: World, findings: tuple[Finding, ...], outcome: Outcome) -> Compared:
    errors = [one for one in findings if one.level is Severity.ERROR]
    missed = [
        f"{_UNTOLD}: {verdict.value}"
        for verdict in sorted(outcome.verdicts - HARMLESS, key=lambda one: one.stage)
        if not any(verdict in foretold(one) for one in findings)
    ]
    false = (
        f"{_FALSE}: {one.rule}: {one.message}"
        for one in errors
        if not foretold(one) & outcome.verdicts and not _hidden(one, findings, outcome)
    )
    return Compared(world, findings, outcome, (*missed, *false))


def _hidden(finding: Finding, findings: Iterable[Finding], outcome: Outcome) -> bool:
    """Whether an earlier fault, that flasklint tells as well, keeps this one from being seen."""
    seen = outcome.verdict
    last = max((one.stage for one in foretold(finding)), default=-1)
    others = (one for one in findings if one is not finding)
    return seen.stage <= last and any(seen in foretold(one) for one in others)


def table(compared: Iterable[Compared]) -> str:
    """Foretold against seen, as a Markdown table of counts."""
    counts = Counter((one.said, one.outcome.verdict) for one in compared)
    used = [verdict for verdict in Verdict if any(verdict in pair for pair in counts)]
    rows = [["said \\ seen", *(verdict.value for verdict in used)]]
    rows += [[one.value, *(str(counts[one, seen] or "") for seen in used)] for one in used]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(lines)


def rules(compared: Iterable[Compared]) -> str:
    """How often each rule spoke, and how often what it said was seen or hidden."""
    spoke: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for one in compared:
        for rule in {finding.rule for finding in one.findings}:
            spoke[rule] += 1
            said = (foretold(finding) for finding in one.findings if finding.rule == rule)
            seen[rule] += any(each & one.outcome.verdicts for each in said)
    lines = ["| rule | deployments | seen |", "| --- | --- | --- |"]
    return "\n".join([*lines, *(f"| {rule} | {spoke[rule]} | {seen[rule]} |" for rule in sorted(spoke))])
