"""The image: what hadolint says of its Dockerfile, and that it is nobody's and needs no shell."""

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.ci.test_pre_commit import SHIPPED
from tests.programs import needs

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "Dockerfile").read_text()
HADOLINT = str(Path(sys.executable).with_name("hadolint"))
FINAL = TEXT.rpartition("\nFROM ")[2]


@needs(HADOLINT)
def test_hadolint_finds_nothing():
    done = subprocess.run([HADOLINT, "Dockerfile"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_it_runs_as_nobody_without_a_shell():
    assert re.search(r"^USER 65534:65534$", FINAL, re.MULTILINE)
    assert "\nRUN " not in FINAL
    (program,) = json.loads(FINAL.partition("ENTRYPOINT ")[2])
    assert program.startswith("/opt/flasklint/bin/")


def test_the_build_sees_what_is_installed():
    """The hook of pre-commit is installed from the same files, which tests that they suffice."""
    shown = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    assert shown == {*SHIPPED} - {".pre-commit-hooks.yaml"}
