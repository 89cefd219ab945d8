"""The manual page is that of the commands, and programs that show such pages take it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "man" / "flasklint.1"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_the_manual_page_is_current() -> None:
    done = run(sys.executable, "tools/generate_man.py", "--check")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "viewer",
    [("mandoc", "-Tlint"), ("groff", "-man", "-Tutf8", "-ww", "-z"), ("man", "--warnings", "-l")],
    ids=lambda v: v[0],
)
def test_the_manual_page_is_shown_without_a_warning(viewer: tuple[str, ...]) -> None:
    if not shutil.which(viewer[0]):
        pytest.skip(f"no {viewer[0]}")
    done = run(*viewer, PAGE)
    assert (done.returncode, done.stderr) == (0, "")
    if viewer[0] == "mandoc":
        assert not done.stdout
