"""Several reports of one run: which, and where to."""

import json
from pathlib import Path

import pytest

from flasklint import cli, run
from flasklint.report._targets import Target, targets
from tests.report import sample

GITHUB = {"GITHUB_ACTIONS": "true"}


@pytest.fixture(autouse=True)
def _lint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(run, "lint", lambda paths, settings: sample.result())
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("listed", "output", "special", "environment", "wanted"),
    [
        ([], None, "", {}, [("text", "")]),
        ([], "x", "", {}, [("text", "x")]),
        ([], None, "", GITHUB, [("text", ""), ("github", "")]),
        ([], "x", "", GITHUB, [("text", "x"), ("github", "")]),
        (["concise"], None, "", GITHUB, [("concise", "")]),
        ([], None, "diff", GITHUB, [("diff", "")]),
        (["sarif"], "x", "", {}, [("sarif", "x")]),
        (
            ["text", "sarif:a.sarif", "html:C:\\a"],
            None,
            "",
            {},
            [("text", ""), ("sarif", "a.sarif"), ("html", "C:\\a")],
        ),
        (["json:a"], "b", "diff", {}, [("diff", "b"), ("json", "a")]),
        (["json:a"], None, "files", {}, [("files", ""), ("json", "a")]),
    ],
)
def test_where_reports_go(
    listed: list[str], output: str | None, special: str, environment: dict[str, str], wanted: list[tuple[str, str]]
):
    assert targets(listed, output, special, environment) == tuple(Target(*one) for one in wanted)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "text", "--format", "json"], "text and json would be mixed on standard output"),
        (["--format", "json", "--format", "json"], "json would be mixed"),
        (["--format", "json", "--diff"], "diff and json would be mixed"),
        (["--format", "json:a", "--format", "sarif:./a"], "json and sarif cannot both be written to a"),
        (["--format", "json:"], "name a file behind the colon"),
        (["--format", "sarf:a"], "did you mean sarif?"),
        (["--format", "diff"], "no format 'diff'"),
        (["--format", "json", "--format", "sarif:a", "--output", "b"], "--output is for a single format"),
        (["--format", "sarif:a", "--output", "b"], "--output is for a single format"),
        (["--format", "\x1b[2J"], "␛[2J"),
    ],
)
def test_misuse_is_explained(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    assert cli.run(arguments) == 2
    captured = capsys.readouterr()
    assert said in captured.err and "\x1b" not in captured.err
    assert not captured.out and not list(tmp_path.iterdir())


def test_several_reports_of_one_run(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    formats = ["--format", "concise", "--format", "sarif:a.sarif", "--format", "html:page.html"]
    assert cli.run(formats) == 1
    assert capsys.readouterr().out.count("\n") == len(sample.findings())
    assert json.loads((tmp_path / "a.sarif").read_text())["version"] == "2.1.0"
    assert (tmp_path / "page.html").read_text().startswith("<!DOCTYPE html>")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.sarif", "page.html"]


def test_a_file_that_cannot_be_written_costs_only_itself(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    (tmp_path / "old.xml").write_text("old")
    assert cli.run(["--format", "concise", "--format", "json:no/such/folder"]) == 2
    captured = capsys.readouterr()
    assert captured.out and "no/such/folder: no such file or folder" in captured.err


def test_annotations_in_github_actions(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert cli.run([]) == 1
    out = capsys.readouterr().out
    assert "nothing listens here" in out
    assert out.count("\n::error ") == 3
    assert cli.run(["--format", "text"]) == 1
    assert "::error " not in capsys.readouterr().out


def test_nothing_to_lint(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    monkeypatch.setattr(run, "lint", lambda paths, settings: sample.EMPTY)
    assert cli.run(["--format", "text", "--format", "junit:x.xml"]) == 2
    captured = capsys.readouterr()
    assert not captured.out and "nothing to lint" in captured.err
    assert "nothing to lint" in (tmp_path / "x.xml").read_text()
