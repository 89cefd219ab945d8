"""The five promises that every rule keeps, and the cases that accompany it.

1. BAD raises exactly the marked findings, with the marked words; 2. GOOD raises nothing of this rule
and nothing of severity error; 3. BAD after `--fix` (with `--unsafe-fixes` where its fix is unsafe) is FIXED,
which raises nothing, and there is a FIXED where there is a fix; 4. BAD is silent when any one of its files is
taken away, unless the rule needs one file only; 5. the manual page is whole and the name fits.
"""

import re
from pathlib import Path

import pytest

from flasklint import rule as rules
from flasklint.finding import Severity
from tests.deployments import fix_files, lint_files

NAMES = rules.names()
# internal-error has no BAD: no input provokes it. tests/test_internal_error.py does, by breaking flasklint.
PROVOKED = [name for name in NAMES if name != "internal-error"]
CASES = sorted((Path(__file__).parent / "cases").glob("*/*.txt"))


def raised(name: str, text: str, folder: Path) -> set[tuple[str, int]]:
    result = lint_files(rules.example(text).files, folder, select=[name])
    return {(one.at.path, one.at.line) for one in result.findings}


def check_marks(name: str, text: str, folder: Path) -> None:
    example = rules.example(text)
    result = lint_files(example.files, folder, select=[name])
    found = [(one.at.path, one.at.line, f"{one.message} {one.label} {one.repair}") for one in result.findings]
    assert sorted(where[:2] for where in found) == sorted(mark[:2] for mark in example.expected), found
    for mark in example.expected:
        texts = [text for path, line, text in found if (path, line) == mark[:2]]
        assert any(mark.words in text for text in texts), (mark.words, texts)


@pytest.mark.parametrize("name", PROVOKED)
def test_bad_raises_exactly_the_marked_findings(name: str, tmp_path: Path) -> None:
    one = rules.get(name)
    assert rules.example(one.bad).expected, "BAD marks no finding"
    check_marks(name, one.bad, tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_good_is_silent(name: str, tmp_path: Path) -> None:
    result = lint_files(rules.example(rules.get(name).good).files, tmp_path)
    wrong = [one for one in result.findings if one.rule == name or one.level is Severity.ERROR]
    assert not wrong, [(one.rule, one.message) for one in wrong]


@pytest.mark.parametrize("name", PROVOKED)
def test_bad_becomes_fixed(name: str, tmp_path: Path) -> None:
    """Without FIXED no finding carries a fix; with it all do, and `--fix` makes exactly that of BAD, once."""
    one = rules.get(name)
    bad = rules.example(one.bad).files
    findings = lint_files(bad, tmp_path / "bad", select=[name]).findings
    if not one.fixed:
        assert not any(found.fix for found in findings), "a fix without FIXED"
        return
    assert all(found.fix for found in findings), "FIXED, and a finding without a fix"
    unsafe = any(found.fix and not found.fix.safe for found in findings)
    result, files = fix_files(bad, tmp_path / "fixed", select=[name], unsafe=unsafe)
    assert files == rules.example(one.fixed).files
    assert not result.findings and not result.unfixed
    assert len(result.fixed) == len(findings)
    again, same = fix_files(files, tmp_path / "again", select=[name], unsafe=unsafe)
    assert not again.findings and not again.changes and same == files


@pytest.mark.parametrize("name", PROVOKED)
def test_bad_needs_every_file(name: str, tmp_path: Path) -> None:
    example = rules.example(rules.get(name).bad)
    if len(example.files) == 1:
        return
    for index, missing in enumerate(example.files):
        rest = {path: text for path, text in example.files.items() if path != missing}
        result = lint_files(rest, tmp_path / str(index), select=[name])
        assert not result.findings, f"without {missing}: {[one.message for one in result.findings]}"


@pytest.mark.parametrize("name", NAMES)
def test_manual_page_is_whole(name: str) -> None:
    one = rules.get(name)
    assert one.name == name
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert one.title and one.title[0] != " " and not one.title.endswith(".")
    assert len(one.why) > 40
    assert one.fix
    assert re.fullmatch(r"\d+\.\d+", one.since)
    assert one.group in {
        "upstream", "service", "environment", "import-path", "dev-server", "proxy-headers", "static-files", "sockets",
        "limits", "waitress", "windows", "engine",
    }  # fmt: skip
    assert one.good


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_case(path: Path, tmp_path: Path) -> None:
    check_marks(path.parent.name, path.read_text(encoding="utf-8"), tmp_path)
