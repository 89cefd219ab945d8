"""Every supported Gunicorn computes the settings of generated deployments; the reader must agree with each."""

import os
import random
from pathlib import Path

import pytest

from tests.oracles import releases
from tests.oracles.forks import Oracle
from tests.oracles.gunicorn import PROGRAM, difference, facts
from tests.oracles.gunicorn_cases import Generated, generate

VERSIONS = ("20.1.0", "21.2.0", "22.0.0", "23.0.0", "25.3.0", "27.0.1")
EXAMPLES = int(os.environ.get("FLASKLINT_EXAMPLES", "60"))


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> list[Generated]:
    folder, dice = tmp_path_factory.mktemp("gunicorn"), random.Random(2027)
    return [generate(dice, Path(folder, str(number))) for number in range(EXAMPLES)]


@pytest.mark.parametrize("version", VERSIONS)
def test_agrees_with_the_release(version: str, generated: list[Generated], pytestconfig: pytest.Config) -> None:
    wrong = []
    with Oracle(PROGRAM, [releases.folder(pytestconfig, "gunicorn", version)]) as oracle:
        for one in generated:
            why = difference(facts(one.case, version), oracle.ask(asked(one)), one.case.late, one.told)
            if why:
                wrong.append(f"{why}\n{one.shown}")
    assert not wrong, f"{len(wrong)} of {len(generated)}\n\n" + "\n\n".join(wrong[:6])
