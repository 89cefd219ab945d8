"""Try a proof: lint both of its deployments, start both, and say what is not as the proof says."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from flasklint.finding import Severity
from flasklint.run import lint
from flasklint.settings import Settings

from ..deployments import lay_out
from ..reality.judge import judge, missing
from ..reality.machine import testing
from ..reality.machine.judge import judge as judge_on_machine
from ..reality.verdict import Outcome, Verdict
from .format import Proof
from .host import plan

ROOT = Path(__file__).parents[2]
AT_ONCE = 2
HARMLESS = frozenset({Verdict.SERVES, Verdict.IDENTITY})


class Trial(NamedTuple):
    """What was seen of both deployments, what is wrong with that, and how long each took in seconds."""

    proof: Proof
    broken: Outcome
    repaired: Outcome
    wrong: tuple[str, ...]
    seconds: float

    @property
    def logs(self) -> tuple[str, ...]:
        """What was said in both deployments."""
        return "---- broken ----", self.broken.log[-4000:], "---- repaired ----", self.repaired.log[-4000:]


def attempt(proof: Proof) -> Trial:
    """Lint and start the broken deployment and its repaired twin."""
    began = time.monotonic()
    repaired = proof.repaired if proof.repaired is not None else _mended(proof)
    outcomes = start(proof, proof.broken), start(proof, repaired)
    wrong = (*_said(proof, repaired), *_failed(proof, outcomes[0]), *_serves(proof, outcomes[1]))
    return Trial(proof, *outcomes, wrong, (time.monotonic() - began) / 2)


def start(proof: Proof, files: Mapping[str, str]) -> Outcome:
    """Start a deployment in the engine that the proof asks for."""
    planned = plan(proof, files)
    return judge_on_machine(planned) if proof.engine == "systemd" else judge(planned.world)


def _said(proof: Proof, repaired: Mapping[str, str]) -> Iterator[str]:
    """What flasklint says of the two: the fault of the first, and no other; no error of the second."""
    told = _errors(proof.broken)
    if proof.rule not in told:
        yield f"flasklint does not say {proof.rule} of the broken deployment"
    others = {rule for rule, severity in told.items() if severity is Severity.ERROR}
    for rule in sorted(others - {proof.rule, *proof.lines["also"]}):
        yield f"flasklint says {rule} of the broken deployment as well"
    left = {rule for rule, severity in _errors(repaired).items() if severity is Severity.ERROR or rule == proof.rule}
    for rule in sorted(left):
        yield f"flasklint says {rule} of the repaired deployment"


def _errors(files: Mapping[str, str]) -> dict[str, Severity]:
    """Each rule that speaks of the files, and how severe it is."""
    with tempfile.TemporaryDirectory() as folder:
        findings = lint([str(_repository(files, folder))], Settings()).findings
    found: dict[str, Severity] = {}
    for one in findings:
        found[one.rule] = max(one.level, found.get(one.rule, one.level))
    return found


def _failed(proof: Proof, outcome: Outcome) -> Iterator[str]:
    if proof.seen not in outcome.verdicts:
        yield f"the broken deployment is seen as {_words(outcome)}, not as {proof.seen.value}"
    elif proof.words not in "\n".join((*(one.words for one in outcome.seen), outcome.log)):
        yield f"{proof.words!r} does not stand in what was seen of the broken deployment: {_words(outcome)}"


def _serves(proof: Proof, outcome: Outcome) -> Iterator[str]:
    allowed = HARMLESS if proof.seen is not Verdict.IDENTITY else {Verdict.SERVES}
    if outcome.verdicts - allowed:
        yield f"the repaired deployment does not serve: {_words(outcome)}"


def _words(outcome: Outcome) -> str:
    return "; ".join(f"{one.verdict.value} ({one.words})" for one in outcome.seen) or Verdict.SERVES.value


def _repository(files: Mapping[str, str], folder: str) -> Path:
    """What there is to lint: the files without those of the host."""
    return lay_out({path: text for path, text in files.items() if not path.startswith("/")}, Path(folder))


def _mended(proof: Proof) -> dict[str, str]:
    """The broken deployment after flasklint's own repair of the rule, those that need a look included."""
    with tempfile.TemporaryDirectory() as folder:
        top = _repository(proof.broken, folder)
        command = [sys.executable, "-m", "flasklint", "--fix", "--unsafe-fixes", "--select", proof.rule, str(top)]
        subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)
        mended = {str(path.relative_to(top)): path.read_text() for path in top.rglob("*") if path.is_file()}
    return {**proof.broken, **mended}


def impossible(proof: Proof) -> str:
    """Why a proof cannot be tried here, "" if it can."""
    if proof.engine == "systemd":
        return testing.impossible()
    return f"{plain} is not installed" if (plain := missing()) else ""
