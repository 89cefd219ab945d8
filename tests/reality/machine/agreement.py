"""What flasklint says of permissions, sandboxing and start-up, held against what a machine shows."""

import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from flasklint.finding import Finding, Severity
from flasklint.run import lint
from flasklint.settings import Settings

from ...deployments import lay_out
from ..foretold import foretold
from ..verdict import Outcome, Verdict
from ..world import World
from .judge import judge
from .mutations import Mutation

AT_ONCE = 2
V = Verdict
EXPECTED = {
    "activation-socket-in-runtimedir": frozenset({V.NO_SOCKET}),
    "daemon-flag-under-manager": frozenset({V.TIMEOUT, V.CRASH, V.REFUSED, V.NO_SOCKET}),
    "logfile-unwritable": frozenset({V.CRASH}),
    "notify-type-unsupported": frozenset({V.TIMEOUT}),
    "path-not-reachable-by-user": frozenset({V.CHDIR, V.EXEC, V.IMPORT}),
    "privileged-port-without-capability": frozenset({V.ADDRESS}),
    "private-tmp-socket": frozenset({V.NO_SOCKET}),
    "protecthome-hides-app": frozenset({V.EXEC, V.CHDIR, V.IMPORT}),
    "protectsystem-blocks-writes": frozenset({V.CRASH, V.ADDRESS, V.ERROR}),
    "reload-hup-kills-server": frozenset({V.STOPPED}),
    "restrict-address-families-no-unix": frozenset({V.ADDRESS}),
    "run-root-not-writable": frozenset({V.ADDRESS}),
    "runtime-dir-not-created": frozenset({V.ADDRESS, V.CRASH}),
    "socket-dir-untraversable": frozenset({V.PERMISSION}),
    "socket-umask-excludes-nginx": frozenset({V.PERMISSION}),
    "socket-unit-mode-excludes-nginx": frozenset({V.PERMISSION}),
    "static-dir-unreadable": frozenset({V.STATIC}),
    "waitress-socket-mode": frozenset({V.PERMISSION}),
}
UNTOLD = {
    "home 0700, port": "whether a home is closed depends on the distribution",
    "home 0750": "whether a home is closed depends on the distribution",
    "PrivateNetwork": "no rule: the service has a network of its own",
    "ReadWritePaths of nothing": "the folder may be on the host",
    "port below 1024": "no rule yet: the port needs a capability",
    "required unit that is not there": "the unit may be on the host",
    "static folder 0700": "permissions of the host are in no repository",
    "user that is not there": "the user may be on the host",
}
"""Kinds of faults that are seen and that no repository shows, or that no rule knows, with the reason."""


def expected(finding: Finding) -> frozenset[Verdict]:
    return EXPECTED.get(finding.rule) or foretold(finding)


class Compared(NamedTuple):
    """One change: which rules spoke of what was seen, and where the two disagree."""

    mutation: Mutation
    findings: tuple[Finding, ...]
    outcome: Outcome
    disagreements: tuple[str, ...]

    @property
    def told(self) -> list[str]:
        """The rules that foretell what was seen."""
        seen = self.outcome.verdicts - {V.SERVES}
        return sorted({one.rule for one in self.findings if expected(one) & seen})


def run(mutations: Iterable[Mutation]) -> Iterator[Compared]:
    """Boot a machine for each, a few at a time."""
    chosen = list(mutations)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from map(compare, chosen, pool.map(lambda one: judge(one.plan), chosen))


def compare(mutation: Mutation, outcome: Outcome) -> Compared:
    found = _told(mutation.plan.world)
    wrong = [
        f"not seen: {one.rule}: {one.message}"
        for one in found
        if one.level is Severity.ERROR and not expected(one) & outcome.verdicts
    ]
    compared = Compared(mutation, found, outcome, tuple(wrong))
    if outcome.verdict is not V.SERVES and not compared.told and mutation.kind not in UNTOLD:
        wrong.append(f"nothing is said of: {outcome.verdict.value}")
    return compared._replace(disagreements=tuple(wrong))


def _told(world: World) -> tuple[Finding, ...]:
    with tempfile.TemporaryDirectory() as folder:
        findings = lint([str(lay_out(world.files, Path(folder)))], Settings()).findings
    return tuple(one for one in findings if expected(one))
