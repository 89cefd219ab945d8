"""The real shells are asked what they propose."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flasklint import rule as rules
from flasklint.commands import _complete

ROOT = Path(__file__).parents[1]
BASH = """
eval "$(flasklint completion bash)"
COMP_WORDS=({words}) COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
compopt() {{ :; }}
_flasklint_completion flasklint
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
# compsys needs a line editor: the function is called with what it would be given, and hands over to `_describe`.
ZSH = """
compdef() {{ :; }}
autoload() {{ :; }}
eval "$(flasklint completion zsh)"
words=({words}) CURRENT=${{#words}} commands[flasklint]=1
_describe() {{ print -l -- ${{(P)3}}; }}
compadd() {{ shift 4; print -l -- ${{(P)1}}; }}
_path_files() {{ print -l -- *(N); }}
_flasklint_completion
"""
FISH = """
flasklint completion fish | source
complete -C '{line}'
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A PATH that has the program first, and no settings of a person's shell."""
    program = tmp_path / "bin" / "flasklint"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m flasklint "$@"\n')
    program.chmod(0o755)
    (tmp_path / "deploy").mkdir()
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    return {
        **os.environ,
        "PATH": path,
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
    }


def proposed(shell: str, line: str, environment: dict[str, str]) -> set[str]:
    """Return what a shell proposes behind a line."""
    found = shutil.which(shell)
    if not found:
        pytest.skip(f"no {shell}")
    words = " ".join(f"'{word}'" for word in line.split(" "))
    script = {"bash": BASH, "zsh": ZSH, "fish": FISH}[shell].format(words=words, line=line)
    plain = {"bash": ["--norc", "--noprofile"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    done = subprocess.run(
        [found, *plain, "-c", script],
        env=environment,
        cwd=environment["HOME"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0 and not done.stderr, done.stderr
    return {re.split("[\t:]", line)[0].strip() for line in done.stdout.splitlines()}


SHELLS = pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])


@SHELLS
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("flasklint ", {"check", "explain", "rules", "completion"}),
        ("flasklint explain alias-t", {"alias-traversal"}),
        ("flasklint --select alias-m", {"alias-missing-slash"}),
        (
            "flasklint deploy --ignore proxy-headers,stat",
            {"proxy-headers,static-files", "proxy-headers,static-dir-unreadable"},
        ),
        ("flasklint check --severity alias-traversal=n", {"alias-traversal=note"}),
        ("flasklint --format sar", {"sarif"}),
        ("flasklint completion f", {"fish"}),
        ("flasklint --sel", {"--select"}),
    ],
)
def test_a_shell_proposes(shell: str, line: str, words: set[str], environment: dict[str, str]) -> None:
    assert words <= proposed(shell, line, environment)


@pytest.mark.parametrize("shell", ["zsh", "fish"])  # bash falls back to files by itself
def test_a_shell_proposes_files(shell: str, environment: dict[str, str]) -> None:
    assert {"deploy", "deploy/"} & proposed(shell, "flasklint dep", environment)


def test_groups_are_those_of_the_rules() -> None:
    assert _complete._groups() == sorted({one.group for one in rules.load()})


def test_a_key_press_imports_no_rule(environment: dict[str, str]) -> None:
    script = (
        "import atexit, sys; atexit.register(lambda: print(*sys.modules)); from flasklint.__main__ import main; main()"
    )
    asked = {"_FLASKLINT_COMPLETE": "bash_complete", "COMP_WORDS": "flasklint --select ali", "COMP_CWORD": "2"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment | asked, capture_output=True, text=True, timeout=60
    )
    assert "plain,alias-traversal" in done.stdout, done.stderr
    modules = done.stdout.split()
    assert not [name for name in modules if name.startswith("flasklint.rules.")]
    assert not {"flasklint.run", "flasklint.config.keys", "yaml", "libcst"} & {*modules}
