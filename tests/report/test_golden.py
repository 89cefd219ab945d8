"""Every report of one sample, as it stands in tests/report/golden/.

`python -m tests.report.test_golden` writes them anew; read the difference before you commit it.
"""

import os
from pathlib import Path

import pytest

from flasklint import __version__
from flasklint.report import formats, render
from flasklint.settings import Settings
from tests.report import sample

GOLDEN = Path(__file__).parent / "golden"
FORMATS = [form for form in formats() if form != "diff"]  # of changes, which the sample has none of


def report(form: str) -> str:
    """Draw the sample; what differs from machine to machine and release to release has a name instead."""
    with sample.rules():
        drawn = render(form, sample.result(), Settings(), width=100)
    return drawn.replace(f"file://{os.getcwd()}/", "file:///HERE/").replace(__version__, "VERSION")


@pytest.mark.parametrize("form", FORMATS)
def test_report(form: str, monkeypatch: pytest.MonkeyPatch):
    for variable in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(variable, raising=False)
    assert report(form) == (GOLDEN / f"{form}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", formats())
@pytest.mark.parametrize("name", ["EMPTY", "CLEAN"])
def test_nothing_found(form: str, name: str):
    drawn = render(form, getattr(sample, name), Settings())
    assert drawn == "" or drawn.endswith("\n")


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for one in FORMATS:
        (GOLDEN / f"{one}.txt").write_text(report(one), encoding="utf-8")
