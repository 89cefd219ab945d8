"""`--fix`, `--unsafe-fixes` and `--diff` on the command line, and what the reports say of fixes."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import jsonschema
import pytest

from flasklint import cli
from flasklint.report import render
from flasklint.result import Change, Result
from flasklint.settings import Settings
from tests.deployments import lay_out, lint_files
from tests.programs import needs

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads((ROOT / "docs" / "findings.schema.json").read_text())
GIT = shutil.which("git") or "git"
FILES = {
    "nginx/shop.conf": "server {\r\n    listen 80;\r\n    location /static/ {\r\n\talias /srv/shop/static;\r\n    }\r\n}",
    "shop.service": "[Service]\nUser=shop\nWorkingDirectory=/srv/shop\nExecStart=/srv/shop/venv/bin/gunicorn shop:app\n"
    "Restar=always\n[Install]\nWantedBy=multi-user.target\n",
    "shop.py": "# die Anwendung läuft\nfrom flask import Flask\n\napp = Flask(__name__)\n\napp.run()  # for me\n",
}
SELECT = ["--select", "alias-missing-slash,app-run-at-import,unit-syntax-invalid", "."]


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Path]:
    with chdir(lay_out(FILES, tmp_path)):
        yield tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in FILES}


def test_fix_makes_the_safe_ones_and_says_what_remains(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--fix", *SELECT]) == 1
    said = capsys.readouterr().out
    assert "warning[unit-syntax-invalid]" in said
    assert "2 fixed (2 safe, 0 unsafe), 1 remains" in said
    assert b"alias /srv/shop/static/;\r\n" in contents(here)["nginx/shop.conf"]
    assert contents(here)["shop.py"].endswith(b'\n\nif __name__ == "__main__":\n    app.run()  # for me\n')
    assert b"Restar=" in contents(here)["shop.service"]


def test_unsafe_ones_on_request(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--fix", "--unsafe-fixes", *SELECT]) == 0
    assert "3 fixed (2 safe, 1 unsafe), 0 remain" in capsys.readouterr().out
    assert b"Restart=always" in contents(here)["shop.service"]
    assert cli.run(["--fix", "--unsafe-fixes", *SELECT]) == 0
    assert "fixed" not in capsys.readouterr().out


@pytest.mark.parametrize("more", [[], ["--unsafe-fixes"]])
def test_the_diff_writes_nothing_and_says_what_fix_does(
    here: Path, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    before = contents(here)
    assert cli.run(["--diff", *more, *SELECT]) == 1
    assert contents(here) == before
    diff = capsys.readouterr().out
    cli.run(["--fix", *more, *SELECT])
    made = contents(here)
    for name, data in before.items():
        (here / name).write_bytes(data)
    subprocess.run(
        [GIT, "apply", "--unsafe-paths", "-"], input=diff.encode(), check=True, cwd=here,
        env={"GIT_DIR": "/nonexistent", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert contents(here) == made
    assert cli.run(["--diff", *more, *SELECT]) == 0
    capsys.readouterr()


test_the_diff_writes_nothing_and_says_what_fix_does = needs(GIT)(test_the_diff_writes_nothing_and_says_what_fix_does)


def test_the_diff_may_go_to_a_file(here: Path) -> None:
    assert cli.run(["--diff", "--output", "../fix.diff", *SELECT]) == 1
    assert (here.parent / "fix.diff").read_bytes().startswith(b"--- a/nginx/shop.conf\n+++ b/nginx/shop.conf\n@@ ")


def test_the_diff_of_hostile_text_is_shown_and_not_obeyed() -> None:
    old = b"\x1b[2J a\n  ::error::x\n##[group]\n\tfine\r\n\xe2\x80\xae\n"
    change = Change("/x", "a\x1b[0m.conf", old, old + b"more\n")
    shown = render("diff", Result((), (), (), (), (), 0, 0.0, changes=(change,)), Settings())
    assert "\x1b" not in shown and "##[" not in shown and "\u202e" not in shown
    assert not any(line[1:].lstrip().startswith("::") for line in shown.split("\n"))
    assert " \tfine\r\n" in shown


@pytest.mark.parametrize("options", [["--unsafe-fixes"], ["--files", "--fix"], ["--files", "--diff"]], ids=" ".join)
def test_misuse(here: Path, capsys: pytest.CaptureFixture[str], options: list[str]) -> None:
    before = contents(here)
    assert cli.run([*options, "."]) == 2
    assert "Error: " in capsys.readouterr().err
    assert contents(here) == before


def test_nothing_to_lint_is_no_clean_diff(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--diff", str(tmp_path)]) == 2
    assert "nothing to lint" in capsys.readouterr().err


def test_silenced_findings_are_not_fixed(here: Path) -> None:
    path = here / "nginx/shop.conf"
    path.write_text("# flasklint: ignore[alias-missing-slash] wanted so\n" + path.read_text())
    path.write_text(path.read_text().replace("\talias", "# flasklint: ignore[alias-missing-slash] so\n\talias"))
    before = path.read_text()
    cli.run(["--fix", *SELECT])
    assert path.read_text() == before


def test_the_text_report_marks_what_can_be_fixed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.run([*SELECT])
    said = " ".join(capsys.readouterr().out.split())
    assert "write `alias /srv/shop/static/;` [--fix]" in said
    assert "write Restart= [--fix --unsafe-fixes]" in said
    assert "2 to be repaired by --fix; 1 by --fix --unsafe-fixes" in said


def test_json_holds_the_edits(tmp_path: Path) -> None:
    result = lint_files(FILES, tmp_path)
    document = json.loads(render("json", result, Settings()))
    jsonschema.validate(document, SCHEMA)
    found = {one["rule"]: one for one in document["findings"]}
    assert found["alias-missing-slash"]["fix"] == {
        "safe": True,
        "edits": [
            {
                "path": "nginx/shop.conf",
                "line": 4,
                "column": 8,
                "end_line": 4,
                "end_column": 24,
                "text": "/srv/shop/static/",
            }
        ],
    }
    assert found["unit-syntax-invalid"]["fix"]["safe"] is False
    python = found["app-run-at-import"]
    assert python["fixable"] is True
    assert python["fix"]["edits"][0]["text"] == 'if __name__ == "__main__":\n    '


def test_json_after_fixing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.run(["--fix", "--format", "json", *SELECT])
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, SCHEMA)
    assert (document["summary"]["fixed"], document["summary"]["not_fixed"]) == (2, [])


def test_a_bind_that_an_image_may_need_is_not_fixed(tmp_path: Path) -> None:
    """On the host's network nginx reaches it over loopback; the same image elsewhere must listen on all addresses."""
    files = {
        "nginx.conf": "server {\n    location / {\n        proxy_pass http://127.0.0.1:8000;\n    }\n}\n",
        "docker-compose.yml": "services:\n  web:\n    build: .\n    network_mode: host\n",
        "Dockerfile": 'FROM python:3.12\nCOPY . .\nCMD ["gunicorn", "-b", "0.0.0.0:8000", "shop:app"]\n',
        "shop.py": "from flask import Flask\n\napp = Flask(__name__)\n",
    }
    found = lint_files(files, tmp_path, select=["public-bind-behind-proxy"]).findings
    assert [one.fix for one in found] == [None]
