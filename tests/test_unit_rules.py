"""Rules about units, where a case file cannot say it: its marks eat the blanks at the end of a line."""

from pathlib import Path

from tests.deployments import lint_files

UNIT = """[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn \\{blank}
    --workers 2 wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
"""


def lines(blank: str, folder: Path) -> list[tuple[str, int]]:
    found = lint_files({"shop.service": UNIT.format(blank=blank)}, folder).findings
    return [(one.rule, one.at.line) for one in found if one.rule.startswith(("unit-", "exec-"))]


def test_a_blank_behind_the_backslash_ends_the_line(tmp_path: Path) -> None:
    assert lines(" ", tmp_path) == [("unit-syntax-invalid", 4)]


def test_a_backslash_alone_continues_the_line(tmp_path: Path) -> None:
    assert lines("", tmp_path) == []
