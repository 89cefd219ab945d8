"""`--add-ignores`: a comment above every finding, in the syntax of its file, and nothing else changed."""

import os
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest

from flasklint import rule as rules
from flasklint.cli import run
from flasklint.fix import fits, fix
from flasklint.result import Result
from flasklint.run import lint
from flasklint.settings import Settings
from tests.deployments import lay_out
from tests.test_baseline import everywhere

REASON = "known since spring, see the wiki"
UNIT = """\
[Unit]
Description=shop
[Service]
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn \\
    --workers 3 \\
    --bind 0.0.0.0:8000 \\
    app:app
[Install]
WantedBy=multi-user.target
"""


def add(reason: str = REASON, fixes: str = "make") -> Result:
    return fix(["."], Settings(add_ignores=reason, fixes=fixes))


def texts(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def without_comments(text: bytes) -> bytes:
    return b"".join(line for line in text.splitlines(keepends=True) if REASON.encode() not in line)


@pytest.mark.parametrize(
    ("name", "files"), list(everywhere()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_afterwards_all_is_silent_and_nothing_else_has_changed(name: str, files: dict[str, str], tmp_path: Path):
    lay_out(files, tmp_path)
    with chdir(tmp_path):
        before, was = lint(["."], Settings()), texts(tmp_path)
        result = add()
        now = texts(tmp_path)
        assert {path: without_comments(text) for path, text in now.items()} == was
        after = lint(["."], Settings())
        left = [one.finding for one in result.unfixed]
        assert [one.rule for one in after.findings] == [one.rule for one in left]
        assert all(not one.at.source.text or name == "syntax-error" for one in left), [
            one.why for one in result.unfixed
        ]
        assert len(after.ignored) == len(before.ignored) + len(before.findings) - len(left)
        assert {change.path for change in result.changes} == {path for path in now if now[path] != was[path]}
        assert not add("again").changes
        assert texts(tmp_path) == now


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Path]:
    with chdir(tmp_path):
        yield tmp_path


def test_one_comment_for_all_rules_of_a_line_and_above_the_whole_value(here: Path):
    (here / "shop.service").write_bytes(UNIT.replace("\n", "\r\n").encode())
    add()
    lines = (here / "shop.service").read_bytes().decode().split("\r\n")
    assert lines[2] == f"# flasklint: ignore[missing-restart, service-runs-as-root] {REASON}"
    assert "\n" not in "".join(lines)
    assert not lint(["."], Settings()).findings


def test_below_the_line_of_the_interpreter(here: Path):
    lay_out({"shop.service": UNIT.replace("/srv/shop/venv/bin/gunicorn \\", "/srv/shop/run.sh \\"),
             "run.sh": "#!/bin/sh\ncd /srv/shop\nexec gunicorn -b 0.0.0.0:80 app:app\n"}, here)  # fmt: skip
    add()
    assert (here / "run.sh").read_text().startswith("#!/bin/sh\n")


def test_a_comment_that_would_change_the_file_is_not_written(here: Path):
    text = "services:\n  web:\n    build: .\n    command: gunicorn\n      --bind 0.0.0.0:8000\n      --wrokers 3\n      app:app\n"
    lay_out({"compose.yml": text, "Dockerfile": "FROM python\nRUN pip install flask gunicorn\n"}, here)
    found = lint(["."], Settings()).findings
    assert "unknown-server-option" in [one.rule for one in found]
    result = add()
    assert "--bind 0.0.0.0:8000\n      --wrokers 3\n" in (here / "compose.yml").read_text()
    [why] = [one.why for one in result.unfixed if one.finding.rule == "unknown-server-option"]
    assert why.startswith("it would bring syntax-error: YAML refuses this file")
    with chdir(here):
        selected = fix(["."], Settings(add_ignores=REASON, fixes="make", select=("unknown-server-option",)))
    assert [one.why for one in selected.unfixed] == ["a comment here would change what it says"]


def test_shown_only(here: Path, capsys: pytest.CaptureFixture[str]):
    (here / "shop.service").write_text(UNIT)
    assert run(["--add-ignores", REASON, "--diff"]) == 1
    assert (here / "shop.service").read_text() == UNIT
    assert f"+# flasklint: ignore[missing-restart, service-runs-as-root] {REASON}\n" in capsys.readouterr().out


def test_the_option(here: Path, capsys: pytest.CaptureFixture[str]):
    (here / "shop.service").write_text(UNIT)
    os.symlink("nowhere.service", here / "gone.service")
    assert run(["--add-ignores", REASON]) == 1
    told = capsys.readouterr()
    assert "flasklint: 1 file got comments\n" in told.err
    assert "flasklint: not silenced: gone.service:1 unreadable-file (the file cannot be changed)\n" in told.err
    assert run(["--add-ignores", REASON]) == 1
    assert "flasklint: no comment was written\n" in capsys.readouterr().err
    os.unlink(here / "gone.service")
    assert run(["--add-ignores", REASON]) == 0


@pytest.mark.parametrize(
    "reason", ["", " - ", "a\nb", "a\x1b[31m", "x #} {{ y", "{% x", "ends with \\", "a" * 301, "\u202ea"]
)
def test_a_reason_that_does_not_fit(here: Path, reason: str, capsys: pytest.CaptureFixture[str]):
    (here / "shop.service").write_text(UNIT)
    assert fits(reason.strip())
    assert run(["--add-ignores", reason]) == 2
    assert "takes the reason" in capsys.readouterr().err
    assert (here / "shop.service").read_text() == UNIT


@pytest.mark.parametrize("option", ["--fix", "--no-ignores", "--files"])
def test_options_that_exclude_each_other(here: Path, option: str):
    assert run(["--add-ignores", REASON, option]) == 2


def test_every_bad_example_is_tried():
    assert len(list(everywhere())) > len(rules.names())
