"""Choosing, making and taking back fixes, with rules made for it."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flasklint.finding import Edit, Finding, Fix, Severity, finding
from flasklint.fix import engine, fix
from flasklint.fix.choose import Repair, apply, choose
from flasklint.result import FoundFile, Result
from flasklint.settings import Settings
from flasklint.source import Source, Span
from flasklint.tree import Tree

Rule = Callable[[dict[str, Source]], Iterator[Finding]]
MAKE = Settings(fixes="make")
ALL = Settings(fixes="make", unsafe_fixes=True)


class Lint:
    """Stands for `run.lint`: reads every file through a Tree and asks rules of a test."""

    def __init__(self, *rules: Rule) -> None:
        self.rules = rules
        self.runs = 0

    def __call__(self, paths: Sequence[str], settings: Settings, changed: dict[str, bytes] | None = None) -> Result:
        self.runs += 1
        tree = Tree(os.path.realpath(paths[0]), changed=changed)
        sources = {path: source for path in tree.paths if (source := tree.read(path))}
        found = [one for rule in self.rules for one in rule(sources)]
        files = (FoundFile("x", "nginx"),)
        return Result(tuple(sorted(found, key=lambda one: (one.at.path, one.at.start))), (), files, (), (), 0, 0.0)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "root"
    root.mkdir()
    with chdir(root):
        yield root


def word(name: str, pattern: str, text: str, *, level: Severity = Severity.ERROR, safe: bool = True) -> Rule:
    """A rule that finds a pattern and would put a text in its place."""

    def check(sources: dict[str, Source]) -> Iterator[Finding]:
        for source in sources.values():
            for match in re.finditer(pattern, source.text):
                at = source.span(*match.span())
                one = finding(at, f"{match[0]} is wrong", fix=Fix((Edit(at, text),), safe), severity=level)
                yield one._replace(rule=name)

    return check


def run(monkeypatch: pytest.MonkeyPatch, settings: Settings, *rules: Rule) -> tuple[Result, Lint]:
    monkeypatch.setattr(engine, "lint", lint := Lint(*rules))
    return fix(["."], settings), lint


def test_all_fixes_of_a_pass_are_made_at_once(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "a").write_text("bad bad\nbad")
    result, lint = run(monkeypatch, MAKE, word("w", "bad", "good"))
    assert (here / "a").read_text() == "good good\ngood"
    assert (len(result.fixed), result.findings, lint.runs) == (3, (), 2)


def test_unsafe_fixes_wait_to_be_asked_for(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "a").write_text("bad")
    rule = word("w", "bad", "good", safe=False)
    assert not run(monkeypatch, MAKE, rule)[0].fixed
    assert (here / "a").read_text() == "bad"
    assert len(run(monkeypatch, ALL, rule)[0].fixed) == 1


def test_of_overlapping_fixes_the_first_reported_is_made(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "a").write_text("one two three")
    result, _ = run(monkeypatch, MAKE, word("x", "one two", "ONE two"), word("y", "two three", "two THREE"))
    assert (here / "a").read_text() == "ONE two THREE"
    assert [one.rule for one in result.fixed] == ["x", "y"]


def test_equal_edits_of_two_findings_are_made_once(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "a").write_text("bad")
    result, lint = run(monkeypatch, MAKE, word("x", "bad", "good"), word("y", "bad", "good"))
    assert (here / "a").read_text() == "good"
    assert (len(result.fixed), lint.runs) == (2, 2)


def test_passes_come_to_an_end(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "a").write_text("x1")

    def count(sources: dict[str, Source]) -> Iterator[Finding]:
        at = (source := sources["a"]).span(0, len(source.text))
        number = int(source.text[1:])
        more = Fix((Edit(at, f"x{number + 1}"),))
        yield finding(at, "too small", fix=more, severity=Severity.WARNING)._replace(rule=f"r{number}")

    result, _ = run(monkeypatch, MAKE, count)
    assert (here / "a").read_text() == "x11"
    assert [why for _, why in result.unfixed] == ["not done after 10 passes"]


def test_a_fix_that_does_not_help_is_taken_back(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "a").write_text("bad worse bad")
    result, _ = run(monkeypatch, MAKE, word("x", "bad", "good"), word("y", "worse", "worse "))
    assert (here / "a").read_text() == "good worse good"
    assert [(one.rule, why) for one, why in result.unfixed] == [("y", "it would not help")]
    assert [one.rule for one in result.findings] == ["y"]


def test_a_fix_that_brings_an_error_is_taken_back(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "a").write_text("bad sad mad")
    rules = (word("x", "bad|mad", "fine"), word("y", "sad", "ill"), word("z", "ill", "ill"))
    result, _ = run(monkeypatch, MAKE, *rules)
    assert (here / "a").read_text() == "fine sad fine"
    assert [(one.rule, why) for one, why in result.unfixed] == [("y", "it would bring z: ill is wrong")]


def test_a_fix_may_bring_a_warning(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "a").write_text("sad")
    result, _ = run(monkeypatch, MAKE, word("y", "sad", "ill"), word("z", "ill", "ill", level=Severity.WARNING))
    assert (here / "a").read_text() == "ill"
    assert [one.rule for one in result.findings] == ["z"]


def test_many_fixes_that_fail_do_not_take_for_ever(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "a").write_text("bad " * 500)
    result, lint = run(monkeypatch, MAKE, word("x", "bad", "bad "))
    assert lint.runs <= engine.MAX_LINTS + 1
    assert (here / "a").read_text() == "bad " * 500
    assert result.unfixed


def test_edits_of_several_files_go_together(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one of the edits is in the way of another fix, none is made in that pass."""
    (here / "a").write_text("left")
    (here / "b").write_text("right")

    def both(sources: dict[str, Source]) -> Iterator[Finding]:
        a, b = (sources[name].span(0, len(sources[name].text)) for name in "ab")
        if (a.text, b.text) == ("left", "right"):
            yield finding(b, "moved", fix=Fix((Edit(a, "L"), Edit(b, "R"))))._replace(rule="both")

    result, _ = run(monkeypatch, MAKE, both)
    assert [(here / name).read_text() for name in "ab"] == ["L", "R"]
    assert {change.path for change in result.changes} == {"a", "b"}


def test_edits_in_each_others_way_are_refused(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "a").write_text("abc")

    def wrong(sources: dict[str, Source]) -> Iterator[Finding]:
        source = sources["a"]
        yield finding(source.span(0, 1), "x", fix=Fix((Edit(source.span(0, 2), ""), Edit(source.span(1, 3), ""))))

    result, _ = run(monkeypatch, MAKE, wrong)
    assert [why for _, why in result.unfixed] == ["its edits are in each other's way"]


def test_what_is_shown_is_what_is_made_and_nothing_is_written(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "a").write_text("bad\n")
    shown, _ = run(monkeypatch, Settings(fixes="show"), word("x", "bad", "good"))
    assert (here / "a").read_text() == "bad\n"
    assert [(one.path, one.old, one.new) for one in shown.changes] == [("a", b"bad\n", b"good\n")]
    assert shown.exit_code(Settings(fixes="show")) == 1


# -------------------------------------------------------------------------------------------- choosing


@st.composite
def repairs(draw: st.DrawFn) -> tuple[str, list[Repair]]:
    text = draw(st.text("abc\n", max_size=30))
    source, found = Source("a", text), []
    for _ in range(draw(st.integers(0, 8))):
        start = draw(st.integers(0, len(text)))
        at = Span(source, start, draw(st.integers(start, len(text))))
        found.append(Repair(finding(at, "x"), (Edit(at, draw(st.sampled_from(["", "X", "YY"]))),)))
    return text, found


@given(repairs())
def test_chosen_edits_do_not_touch_and_all_else_stays(given: tuple[str, list[Repair]]) -> None:
    text, found = given
    chosen = choose(found)
    places = sorted({(edit.at.start, edit.at.end, edit.text) for repair in chosen for edit in repair.edits})
    for (_, end, _), (start, _, _) in pairwise(places):
        assert end <= start
    points = [start for start, end, _ in places if start == end]
    assert len(points) == len(set(points))
    if chosen:
        changed, kept, at = apply(chosen)["a"], "", 0
        for start, end, new in places:
            kept += text[at:start] + new
            at = end
        assert changed == kept + text[at:]
    if found:
        assert chosen[:1] == found[:1]
