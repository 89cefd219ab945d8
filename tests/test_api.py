"""What other programs call: `from flasklint import lint`."""

from pathlib import Path

import pytest

import flasklint
from flasklint import Severity, UnknownSelectorError, lint

CORPUS = Path(__file__).parents[1] / "corpus"


def rules(**options: str | list[str]) -> list[str]:
    return [finding.rule for finding in lint(CORPUS / "wrong-port", **options).findings]


def test_selectors_are_a_list_or_a_text():
    assert rules() == ["upstream-bind-mismatch"]
    assert rules(select="upstream-*, exec-not-absolute") == rules(select=["upstream"]) == rules()
    assert rules(ignore="upstream-bind-mismatch") == []


def test_severities_decide_the_exit_code():
    assert lint(CORPUS / "wrong-port").exit_code() == 1
    result = lint(CORPUS / "wrong-port", severities={"upstream": "note"})
    assert result.findings[0].level is Severity.NOTE
    assert result.exit_code() == 0
    assert result.count(Severity.NOTE) == 1


def test_what_is_raised(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        lint(tmp_path / "nowhere")
    with pytest.raises(UnknownSelectorError, match="did you mean upstream"):
        lint(tmp_path, select="upstrm")
    with pytest.raises(ValueError, match="is no severity"):
        lint(tmp_path, severities={"upstream": "fatal"})


def test_every_public_name_is_there():
    assert all(getattr(flasklint, name) for name in flasklint.__all__)
    assert dir(flasklint) == sorted(flasklint.__all__)
    with pytest.raises(AttributeError, match="no attribute 'lnt'"):
        flasklint.lnt  # noqa: B018
