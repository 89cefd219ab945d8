"""What flasklint says, held against what was seen."""

import tempfile
from collections import Counter
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from flasklint.api import lint
from flasklint.finding import Finding, Severity

from ..deployments import lay_out
from .verdict import Outcome, Verdict
from .world import World

V = Verdict
EXPECTED: dict[str, frozenset[Verdict]] = {
    "alias-missing-slash": frozenset({V.STATIC}),
    "alias-traversal": frozenset({V.LEAK}),
    "app-run-at-import": frozenset({V.NO_ANSWER, V.ADDRESS}),
    "duplicate-bind": frozenset({V.ADDRESS}),
    "exec-not-absolute": frozenset({V.UNIT_REFUSED, V.EXEC}),
    "exec-outside-venv": frozenset({V.EXEC, V.IMPORT}),
    "exec-shell-syntax": frozenset({V.EXEC, V.OPTION, V.UNIT_REFUSED}),
    "factory-not-called": frozenset({V.ERROR}),
    "gunicorn-bind-invalid": frozenset({V.OPTION, V.ADDRESS}),
    "invalid-working-directory": frozenset({V.UNIT_REFUSED}),
    "missing-host-header": frozenset({V.IDENTITY}),
    "missing-x-forwarded-for": frozenset({V.IDENTITY}),
    "missing-x-forwarded-proto": frozenset({V.IDENTITY}),
    "nginx-config-invalid": frozenset({V.NGINX_REFUSES}),
    "relative-socket-path-mismatch": frozenset({V.NO_SOCKET}),
    "server-not-in-requirements": frozenset({V.EXEC, V.IMPORT}),
    "static-path-mismatch": frozenset({V.STATIC}),
    "static-root-doubled": frozenset({V.STATIC}),
    "syntax-error": frozenset({V.IMPORT, V.OPTION}),
    "unit-inline-comment": frozenset({V.UNIT_REFUSED, V.CHDIR}),
    "unit-syntax-invalid": frozenset({V.UNIT_REFUSED, V.ADDRESS}),  # RuntimeDirectory=/run/x is ignored
    "unknown-server-option": frozenset({V.OPTION}),
    "upstream-bind-mismatch": frozenset({V.REFUSED, V.NO_SOCKET}),
    "upstream-host-unknown": frozenset({V.NGINX_REFUSES}),
    "venv-paths-disagree": frozenset({V.EXEC}),
    "wsgi-attribute-not-found": frozenset({V.ATTRIBUTE, V.ERROR}),
    "wsgi-module-not-found": frozenset({V.IMPORT}),
}
"""What a rule's finding comes to. Rules that are not here speak of nothing that a visitor notices."""

UNTOLD = {
    "*: alias: relative": "no rule: a relative alias is taken below nginx's own folder",
    "*: import": "a distribution that is not in the repository may hold the module",
    "*: nginx: https": "no rule: nginx speaks TLS to a server that does not",
    "*: nginx: variable": "another file of nginx may define the variable",
    "*: port left out of nginx": "no rule: nginx forwards to itself",
    "*: worker class: asgi": "no rule: the library of a worker class is not looked up in the requirements",
    "package-tls: WorkingDirectory left out": "pyproject.toml may install the application, and what lies beside it",
    "socket-activation: venv": "the virtual environment is on the host only, and the unit names it once",
    "two-applications: module: package": "catalog/catalog may be what stands on the host as /srv/catalog",
    "two-applications: one port for two*": "units of two folders may be of two hosts",
    "two-applications: port of the server": "units of two folders may be of two hosts",
    "two-applications: nginx: one port for two": "no rule: a site is served by the application of another",
    "two-applications: port of nginx": "no rule: a site is served by the application of another",
}
"""Known disagreements: faults that were seen and not told, written down after they were seen, with the likely reason.

The tests let these pass, so that a new one shows. They are misses all the same, and docs/agreement.md counts
them as disagreements. A false word is never let pass.
"""

HARMLESS = frozenset({V.SERVES, V.IDENTITY})


class Compared(NamedTuple):
    """One deployment: what was said (rules with an expectation), what was seen, and where they disagree.

    `excuse` is the pattern of UNTOLD that says why nothing was said of what was seen.
    """

    world: World
    findings: tuple[Finding, ...]
    outcome: Outcome
    disagreements: tuple[str, ...]
    excuse: str = ""

    @property
    def said(self) -> Verdict:
        """What flasklint foretold: the verdict that was seen, where its findings allow it."""
        seen = self.outcome.verdict
        errors = [verdict for one in self.findings if one.level is Severity.ERROR for verdict in EXPECTED[one.rule]]
        if any(seen in EXPECTED[one.rule] for one in self.findings) or (seen is V.IDENTITY and not errors):
            return seen
        return min(errors, key=lambda one: one.stage, default=V.SERVES)


def told(world: World) -> tuple[Finding, ...]:
    """Lint the world's repository."""
    with tempfile.TemporaryDirectory() as folder:
        result = lint(lay_out(world.repository, Path(folder)))
        return tuple(one for one in result.findings if one.rule in EXPECTED)


def compare(world: World, findings: tuple[Finding, ...], outcome: Outcome) -> Compared:
    errors = [one for one in findings if one.level is Severity.ERROR]
    missed = [
        f"nothing is said of: {verdict.value}"
        for verdict in sorted(outcome.verdicts - HARMLESS, key=lambda one: one.stage)
        if not any(verdict in EXPECTED[one.rule] for one in findings)
    ]
    excuse = next((pattern for pattern in UNTOLD if missed and fnmatchcase(world.name, pattern)), "")
    false = (
        f"not seen: {one.rule}: {one.message}"
        for one in errors
        if not EXPECTED[one.rule] & outcome.verdicts and not _hidden(one, findings, outcome)
    )
    return Compared(world, findings, outcome, (*([] if excuse else missed), *false), excuse)


def _hidden(finding: Finding, findings: Iterable[Finding], outcome: Outcome) -> bool:
    """Whether an earlier fault, that flasklint tells as well, keeps this one from being seen."""
    seen = outcome.verdict
    last = max(one.stage for one in EXPECTED[finding.rule])
    others = (one for one in findings if one is not finding)
    return seen.stage <= last and any(seen in EXPECTED[one.rule] for one in others)


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
            seen[rule] += bool(EXPECTED[rule] & one.outcome.verdicts)
    lines = ["| rule | deployments | seen |", "| --- | --- | --- |"]
    return "\n".join([*lines, *(f"| {rule} | {spoke[rule]} | {seen[rule]} |" for rule in sorted(spoke))])
