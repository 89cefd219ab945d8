"""What docs/editors.md and docs/own-rules.md tell people to write can be read by the programs it is meant for."""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from flasklint import cli, rule
from tests.lsp.client import ROOT

EDITORS = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
OWN_RULES = (ROOT / "docs" / "own-rules.md").read_text(encoding="utf-8")


def shown(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def test_helix_reads_its_part():
    (text,) = shown(EDITORS, "toml")
    read = tomllib.loads(text)
    assert read["language-server"]["flasklint"] == {"command": "flasklint", "args": ["lsp"]}
    assert all("flasklint" in one["language-servers"] for one in read["language"])


def test_vs_code_reads_its_part():
    (text,) = shown(EDITORS, "json")
    assert json.loads(text)["glspc.serverCommandArguments"] == ["lsp"]


@pytest.mark.skipif(not shutil.which("nvim"), reason="Neovim is not installed")
@pytest.mark.parametrize("text", shown(EDITORS, "lua"))
def test_neovim_parses_its_part(text: str, tmp_path: Path):
    (tmp_path / "part.lua").write_text(text)
    check = f"lua assert(loadfile([[{tmp_path / 'part.lua'}]])) print('good')"
    command = ["nvim", "--headless", "-n", "-u", "NONE", "-i", "NONE", "-c", check, "-c", "qa!"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "good" in done.stdout + done.stderr


def test_parentheses_of_emacs_are_balanced():
    (text,) = shown(EDITORS, "lisp")
    assert text.count("(") == text.count(")")


def test_the_rule_that_is_shown_keeps_its_promises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(rule, "_added", {})
    monkeypatch.chdir(tmp_path)
    (text,) = shown(OWN_RULES, "python")
    Path("unit_without_manual.py").write_text(text)
    assert cli.run(["test", "unit_without_manual.py"]) == 0, capsys.readouterr().out
