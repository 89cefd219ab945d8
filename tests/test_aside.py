"""Work in a fork comes to the same as work done here, and a fork that fails costs nothing but time."""

import gc
import os
import signal
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.trees import write_many
from flasklint import run
from flasklint.aside import Aside
from flasklint.facts import App
from flasklint.rule import UnknownSelectorError
from flasklint.settings import Settings
from flasklint.source import Source
from flasklint.tree import Tree


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    (tmp_path / "a.txt").write_text("text\n")
    return Tree(str(tmp_path))


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flasklint.aside._is_possible", lambda: hasattr(os, "fork"))


def test_result_comes_back_with_the_same_sources(tree: Tree) -> None:
    source = tree.read("a.txt")
    assert source is not None
    other = Source("b.txt", "elsewhere")
    span, strange, pid = Aside(lambda: (source.span(0, 4), other.whole(), os.getpid()), tree).result()
    assert span.source is source
    assert strange.source is not other
    assert strange.text == "elsewhere"
    assert pid != os.getpid()


def test_more_than_a_pipe_holds(tree: Tree) -> None:
    assert len(Aside(lambda: "x" * 3_000_000, tree).result()) == 3_000_000


def test_child_that_fails_or_is_killed(tree: Tree) -> None:
    here = os.getpid()
    asked: list[int] = []

    def fails() -> str:
        if os.getpid() != here:
            raise ValueError
        asked.append(1)
        return "done here"

    def dies() -> str:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return "done here"

    assert Aside(fails, tree).result() == "done here"
    assert Aside(dies, tree).result() == "done here"
    assert asked == [1]


def test_what_cannot_be_pickled_is_done_here(tree: Tree) -> None:
    assert isinstance(Aside(lambda: threading.Lock(), tree).result(), type(threading.Lock()))


def test_no_child_is_left(tree: Tree) -> None:
    Aside(lambda: 1, tree).result()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_large_tree_has_the_same_findings_either_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_many(tmp_path, 120)
    for number in (3, 90):
        site = tmp_path / f"app{number:04}" / "nginx" / f"app{number:04}.conf"
        site.write_text(site.read_text().replace("127.0.0.1:80", "127.0.0.1:90"))
    (tmp_path / "app0007" / "nginx" / "bad.conf").write_bytes(b"server {\n    listen 80\n    root /x;\n}\n")
    (tmp_path / "app0008" / "nginx" / "nul.conf").write_bytes(b"server { \0 }\n")

    def found() -> list[tuple[object, ...]]:
        result = run.lint([str(tmp_path)], Settings())
        return [(one.rule, one.at.path, one.at.line, one.message, one.because) for one in result.findings]

    aside = [one[:4] for one in found()]
    monkeypatch.setattr("flasklint.aside._is_possible", lambda: False)
    assert aside == [one[:4] for one in found()]
    assert len(aside) >= 4


def test_what_services_load_is_the_same_either_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the child has found comes back; what it was not asked is looked up here."""
    write_many(tmp_path, 120)
    (tmp_path / "app0100" / "app.py").write_text("import os\nfrom flask import Flask\n\nnone = os.environ['SHOP']\n")
    (tmp_path / "app0110" / "app.py").write_text("def broken(:\n")

    def told(app: App) -> dict[str, object]:
        """All of an application, also what is told when asked."""
        values = {name: getattr(app, name) for name in app._fields}
        return {name: value() if callable(value) else value for name, value in values.items()}

    def loaded() -> dict[str, str]:
        services = [one for each in run.lint([str(tmp_path)], Settings()).deployments for one in each.services]
        assert len(services) == 120
        return {one.name: f"{one.app and told(one.app)} {one.loaded()[1:5]} {one.unprovided()}" for one in services}

    aside = loaded()
    monkeypatch.setattr("flasklint.aside._is_possible", lambda: False)
    assert aside == loaded()
    assert "SHOP" in aside["app0100.service"]


def test_a_selector_that_names_nothing_leaves_no_child(tmp_path: Path) -> None:
    write_many(tmp_path, 60)
    with pytest.raises(UnknownSelectorError):
        run.lint([str(tmp_path)], Settings(select=("no-such-rule",)))
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_run_keeps_no_tree(tmp_path: Path) -> None:
    """A server lints for days: what rules have asked of a deployment goes with the run."""
    write_many(tmp_path, 3)
    result = run.lint([str(tmp_path)], Settings())
    surroundings = weakref.ref(result.deployments[0].surroundings)
    del result
    gc.collect()
    assert surroundings() is None


def test_nothing_is_done_twice_for_what_cannot_be_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a second processor would only cost: what services load has answers that cannot be pickled."""
    write_many(tmp_path, 120)
    begin = Aside.__init__

    def begin_only(self: Aside[object], work: Callable[[], object], tree: Tree) -> None:
        begin(self, work, tree)
        monkeypatch.setattr(self, "_work", lambda: pytest.fail("done again"))

    monkeypatch.setattr(Aside, "__init__", begin_only)
    assert run.lint([str(tmp_path)], Settings()).deployments
