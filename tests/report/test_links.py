"""Rule names that a terminal opens: where they are, and where they are not."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from flasklint import site
from flasklint.cli import cli
from flasklint.report import _links
from flasklint.report._links import linked, wants_links

ROOT = Path(__file__).parents[2]
LINK = re.compile("\x1b]8;;(?P<url>[^\x1b]*)\x1b\\\\(?P<text>[^\x1b]*)\x1b]8;;\x1b\\\\")


class Screen:
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "links"),
    [
        ({}, False),
        ({"TERM": "xterm-256color"}, False),
        ({"VTE_VERSION": "7200"}, True),
        ({"VTE_VERSION": "5000"}, False),
        ({"VTE_VERSION": "new"}, False),
        ({"WT_SESSION": "b2c3"}, True),
        ({"KONSOLE_VERSION": "220401"}, True),
        ({"TERM_PROGRAM": "iTerm.app"}, True),
        ({"TERM_PROGRAM": "vscode"}, True),
        ({"TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"TERM": "xterm-kitty"}, True),
        ({"VTE_VERSION": "7200", "TERM": "dumb"}, False),
        ({"VTE_VERSION": "7200", "CI": "true"}, False),
        ({"VTE_VERSION": "7200", "TMUX": "/tmp/tmux-0/default,1,0"}, False),
        ({"FORCE_HYPERLINK": "1"}, True),
        ({"FORCE_HYPERLINK": "0", "VTE_VERSION": "7200"}, False),
        ({"FORCE_HYPERLINK": "", "VTE_VERSION": "7200"}, False),
    ],
)
def test_terminals_that_link(environment: dict[str, str], links: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_links.sys, "stdout", Screen())
    assert wants_links("auto", True, environment) is links
    assert wants_links("always", False, environment) is True
    assert wants_links("never", True, environment) is False


def test_links_need_a_terminal_and_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not wants_links("auto", True, {"VTE_VERSION": "7200"})  # pytest's standard output is none
    monkeypatch.setattr(_links.sys, "stdout", Screen())
    assert not wants_links("auto", False, {"VTE_VERSION": "7200"})


def test_only_rules_with_a_page_are_links(monkeypatch: pytest.MonkeyPatch) -> None:
    assert linked("alias-traversal", True) == (
        f"\x1b]8;;{site.SITE}rules/alias-traversal.html\x1b\\alias-traversal\x1b]8;;\x1b\\"
    )
    assert linked("a-rule-of-ones-own", True) == "a-rule-of-ones-own"
    assert linked("alias-traversal", False) == "alias-traversal"
    monkeypatch.setattr(site, "SITE", "")
    assert linked("alias-traversal", True) == "alias-traversal"


@pytest.mark.parametrize("form", ["text", "concise"])
def test_a_report_without_its_links_is_the_report(form: str, tmp_path: Path) -> None:
    arguments = ["--isolated", "--quiet", "--format", form, str(ROOT / "corpus" / "static-leak")]
    plain = CliRunner().invoke(cli, arguments).output
    links = CliRunner().invoke(cli, ["--hyperlinks", "always", *arguments]).output
    found = list(LINK.finditer(links))
    assert {match["text"] for match in found} >= {"alias-traversal", "wsgi-attribute-not-found"}
    assert all(match["url"].endswith(f"/rules/{match['text']}.html") for match in found)
    assert LINK.sub(lambda match: match["text"], links) == plain
    file = tmp_path / "report"
    CliRunner().invoke(cli, ["--hyperlinks", "always", "--output", str(file), *arguments])
    assert file.read_text(encoding="utf-8") == plain


def test_rules_and_explain_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_HYPERLINK", "1")
    listed = CliRunner().invoke(cli, ["rules"]).output
    assert LINK.search(listed)
    assert LINK.search(CliRunner().invoke(cli, ["explain", "alias-traversal"]).output)
    monkeypatch.setenv("FORCE_HYPERLINK", "0")
    assert LINK.sub(lambda match: match["text"], listed) == CliRunner().invoke(cli, ["rules"]).output
