"""Which release is meant, and what it does."""

import pytest

from flasklint import versions
from flasklint.facts import Requirement, Requirements
from flasklint.read.requirement_lines import requirement
from flasklint.source import Source
from flasklint.versions import Behaviour

ROWS = [row for row in vars(versions).values() if isinstance(row, Behaviour)]
SINCE_26 = Behaviour("gunicorn", "26.1", "", "")


def wanted(text: str) -> Requirement:
    found = requirement(text, Source("requirements.txt", text).whole())
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ("gunicorn", None),
        ("gunicorn==27.0.1", True),
        ("gunicorn==26.1", True),
        ("gunicorn==26.1rc1", True),
        ("gunicorn==26.0.9", False),
        ("gunicorn>=26.1", True),
        ("gunicorn>=26,<27", None),
        ("gunicorn>=26.1,!=26.2,<28", True),
        ("gunicorn<26.1", False),
        ("gunicorn<=26.1", None),
        ("gunicorn<=26.0", False),
        ("gunicorn<19", False),
        ("gunicorn~=26.1", True),
        ("gunicorn~=26.0.1", False),
        ("gunicorn~=25.3", False),
        ("gunicorn==26.*", None),
        ("gunicorn==25.*", False),
        ("gunicorn==27.*", True),
        ("gunicorn @ https://example.com/gunicorn.zip", None),
        ("gunicorn>=two", None),
    ],
)
def test_a_requirement(line: str, holds: bool | None):
    assert SINCE_26.holds(wanted(line)) is holds


@pytest.mark.parametrize(
    ("specifier", "holds"),
    [("^27.0", True), ("^25", False), ("^26", None), ("~26.1", True), ("~26", None), ("~25.3", False),
     ("^26 || ^27", None)],
)  # fmt: skip
def test_poetry_writes_ranges_of_its_own(specifier: str, holds: bool | None):
    assert SINCE_26.holds(wanted("gunicorn")._replace(range=specifier)) is holds


def test_a_lock_decides():
    files = wanted("gunicorn>=20"), wanted("gunicorn==27.0.1"), wanted("flask==3.1.3")
    assert SINCE_26.holds(Requirements("", (), files)) is True
    assert SINCE_26.holds(Requirements("", (), (wanted("gunicorn==25.0"), wanted("gunicorn==27.0")))) is None
    assert SINCE_26.holds(Requirements("", (), ())) is None
    assert SINCE_26.holds(None) is None


def test_what_all_releases_in_use_do_holds_for_an_unknown_one():
    assert versions.NOTIFIES.holds(None) is True
    assert versions.NOTIFIES.holds(wanted("gunicorn")) is True
    assert versions.NOTIFIES.holds("19.9.0") is False
    assert versions.NOTIFIES.holds(wanted("gunicorn<20")) is False
    assert Behaviour("werkzeug", "", "1.0", "").holds(None) is False
    assert versions.FLASK_ENV_READ.holds("2.2.5") is True
    assert versions.FLASK_ENV_READ.holds(None) is None


def test_a_program_without_requirements_is_asked_by_its_version():
    assert versions.TYPE_EXEC.holds("239") is False
    assert versions.TYPE_EXEC.holds("252") is True
    assert versions.TYPE_EXEC.holds(None) is None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.source)
def test_every_row_says_where_it_comes_from(row: Behaviour):
    assert row.source
    assert row.since or row.until
    assert row.program in versions.OLDEST
