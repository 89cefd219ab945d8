"""Every proof holds: what flasklint calls a fault fails for real, and what it calls repaired serves."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from ..oracles.releases import UnreachableError
from ..reality.machine import testing
from .format import name, paths, read
from .trial import AT_ONCE, Trial, attempt, impossible

Trials = dict[Path, Future[Trial | str]]


@pytest.fixture(scope="module")
def trials(request: pytest.FixtureRequest) -> Iterator[Trials]:
    """The chosen proofs, tried a few at a time while the tests wait for them."""
    calls = (getattr(item, "callspec", None) for item in request.session.items)
    chosen = [call.params["path"] for call in calls if call is not None and call.params.get("path") in paths()]
    pool = ThreadPoolExecutor(AT_ONCE)
    yield {path: pool.submit(_try, path) for path in chosen}
    pool.shutdown(cancel_futures=True)


def _try(path: Path) -> Trial | str:
    """Try a proof, or say why that cannot be done here."""
    proof = read(path)
    try:
        return impossible(proof) or attempt(proof)
    except UnreachableError as reason:
        return str(reason)


@pytest.mark.parametrize("path", paths(), ids=name)
def test_proof(path: Path, trials: Trials) -> None:
    trial = trials[path].result(300)
    if isinstance(trial, str):
        testing.give_up(trial)
    if trial.wrong:
        pytest.fail("\n".join((*trial.wrong, *trial.logs)), pytrace=False)
