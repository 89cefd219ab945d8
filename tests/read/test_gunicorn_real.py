"""The Gunicorn that is installed computes the settings of generated deployments; the reader must agree."""

import random
from importlib import metadata
from pathlib import Path

from tests.oracles.forks import Oracle
from tests.oracles.gunicorn import PROGRAM, ask, difference, facts
from tests.oracles.gunicorn_cases import generate
from tests.programs import needs_package

pytestmark = needs_package("gunicorn")


def test_generated_deployments(tmp_path: Path) -> None:
    dice, version = random.Random(20_1), metadata.version("gunicorn")
    with Oracle(PROGRAM) as oracle:
        for number in range(60):
            one = generate(dice, tmp_path / str(number))
            why = difference(facts(one.case, version), ask(oracle, one.case), one.case, one.told, old=True)
            assert not why, f"{why}\n{one.shown}"
