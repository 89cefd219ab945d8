"""The Gunicorn that is installed computes the settings of generated deployments; the reader must agree."""

import random
from importlib import import_module, metadata
from pathlib import Path

import pytest

from flasklint.read.gunicorn.bind import bind
from flasklint.source import Source
from flasklint.value import Default, Known
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


PORTS = [
    "8000",
    "--8000",
    "+-1",
    "+8000",
    " 8000 ",
    "-1",
    "8_0",
    "8__0",
    "_8",
    "\u00b2",
    "\u0664\u0662",
    "0x50",
    "1e3",
    "",
    "9" * 5000,
    "0" * 5000,
]


@pytest.mark.parametrize("port", PORTS, ids=lambda port: repr(port[:9]))
def test_a_port_is_what_gunicorn_takes_for_a_number(port: str) -> None:
    text = f"127.0.0.1:{port}"
    ours, problem = bind(text, Source("x", text).whole(), Default("/", "x"))
    refused, host, number = _theirs(text)
    address = ours.address.value if isinstance(ours.address, Known) else None
    if refused:
        assert problem is not None and refused in problem.message
    elif problem is None:
        assert address is not None and (address.host, address.port) == (host, str(number))
    assert (problem is None) is (0 <= number <= 65535)


def _theirs(address: str) -> tuple[str, str, int]:
    """What Gunicorn says, the host and the port, -1 where it says something."""
    try:
        host, port = import_module("gunicorn.util").parse_address(address)
    except RuntimeError as error:
        return str(error), "", -1
    return "", host, port
