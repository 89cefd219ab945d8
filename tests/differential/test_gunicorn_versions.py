"""Every supported Gunicorn computes the settings of generated deployments; the reader must agree with each."""

import os
import random
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.oracles import releases
from tests.oracles.forks import Oracle
from tests.oracles.gunicorn import PROGRAM, ask, difference, facts, uncommon
from tests.oracles.gunicorn_cases import Generated, generate

VERSIONS = ("20.1.0", "21.2.0", "22.0.0", "23.0.0", "25.3.0", "27.0.1")
EXAMPLES = int(os.environ.get("FLASKLINT_EXAMPLES", "60"))


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> list[Generated]:
    folder, dice = tmp_path_factory.mktemp("gunicorn"), random.Random(2027)
    return [generate(dice, Path(folder, str(number))) for number in range(EXAMPLES)]


def test_says_only_what_is_common_without_a_version(generated: list[Generated], pytestconfig: pytest.Config) -> None:
    with ExitStack() as stack:
        folders = [releases.folder(pytestconfig, "gunicorn", version) for version in VERSIONS]
        oracles = [stack.enter_context(Oracle(PROGRAM, [folder])) for folder in folders]
        wrong = []
        for one in generated[: max(60, EXAMPLES // 4)]:
            why = uncommon(facts(one.case, None), [ask(oracle, one.case) for oracle in oracles], one.case)
            wrong += [f"{why}\n{one.shown}"] if why else []
    assert not wrong, f"{len(wrong)} of {len(generated)}\n\n" + "\n\n".join(wrong[:6])


@pytest.mark.parametrize("version", VERSIONS)
def test_agrees_with_the_release(version: str, generated: list[Generated], pytestconfig: pytest.Config) -> None:
    wrong, old = [], version != VERSIONS[-1]
    with Oracle(PROGRAM, [releases.folder(pytestconfig, "gunicorn", version)]) as oracle:
        for one in generated:
            why = difference(facts(one.case, version), ask(oracle, one.case), one.case, one.told, old)
            if why:
                wrong.append(f"{why}\n{one.shown}")
    assert not wrong, f"{len(wrong)} of {len(generated)}\n\n" + "\n\n".join(wrong[:6])
