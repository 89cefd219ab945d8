"""The Waitress that is installed parses generated command lines and calls; the reader must agree."""

import random
from importlib import metadata

from tests.oracles.forks import Oracle
from tests.oracles.waitress import PROGRAM, ask, called, difference, facts
from tests.oracles.waitress_cases import call, command_line
from tests.programs import needs_package

pytestmark = needs_package("waitress")


def test_generated_command_lines_and_calls() -> None:
    dice, version = random.Random(3), metadata.version("waitress")
    with Oracle(PROGRAM) as oracle:
        for _ in range(100):
            line, code = command_line(dice), call(dice)
            ours = facts(line.case["argv"], version)
            assert not (why := difference(ours, ask(oracle, line.case), line.late)), f"{why}: {line.case}"
            ours = called(code.case["code"])
            assert not (why := difference(ours, ask(oracle, code.case), told=code.told)), f"{why}: {code.case}"
