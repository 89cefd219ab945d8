"""docs/reports.md and the README tell of every format, and show what it really gives."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from flasklint.report._targets import names

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reports.md").read_text(encoding="utf-8")
SECTIONS = {part.partition("\n")[0]: part for part in re.split(r"\n## (?=[a-z]+\n)", PAGE)[1:]}


@pytest.mark.parametrize("form", names())
def test_every_format_is_told(form: str):
    assert form in SECTIONS
    assert f"[`{form}`](#{form})" in PAGE
    assert f"`{form}`" in (ROOT / "README.md").read_text(encoding="utf-8").partition("| `--format` | for |")[2]


@pytest.mark.parametrize("form", ["concise", "github", "gitlab", "junit", "checkstyle", "markdown"])
def test_the_example_is_real(form: str):
    shown = re.findall(r"^(````?)(?:text|json|xml|markdown)\n(.*?)\n\1$", SECTIONS[form], re.DOTALL | re.MULTILINE)
    environment = {name: os.environ[name] for name in os.environ if name not in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")}
    done = subprocess.run(
        [sys.executable, "-m", "flasklint", "--format", form, "corpus/wrong-port"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert [text for _, text in shown if text.strip() not in done.stdout] == []
    assert shown
