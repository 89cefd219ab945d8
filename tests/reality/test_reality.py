"""What flasklint says of a deployment is what happens when it is started.

FLASKLINT_MUTATIONS is the number of mutations to start (40 if it is not set; there are some 470).
"""

import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from glob import glob
from pathlib import Path

import pytest

from flasklint import rule as rules
from flasklint.finding import Finding
from flasklint.source import Source

from . import heldout, judge
from .agreement import compare, told
from .foretold import foretold
from .mutations import mutations
from .reasons import ONLY_WARNED, UNTOLD
from .run import AT_ONCE, worlds
from .units import expand
from .verdict import Outcome, Verdict
from .world import World, corpus

WORLDS = worlds()


@pytest.fixture(scope="module")
def outcomes() -> Iterator[dict[str, Future[Outcome]]]:
    """All worlds, judged a few at a time while the tests wait for them."""
    if missing := judge.missing():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{missing} is not installed")
        pytest.skip(f"{missing} is not installed: nothing can be started")
    pool = ThreadPoolExecutor(AT_ONCE)
    yield {world.name: pool.submit(judge.judge, world) for world in WORLDS}
    pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_agreement(world: World, outcomes: dict[str, Future[Outcome]]) -> None:
    outcome = outcomes[world.name].result(300)
    found = compare(world, told(world), outcome)
    assert not found.disagreements, "\n".join([*found.disagreements, *(one.words for one in outcome.seen)])


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("gunicorn-tcp", Verdict.SERVES),
        ("socket-activation", Verdict.SERVES),
        ("package-tls", Verdict.SERVES),
        ("waitress-tcp", Verdict.IDENTITY),  # Waitress drops X-Forwarded-* of a proxy that it was not told to trust
        ("wrong-port", Verdict.REFUSED),
        ("socket-elsewhere", Verdict.NO_SOCKET),
        ("module-missing", Verdict.IMPORT),
        ("static-leak", Verdict.ATTRIBUTE),
        ("factory-not-called", Verdict.ERROR),
        ("tutorial-leftovers", Verdict.CHDIR),
    ],
)
def test_verdict(name: str, verdict: Verdict, outcomes: dict[str, Future[Outcome]]) -> None:
    """The judge itself: known faults are seen as what they are."""
    assert outcomes[name].result(300).verdict is verdict


def test_nothing_is_left_behind(outcomes: dict[str, Future[Outcome]]) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as below:
        outcome = judge.judge(corpus("development-server"), below)  # with its reloader, two processes
        assert outcome.verdict is Verdict.SERVES
        assert not os.listdir(below)
        assert not [path for path in glob("/proc/[0-9]*/cmdline") if below in _text(path)]


def test_a_service_that_fails_after_it_answered() -> None:
    """Of two workers, one may serve a while before the other one fails."""
    world = corpus("gunicorn-tcp")
    app = world.files["app.py"].replace("    return", '    print("Address already in use", flush=True)\n    return')
    assert judge.judge(world).verdict is Verdict.SERVES
    assert judge.judge(world._replace(files={**world.files, "app.py": app})).verdict is Verdict.ADDRESS


def _text(path: str) -> str:
    try:
        return Path(path).read_text(errors="replace")
    except OSError:
        return ""  # it has ended


def test_mutations_are_the_same_every_time() -> None:
    names = [world.name for world in mutations(50)]
    assert names == [world.name for world in mutations(50)]
    assert len({world.name.partition(": ")[2] for world in mutations(50)}) == 50


def test_mutations_change_something() -> None:
    assert all(world.files != corpus(world.name.partition(":")[0]).files for world in mutations(1000))


def test_every_held_out_kind_fits_somewhere() -> None:
    kinds = {heldout.kind_of(world) for world in heldout.held_out()}
    assert kinds == {held.kind for held in heldout.HELD} - heldout.TAKEN_OUT.keys() | {"pair"}


def test_reasons_are_given_for_kinds_and_rules() -> None:
    assert UNTOLD.keys() <= {*heldout.expectations(), *(world.name for world in heldout.held_out())}
    assert ONLY_WARNED.keys() <= set(rules.names())


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("nginx refuses this: [emerg] unknown directive", {Verdict.NGINX_REFUSES}),
        ("nginx forwards to 127.0.0.1:1: 502 Bad Gateway (111: Connection refused)", {Verdict.REFUSED}),
        ("shop.service fails with status=203/EXEC", {Verdict.EXEC}),
        ("every request is answered with 500 (TypeError: f() takes ...)", {Verdict.ERROR}),
        ("gunicorn cannot load a:f(1): TypeError: f() takes 0 positional arguments", {Verdict.ATTRIBUTE}),
        ("the application cannot be imported: KeyError: 'A', Worker failed to boot", {Verdict.CRASH}),
        ("shop.service runs one sync worker", set()),
    ],
)
def test_what_a_message_foretells(message: str, expected: set[Verdict]) -> None:
    at = Source("shop.conf", "").whole()
    assert foretold(Finding(at, message)) == expected


@pytest.mark.parametrize(
    ("words", "expanded"),
    [
        (["/g", "-b", "${H}:8000"], ["/g", "-b", "127.0.0.1:8000"]),
        (["/g", "-b", "$H:$P", "x"], ["/g", "-b", "x"]),
        (["/g", "$OPTS"], ["/g", "-w", "3"]),
        (["/g", "a$H", "$$H"], ["/g", "a$H", "$H"]),
        (["$H"], ["$H"]),
    ],
)
def test_variables_of_systemd(words: list[str], expanded: list[str]) -> None:
    assert expand(words, {"H": "127.0.0.1", "P": "8000", "OPTS": "-w 3"}) == expanded
