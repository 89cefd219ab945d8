"""What the documents show is what the program does."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from flasklint import __version__
from flasklint import rule as rules

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
LINK = re.compile(r"\]\((?!\w+:)([^)#\s]*)#?([^)\s]*)\)")


def report(*options: str) -> str:
    """Lint the deployment that the documents show."""
    done = subprocess.run(
        [sys.executable, "-m", "flasklint", *options, "corpus/wrong-port"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "100"},
    )
    return done.stdout


def test_the_page_of_rules_is_current() -> None:
    done = subprocess.run(
        [sys.executable, "tools/generate_rule_docs.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_page_and_the_schema_of_settings_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "tools/generate_config_docs.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_readme_shows_a_real_finding() -> None:
    frame = report("--color", "never").rpartition("\n\n")[0]
    assert frame.strip()
    assert frame in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_page_about_json_shows_a_real_report() -> None:
    page = (ROOT / "docs/json.md").read_text(encoding="utf-8")
    shown = json.loads(page.partition("```json\n")[2].partition("```")[0])
    real = json.loads(report("--format", "json"))
    assert list(shown) == list(real)
    assert (shown["schema"], shown["findings"]) == (real["schema"], real["findings"])


def test_the_readme_names_every_option_of_check() -> None:
    from flasklint.cli import check

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for parameter in check.params:
        for option in parameter.opts:
            assert not option.startswith("--") or option in ("--help", "--version") or option in text, option


def test_the_changelog_is_about_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {__version__}" in text
    assert f"{len(rules.names())} rules" in text


def test_help_of_every_command_is_shown() -> None:
    from flasklint.cli import cli

    for command in ([], ["check"], ["explain"], ["rules"]):
        result = CliRunner().invoke(cli, [*command, "--help"])
        assert result.exit_code == 0 and "Usage:" in result.output


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere_in_a_checkout(page: Path) -> None:
    """Those of the built site are tested with it; here a page is read as it lies in the repository."""
    for path, anchor in LINK.findall(_prose(page)):
        target = page.parent / path if path else page
        assert target.exists(), f"{path} of {page.name}"
        assert not anchor or target.suffix != ".md" or anchor in _anchors(target), f"{path}#{anchor} of {page.name}"


def _prose(page: Path) -> str:
    return re.sub(r"^(`{3,}).*?^\1", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", _prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}
