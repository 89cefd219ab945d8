"""Every supported Gunicorn computes the settings of generated deployments; the reader must agree with each."""

import os
import random
from pathlib import Path
from typing import Any

import pytest

from tests.oracles import releases
from tests.oracles.forks import Oracle
from tests.oracles.gunicorn import PROGRAM, ask, difference, facts, misjudged, uncommon
from tests.oracles.gunicorn_cases import Generated, generate

VERSIONS = ("20.1.0", "21.2.0", "22.0.0", "23.0.0", "25.3.0", "27.0.1")
EXAMPLES = int(os.environ.get("FLASKLINT_EXAMPLES", "60"))


class Asked:
    """The generated deployments and what each release says of them, asked once."""

    def __init__(self, folder: Path, config: pytest.Config) -> None:
        dice = random.Random(2027)
        self.generated = [generate(dice, folder / str(number)) for number in range(EXAMPLES)]
        self.config = config
        self._answers: dict[str, list[dict[str, Any]]] = {}

    def answers(self, version: str) -> list[dict[str, Any]]:
        if version not in self._answers:
            with Oracle(PROGRAM, [releases.folder(self.config, "gunicorn", version)]) as oracle:
                self._answers[version] = [ask(oracle, one.case) for one in self.generated]
        return self._answers[version]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Asked:
    return Asked(tmp_path_factory.mktemp("gunicorn"), pytestconfig)


def report(wrong: list[tuple[str, Generated]]) -> None:
    shown = "\n\n".join(f"{why}\n{one.shown}" for why, one in wrong[:6])
    assert not wrong, f"{len(wrong)} differ\n\n{shown}"


@pytest.mark.parametrize("version", VERSIONS)
def test_judges_as_check_config(version: str, asked: Asked, pytestconfig: pytest.Config) -> None:
    wrong = []
    with Oracle(PROGRAM, [releases.folder(pytestconfig, "gunicorn", version)]) as oracle:
        for one in asked.generated[: -(-EXAMPLES // 2)]:
            real = ask(oracle, one.case, check=True)
            why = misjudged(facts(one.case, version), real, one.case, old=version != VERSIONS[-1])
            wrong += [(why, one)] if why else []
    report(wrong)


@pytest.mark.parametrize("version", VERSIONS)
def test_agrees_with_the_release(version: str, asked: Asked) -> None:
    wrong = []
    for one, real in zip(asked.generated, asked.answers(version), strict=True):
        why = difference(facts(one.case, version), real, one.case, one.told, old=version != VERSIONS[-1])
        wrong += [(why, one)] if why else []
    report(wrong)


def test_says_only_what_is_common_without_a_version(asked: Asked) -> None:
    wrong = []
    for one, *real in zip(asked.generated, *map(asked.answers, VERSIONS), strict=True):
        why = uncommon(facts(one.case, None), real, one.case)
        wrong += [(why, one)] if why else []
    report(wrong)
