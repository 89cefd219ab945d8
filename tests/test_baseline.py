"""The baseline: what it holds, what wakes it, and what it refuses."""

import json
import os
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest

from flasklint import rule as rules
from flasklint.baseline import BaselineError, merged, read, render, taken
from flasklint.cli import run
from flasklint.result import Entry, Result
from flasklint.run import lint
from flasklint.settings import Settings
from tests.deployments import lay_out

ROOT = Path(__file__).parents[1]
UNIT = """\
[Unit]
Description=shop
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 app:app
[Install]
WantedBy=multi-user.target
"""
NAME = "flasklint-baseline.json"
BAD = {name: rules.example(rules.get(name).bad).files for name in rules.names() if rules.get(name).bad}
CORPUS = sorted(path for path in (ROOT / "corpus").iterdir() if path.is_dir())


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Path]:
    lay_out({"shop.service": UNIT}, tmp_path)
    with chdir(tmp_path):
        yield tmp_path


def look(file: str = NAME, *paths: str) -> Result:
    return lint(paths or ["."], Settings(baseline=file))


def write(*findings_of: str) -> None:
    Path(NAME).write_text(render(taken(lint(findings_of or ["."], Settings()).findings, NAME)))


def everywhere() -> Iterator[tuple[str, dict[str, str]]]:
    yield from BAD.items()
    for folder in CORPUS:
        files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
        yield folder.name, {name: path.read_bytes().decode("utf-8", "replace") for name, path in files.items()}


@pytest.mark.parametrize(
    ("name", "files"), list(everywhere()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_new_baseline_holds_everything_and_edits_above_wake_nothing(name: str, files: dict[str, str], tmp_path: Path):
    lay_out(files, tmp_path)
    with chdir(tmp_path):
        before = lint(["."], Settings()).findings
        write()
        after = look()
        assert (after.findings, after.stale) == ((), ())
        assert len(after.baselined) == len(before)
        for path in {finding.at.path for finding in before}:
            text = Path(path).read_bytes() if os.path.isfile(path) else b""
            if text and not text.startswith(b"#!") and not path.endswith((".bat", ".ps1", ".lock")):
                Path(path).write_bytes(b"# a comment\n\n" + text + b"\n# another\n")
        again = look()
        assert (again.findings, again.stale) == ((), ())


def test_only_as_many_as_it_counts(here: Path):
    def sites(count: int) -> str:
        each = "server {{\nserver_name {}.test;\nlocation / {{\nproxy_pass http://10.0.0.9:80;\n}}\n}}\n"
        return "".join(each.format(number) for number in range(count))

    (here / "site.conf").write_text(sites(2))
    write()
    assert {entry.times for entry in read(NAME) if entry.path == "site.conf"} == {2}
    (here / "site.conf").write_text(sites(3))
    third = look()
    assert {one.at.line for one in third.findings} == {16}, [(one.rule, one.at.line) for one in third.findings]
    (here / "site.conf").write_text(sites(1))
    assert [entry.times for entry in look().stale] == [1] * len({one.rule for one in third.findings})


def test_from_another_folder(here: Path):
    write()
    (here / "deep" / "er").mkdir(parents=True)
    with chdir(here / "deep" / "er"):
        again = look(str(here / NAME), "../..")
        assert (again.findings, len(again.baselined), again.stale) == ((), 1, ())
    text = Path(NAME).read_text()
    with chdir(here / "deep"):
        assert run(["baseline", "--baseline", str(here / NAME), ".."]) == 0
    assert Path(NAME).read_text() == text


def test_stale_is_only_what_this_run_would_find(here: Path):
    lay_out({"other/shop.service": UNIT}, here)
    write()
    (here / "shop.service").write_text(UNIT.replace("[Install]", "Restart=always\n[Install]"))
    assert [one.path for one in look().stale] == ["shop.service"]
    assert look(NAME, "other").stale == ()
    assert lint(["."], Settings(baseline=NAME, select=("upstream",))).stale == ()
    gone = look()
    assert gone.exit_code() == 0
    (here / "other" / "shop.service").unlink()
    assert [one.path for one in look().stale] == ["other/shop.service", "shop.service"]


# --------------------------------------------------------------------------------------- the command


def test_the_command(here: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["."]) == 1
    assert run(["baseline"]) == 0
    assert capsys.readouterr().out.endswith(f"{NAME}: 1 finding (1 added, 0 taken out)\n")
    first = Path(NAME).stat().st_mtime_ns
    assert run(["baseline"]) == 0
    assert Path(NAME).stat().st_mtime_ns == first
    assert run(["."]) == 0
    assert "; 1 baselined;" in capsys.readouterr().out
    assert run(["--no-baseline"]) == 1
    (here / "shop.service").write_text(UNIT.replace("[Install]", "Restart=always\n[Install]"))
    capsys.readouterr()
    assert run(["."]) == 0
    assert "; 1 stale in the baseline (flasklint baseline --prune);" in capsys.readouterr().out
    assert run(["baseline", "--prune"]) == 0
    assert read(NAME) == ()
    assert run(["."]) == 0
    assert "baseline" not in capsys.readouterr().out.rpartition("\n1 ")[2].replace(NAME, "")


def test_prune_adds_nothing(here: Path):
    Path(NAME).write_text(render([Entry("0" * 16, "missing-restart", "gone.service", "m")]))
    assert run(["baseline", "--prune"]) == 0
    assert read(NAME) == ()


def test_what_a_run_cannot_see_stays(here: Path):
    lay_out({"other/shop.service": UNIT}, here)
    write()
    both = read(NAME)
    assert run(["baseline", "other"]) == 0
    assert run(["baseline", "--select", "upstream"]) == 0
    assert read(NAME) == both


def test_beside_the_settings_or_where_they_say(here: Path):
    (here / "flasklint.toml").write_text("")
    (here / "deep").mkdir()
    with chdir("deep"):
        assert run(["baseline", ".."]) == 0
        assert not os.path.exists(NAME)
        assert run([".."]) == 0
    os.unlink(NAME)
    assert run(["."]) == 1
    assert run(["baseline", "--baseline", "deep/accepted.json"]) == 0
    (here / "flasklint.toml").write_text('baseline = "deep/accepted.json"\n')
    assert run(["."]) == 0
    with chdir("deep"):
        assert run([".."]) == 0
    assert run(["--no-baseline"]) == 1
    assert run(["--isolated"]) == 1
    assert not os.path.exists(NAME)


def test_machines_are_told(here: Path, capsys: pytest.CaptureFixture[str]):
    write()
    (here / "shop.service").write_text(UNIT.replace("[Unit]", "[Unit]\nAfter=network.target"))
    Path(NAME).write_text(render([*read(NAME), Entry("1" * 16, "missing-restart", "old.service", "gone", 2)]))
    run(["--format", "json"])
    summary = json.loads(capsys.readouterr().out)["summary"]
    assert (summary["baselined"], summary["ignored"], summary["below_threshold"]) == (1, 0, 0)
    assert summary["stale"] == [{"path": "old.service", "rule": "missing-restart", "message": "gone", "count": 2}]
    run(["--format", "sarif"])
    [result] = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert result["suppressions"][0]["kind"] == "external"


# ------------------------------------------------------------------------------------- broken files


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "it is no JSON (line 1)"),
        ('{\n  "version": 1,\n<<<<<<< HEAD', "it is no JSON (line 3)"),
        ("[" * 100_000, "it is no JSON"),
        ("[]", "it names no version"),
        ('{"version": 2, "findings": []}', "its version is 2, and this flasklint reads version 1"),
        ('{"version": "\x1b[31m"}', "it is no JSON"),
        ('{"version": "\\u001b[31m"}', "its version is another one"),
        ('{"version": true, "findings": []}', "its version is another one"),
        ('{"version": 1}', "no list of findings"),
        ('{"version": 1, "findings": {}}', "no list of findings"),
        ('{"version": 1, "findings": [1]}', "entry 1 is no object"),
        ('{"version": 1, "findings": [{}]}', "entry 1 has no fingerprint"),
        ('{"version": 1, "findings": [{"fingerprint": "0123456789abcdef", "rule": "x"}]}', "lacks a rule, a path"),
        (
            '{"version": 1, "findings": [{"fingerprint": "0123456789abcdef", "rule": "x", "path": "y", "count": 0}]}',
            "count",
        ),
        (
            '{"version": 1, "findings": [{"fingerprint": "0123456789abcdef", "rule": "x", "path": "y", "count": 1e9}]}',
            "count",
        ),
        ('{"version": ' + "9" * 5000 + "}", "it is no JSON"),
    ],
)
def test_a_broken_one_is_said(here: Path, capsys: pytest.CaptureFixture[str], text: str, words: str):
    Path(NAME).write_text(text)
    for arguments in (["."], ["baseline"], ["baseline", "--prune"]):
        assert run(arguments) == 2
        error = capsys.readouterr().err
        assert error.startswith(f"flasklint: {NAME}: ")
        assert words in error
        assert "\x1b" not in error
    assert Path(NAME).read_text() == text
    with pytest.raises(BaselineError):
        read(NAME)


def test_what_is_no_file_is_refused(here: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["--baseline", "nowhere.json"]) == 2
    assert "nowhere.json: no such file" in capsys.readouterr().err
    os.mkfifo(NAME)
    assert run(["."]) == 2
    assert "no regular file" in capsys.readouterr().err
    assert run(["--no-baseline", "--baseline", "x"]) == 2
    os.unlink(NAME)
    assert run(["baseline", "--prune"]) == 2
    assert "there is no" in capsys.readouterr().err


def test_nothing_is_written_where_there_is_nothing_to_lint(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with chdir(tmp_path):
        assert run(["baseline"]) == 2
        assert not os.path.exists(NAME)


def test_a_line_an_entry_and_control_characters_are_escaped():
    entries = [
        Entry("b" * 16, "r", "b\n\x1b", "m\u202e"),
        Entry("a" * 16, "r", "a", "m", 3),
        Entry("a" * 16, "r", "a", "m"),
    ]
    text = render(entries)
    assert text.isascii()
    assert text.count("\n") == len(merged(entries)) + 5
    found = json.loads(text)["findings"]
    assert [(one["path"], one.get("count")) for one in found] == [("a", 4), ("b\n\x1b", None)]
