"""Every rule keeps the five promises of flasklint/promises.py, and its cases are judged as they are marked."""

from pathlib import Path

import pytest

from flasklint import promises
from flasklint import rule as rules
from flasklint.promises import Bench

NAMES = rules.names()
# internal-error has no BAD: no input provokes it. tests/test_internal_error.py does, by breaking flasklint.
PROVOKED = [name for name in NAMES if name != "internal-error"]
CASES = sorted((Path(__file__).parent / "cases").glob("*/*.txt"))
GROUPS = {
    "upstream", "service", "environment", "import-path", "dev-server", "proxy-headers", "static-files", "sockets",
    "limits", "waitress", "windows", "engine",
}  # fmt: skip


@pytest.mark.parametrize("name", PROVOKED)
def test_bad_raises_exactly_the_marked_findings(name: str, tmp_path: Path) -> None:
    assert not [*promises.bad_raises_exactly_the_marked_findings(rules.get(name), Bench(tmp_path))]


@pytest.mark.parametrize("name", NAMES)
def test_good_is_silent(name: str, tmp_path: Path) -> None:
    assert not [*promises.good_is_silent(rules.get(name), Bench(tmp_path))]


@pytest.mark.parametrize("name", PROVOKED)
def test_bad_becomes_fixed(name: str, tmp_path: Path) -> None:
    assert not [*promises.bad_becomes_fixed(rules.get(name), Bench(tmp_path))]


@pytest.mark.parametrize("name", PROVOKED)
def test_bad_needs_every_file(name: str, tmp_path: Path) -> None:
    assert not [*promises.bad_needs_every_file(rules.get(name), Bench(tmp_path))]


@pytest.mark.parametrize("name", NAMES)
def test_manual_page_is_whole(name: str, tmp_path: Path) -> None:
    assert not [*promises.manual_page_is_whole(rules.get(name), Bench(tmp_path))]
    assert rules.get(name).name == name
    assert rules.get(name).group in GROUPS


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_case(path: Path, tmp_path: Path) -> None:
    given = rules.example(path.read_text(encoding="utf-8"))
    assert not [*promises.raises_what_is_marked(path.parent.name, given, Bench(tmp_path))]
