"""Run the commands of docs/tutorial.md and write what they say below them (`--check` only compares).

A command is a line with `$ ` in a `console` block; everything else in the block is what it printed. All of them
run in one bash, one after the other, in an empty folder that has the corpus in it.
"""

import difflib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
SECONDS = re.compile(r"\d+\.\d\d s$", re.MULTILINE)
END = "\x1e"  # stands behind what a command printed


def page(text: str) -> str:
    """Return the page with what its commands print today."""
    blocks = [commands(block) for block in BLOCK.findall(text)]
    printed = iter(run([command for block in blocks for command in block]))
    shown = iter(["".join(f"$ {command}\n{next(printed)}" for command in block) for block in blocks])
    return BLOCK.sub(lambda _: next(shown), text)


def commands(block: str) -> list[str]:
    return [line[2:] for line in block.split("\n") if line.startswith("$ ")]


def run(listed: list[str]) -> list[str]:
    """Return what each of the commands prints, in a copy of the corpus; times are those of a usual machine."""
    script = "".join(f"{command}\nstatus=$?; printf '{END}'; (exit $status)\n" for command in listed)
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "bin", "flasklint")
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m flasklint "$@"\n')
        program.chmod(0o755)
        work = Path(folder, "work")
        work.mkdir()
        (work / "corpus").symlink_to(ROOT / "corpus")
        kept = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
        done = subprocess.run(
            ["bash", "--norc", "--noprofile"],
            input=script,
            cwd=work,
            env={**kept, "PATH": f"{program.parent}:{os.environ['PATH']}", "COLUMNS": "84", "LC_ALL": "C.UTF-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=True,
            timeout=120,
        )
    return SECONDS.sub("0.05 s", done.stdout).split(END)[:-1]


if __name__ == "__main__":
    old = PAGE.read_text(encoding="utf-8")
    new = page(old)
    if "--check" in sys.argv:
        changes = "\n".join(difflib.unified_diff(old.splitlines(), new.splitlines(), "page", "today", lineterm="", n=1))
        sys.exit(f"docs/tutorial.md is out of date: run {sys.argv[0]}\n{changes}" if changes else 0)
    PAGE.write_text(new, encoding="utf-8")
