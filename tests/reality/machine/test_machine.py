"""A machine shows each fault of permissions, sandboxing and start-up as what it is, and flasklint agrees with it."""

import os
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from glob import glob
from pathlib import Path

import pytest

from ..verdict import Outcome, Verdict
from ..world import corpus
from . import capability, driver, testing
from .accounts import Accounts
from .agreement import AT_ONCE, compare
from .disk import installed
from .judge import judge
from .mutations import MUTATIONS, Mutation
from .plan import Mode, Plan

Outcomes = dict[str, Future[Outcome]]


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest) -> Iterator[Outcomes]:
    """The chosen mutations, judged a few at a time while the tests wait for them."""
    testing.need_machine()
    calls = (getattr(item, "callspec", None) for item in request.session.items)
    chosen = {call.params["mutation"] for call in calls if call is not None and "mutation" in call.params}
    pool = ThreadPoolExecutor(AT_ONCE)
    yield {one.name: pool.submit(judge, one.plan) for one in MUTATIONS if one in chosen}
    pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.name)
def test_what_is_seen_and_said(mutation: Mutation, outcomes: Outcomes) -> None:
    outcome = outcomes[mutation.name].result(300)
    words = "\n".join((*(f"{one.verdict.value}: {one.words}" for one in outcome.seen), outcome.log[-3000:]))
    assert outcome.verdict is mutation.verdict, words
    disagreements = compare(mutation, outcome).disagreements
    assert not disagreements, "\n".join((*disagreements, words))


def test_nothing_is_left_behind() -> None:
    testing.need_machine()
    before = _traces()
    assert judge(Plan(corpus("wrong-port"))).verdict is Verdict.REFUSED
    assert _traces() - before == set()


def test_a_service_may_vanish_while_it_is_looked_at() -> None:
    testing.need_machine()
    group = tempfile.mkdtemp(prefix=f"flasklint-{os.getpid()}-", dir=capability.cgroups())
    ended = threading.Event()

    def restart() -> None:
        while not ended.is_set():
            os.rmdir(group)
            os.mkdir(group)

    with ThreadPoolExecutor(1) as pool:
        restarts = pool.submit(restart)
        try:
            seen = {tuple(driver.processes(group)) for _ in range(5000)}
        finally:
            ended.set()
            restarts.result(10)
            os.rmdir(group)
    assert seen == {()}


def _traces() -> set[str]:
    """Mounts, folders and control groups of our machines; a group is there as long as a process is in it."""
    mine = f"{tempfile.gettempdir()}/machine-{os.getpid()}-"
    mounts = {line for line in Path("/proc/self/mounts").read_text().splitlines() if mine in line}
    return mounts | set(glob(f"{mine}*")) | set(glob(f"{capability.cgroups()}/flasklint-{os.getpid()}-*"))


def test_what_the_machine_does_not_allow_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    capability.lacking.cache_clear()
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    assert capability.lacking() == "not root: namespaces cannot be made"
    monkeypatch.undo()
    capability.lacking.cache_clear()
    monkeypatch.setattr(capability, "cgroups", lambda: "")
    assert capability.lacking() == (
        "no writable cgroup2" if os.getuid() == 0 else "not root: namespaces cannot be made"
    )
    capability.lacking.cache_clear()


def test_files_go_where_the_operator_puts_them() -> None:
    paths = ("systemd/a.service", "a.service.d/10.conf", "nginx/a.conf", "nginx/nginx.conf", "nginx/snippets/b.conf")
    others = ("deploy/etc/systemd/user/a.service", "tmpfiles.d/a.conf", "app.py", "gunicorn.conf.py")
    world = corpus("gunicorn-tcp")._replace(files={path: path for path in (*paths, *others)})
    assert {text: path for path, text in installed(world).items()} == {
        "systemd/a.service": "/etc/systemd/system/a.service",
        "a.service.d/10.conf": "/etc/systemd/system/a.service.d/10.conf",
        "nginx/a.conf": "/etc/nginx/sites-enabled/a.conf",
        "nginx/nginx.conf": "/etc/nginx/nginx.conf",
        "nginx/snippets/b.conf": "/etc/nginx/snippets/b.conf",
        "deploy/etc/systemd/user/a.service": "/etc/systemd/user/a.service",
        "tmpfiles.d/a.conf": "/etc/tmpfiles.d/a.conf",
    }


def test_accounts() -> None:
    unit = "[Service]\nUser=shop\nGroup=web\n"
    world = corpus("gunicorn-tcp")._replace(files={"shop.service": unit})
    plan = Plan(world, (Mode("/srv", "", "owner:"),), (("root", ("shop",)),))
    accounts = Accounts(plan, {"shop": "/srv/shop"})
    user, group = accounts.owner("shop:web")
    assert user == accounts.users["shop"] and group == accounts.groups["web"]
    assert accounts.owner("shop:") == (user, accounts.groups["shop"])
    assert accounts.owner("") == (-1, -1)
    assert "owner" in accounts.users
    assert f"shop:x:{user}:{user}::/srv/shop:" in accounts.files["/etc/passwd"]
    assert f"shop:x:{accounts.groups['shop']}:root\n" in accounts.files["/etc/group"]
    assert "shop" not in Accounts(plan._replace(users=False, members=()), {}).users
