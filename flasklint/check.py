"""Rules asked about deployments."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from . import rule as rules
from .aside import MANY, Aside
from .deployment import Deployment
from .deployment.once import BATCH, forget
from .deployment.service import Loaded
from .facts import Problem, internal
from .finding import Finding
from .record import Record
from .source import Source
from .tree import Tree

if TYPE_CHECKING:
    from .join import Fleet


class Checked(Record):
    """The deployments of a tree, what the rules found, and how often a rule failed."""

    deployments: tuple[Deployment, ...]
    findings: list[Finding]
    crashes: int


def check_fleet(tree: Tree, fleet: "Fleet", chosen: Sequence[rules.Rule]) -> Checked:
    """Check all deployments of a tree, half of them aside where there are many.

    What belongs to none of them is judged by itself, and goes with the first one from then on.
    """
    half = len(fleet) * 53 // 100  # the other process has to be made, and to tell
    checked = _by_two(tree, fleet, half, chosen) if half >= MANY else _by_one(fleet, slice(None), chosen)
    rest = fleet.rest()  # asked last, as files are still read while rules are asked
    deployments = sorted(checked.deployments, key=lambda one: bool(one.left_alone))
    if rest is None:
        return checked._replace(deployments=tuple(deployments))
    first = deployments[0] if deployments else rest._replace(problems=(), windows=())
    findings, crashes = check([rest._replace(left_alone=first.left_alone)], chosen)
    first = first._replace(problems=first.problems + rest.problems, windows=rest.windows)
    return Checked((first, *deployments[1:]), checked.findings + findings, checked.crashes + crashes)


def _by_one(fleet: "Fleet", part: slice, chosen: Sequence[rules.Rule]) -> Checked:
    deployments = fleet.deployments(part)
    return Checked(tuple(deployments), *check(deployments, chosen))


def _by_two(tree: Tree, fleet: "Fleet", half: int, chosen: Sequence[rules.Rule]) -> Checked:
    """Check half of the deployments in another process, which tells what their services load as well."""
    here, there = slice(half), slice(half, None)
    known = len(tree.problems)
    loadings = fleet.loadings(there)

    def work() -> tuple[list[Finding], int, list[Loaded], list[Problem]]:
        findings, crashes = check(fleet.deployments(there), chosen)
        return findings, crashes, [loading.told() for loading in loadings], tree.problems[known:]

    aside = Aside(work, tree)
    checked = _by_one(fleet, here, chosen)
    findings, crashes, loaded, unreadable = aside.result()
    for loading, told in zip(loadings, loaded, strict=True):
        loading.take(told)
    tree.problems += [problem for problem in unreadable if problem not in tree.problems]
    deployments = (*checked.deployments, *fleet.deployments(there))
    return Checked(deployments, checked.findings + findings, checked.crashes + crashes)


def check(deployments: Iterable[Deployment], chosen: Iterable[rules.Rule]) -> tuple[list[Finding], int]:
    """Ask every rule about every deployment, and only the engine's about one that is not Flask's.

    Each rule is asked about several in a row: that its code stays in the processor's cache saves a quarter of the
    time. Returns the findings and how often a rule failed.
    """
    findings: list[Finding] = []
    crashes = 0
    deployments, chosen = list(deployments), list(chosen)
    for start in range(0, len(deployments), BATCH):
        batch = deployments[start : start + BATCH]
        flask = [deployment for deployment in batch if not deployment.left_alone]
        for one in chosen:
            ask = one.check
            for deployment in batch if one.group == "engine" else flask:
                before = len(findings)
                try:
                    for found in ask(deployment):  # mostly none: a list would cost more than the rule
                        findings.append(_signed(found, one))
                except Exception as error:
                    crashes += 1
                    findings[before:] = _failed(one, deployment, error)
    forget()
    return findings, crashes


def _signed(found: Finding, one: rules.Rule) -> Finding:
    return found._replace(rule=one.name, severity=found.severity or one.severity)


def _failed(one: rules.Rule, deployment: Deployment, error: Exception) -> list[Finding]:
    """Let the rule `internal-error` say that a rule failed."""
    files = deployment.files
    problem = internal(error, files[0].whole() if files else Source(deployment.name, "").whole())
    problem = problem._replace(message=f"{one.name}: {problem.message}")
    engine = rules.get("internal-error")
    return [
        found._replace(rule=engine.name, severity=engine.severity)
        for found in engine.check(Deployment(deployment.name, problems=(problem,)))
    ]
