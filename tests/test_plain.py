"""A run without options says what the command line says that has some."""

import re
import sys
from pathlib import Path

import pytest

from flasklint import __main__, cli, plain

SITE = "server {\n    listen 80;\n    location / {\n        proxy_pass http://127.0.0.1:8001;\n    }\n}\n"
UNIT = "[Service]\nUser=shop\nExecStart=/srv/shop/venv/bin/gunicorn -b 127.0.0.1:8000 app:app\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "site.conf").write_text(SITE)
    (tmp_path / "shop.service").write_text(UNIT)
    (tmp_path / "empty").mkdir()
    (tmp_path / "mistaken").mkdir()
    (tmp_path / "mistaken" / "flasklint.toml").write_text("selekt = ['all']\n")
    (tmp_path / "twice").mkdir()
    (tmp_path / "twice" / "flasklint.toml").write_text("ignore = ['missing-restart']\n")
    (tmp_path / "twice" / "pyproject.toml").write_text("[tool.flasklint]\nignore = ['all']\n")
    (tmp_path / "twice" / "shop.service").write_text(UNIT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], code: int) -> tuple[int, str, str]:
    """The exit code and both outputs, without the time that a run took."""
    out, err = capsys.readouterr()
    return code, re.sub(r"\d+\.\d+ s\b", "", out), err


@pytest.mark.parametrize(
    "paths",
    [[], ["."], ["site.conf", "shop.service"], ["empty"], ["mistaken"], ["twice"], ["nowhere"], ["a\x1b[0m"]],
    ids=repr,
)
def test_it_says_what_the_command_line_says(paths: list[str], here: Path, capsys: pytest.CaptureFixture[str]):
    with_options = said(capsys, cli.run(["--color", "auto", *paths]))
    assert said(capsys, plain.run(paths)) == with_options


def test_a_misspelt_command(here: Path, capsys: pytest.CaptureFixture[str]):
    code, _, err = said(capsys, plain.run(["chek"]))
    assert code == 2
    assert "did you mean the command 'check'?" in err


@pytest.mark.parametrize(
    "arguments",
    [["-"], ["--", "deploy"], ["deploy", "--quiet"], ["-q"], ["rules"], ["check", "deploy"], ["explain"], [""]],
    ids=repr,
)
def test_what_is_not_plain(arguments: list[str]):
    assert not plain.is_plain(arguments)


def test_a_path_named_like_a_command_is_plain_behind_a_dot():
    assert plain.is_plain(["./check"])
    assert plain.is_plain(["deploy", "rules"])


def test_a_shell_that_asks_for_completions(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("_FLASKLINT_COMPLETE", "bash_complete")
    assert not plain.is_plain([])


@pytest.mark.parametrize(("arguments", "asked"), [(["deploy"], "plain"), (["deploy", "-q"], "cli")])
def test_main_tells_them_apart(arguments: list[str], asked: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "argv", ["flasklint", *arguments])
    monkeypatch.setattr("gc.disable", lambda: None)
    ran: list[str] = []
    monkeypatch.setattr(plain, "run", lambda paths: ran.append("plain") or 0)
    monkeypatch.setattr(cli, "run", lambda args: ran.append("cli") or 0)
    assert __main__.main() == 0
    assert ran == [asked]
