"""A reader or a rule that fails costs its own findings only, and is said."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flasklint import rule as rules
from flasklint.deployment import Deployment
from flasklint.finding import Finding, Severity
from flasklint.read import nginx
from flasklint.rule import Rule
from tests.deployments import lint_files

FILES = {
    f"{name}.conf": f"server {{\nlocation /static/ {{\nalias /srv/{name}/static;\n}}\n}}\n"
    for name in ("shop", "other")
}


def broken(*_: object) -> Iterator[Finding]:
    raise ZeroDivisionError("broken on purpose")


def test_a_rule_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(*_: object) -> tuple[Rule, ...]:
        return (
            Rule("broken-rule", Severity.ERROR, "engine", "0.1", (), broken),
            rules.get("alias-missing-slash"),
        )

    monkeypatch.setattr(rules, "load", load)
    result = lint_files(FILES, tmp_path)
    found = [one for one in result.findings if one.rule == "internal-error"]
    assert found
    assert all("broken-rule: ZeroDivisionError: broken on purpose" in one.message for one in found)
    assert {one.rule for one in result.findings} == {"internal-error", "alias-missing-slash"}
    assert result.internal_errors


def test_a_reader_that_fails_on_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = nginx.read

    def read(sources: object, *more: object) -> object:
        if any(source.path == "shop.conf" for source in sources):
            raise ZeroDivisionError("broken on purpose")
        return whole(sources, *more)

    monkeypatch.setattr(nginx, "read", read)
    result = lint_files(FILES, tmp_path)
    internal = [one for one in result.findings if one.rule == "internal-error"]
    assert [one.at.path for one in internal] == ["shop.conf"]
    assert [one.at.path for one in result.findings if one.rule == "alias-missing-slash"] == ["other.conf"]
    assert result.internal_errors == 1


def test_silent_without_a_failure() -> None:
    assert not list(rules.get("internal-error").check(Deployment("shop")))
