"""Whole small deployments, as people write them: one slip each, or a trap in which every rule is silent.

A story marks every finding of severity warning and above, and only those: `# finding: rule` or
`# finding: rule: words of the message, the label or the repair`. Those named `*-clean` mark none.
"""

from pathlib import Path

import pytest

from flasklint import rule as rules
from flasklint.finding import Severity
from tests.deployments import lint_files

STORIES = sorted((Path(__file__).parent / "stories").glob("*.txt"))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_story(path: Path, tmp_path: Path) -> None:
    story = rules.example(path.read_text(encoding="utf-8"))
    assert bool(story.expected) is not path.stem.endswith("-clean")
    result = lint_files(story.files, tmp_path)
    found = [
        (one.at.path, one.at.line, one.rule, f"{one.message} {one.label} {one.repair}")
        for one in result.findings
        if one.level is not Severity.NOTE
    ]
    marked = [(mark.path, mark.line, *mark.words.partition(": ")[::2]) for mark in story.expected]
    assert sorted(one[:3] for one in found) == sorted(one[:3] for one in marked), found
    for place in marked:
        assert any(place[3] in one[3] for one in found if one[:3] == place[:3]), (place, found)
