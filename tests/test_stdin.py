"""`flasklint -`: text that is not saved, among the files around it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
UNIT = """\
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn -b 127.0.0.1:8000 app:app
Restart=always
"""
NGINX = "server {\n    location / {\n        proxy_pass http://127.0.0.1:PORT;\n    }\n}\n"
APP = "from flask import Flask\n\napp = Flask(__name__)\n"
ONLY = ("--select", "upstream-bind-mismatch", "--format", "concise", "--quiet")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    files = {"shop.service": UNIT, "nginx/shop.conf": NGINX.replace("PORT", "8000"), "app.py": APP, ".git/HEAD": ""}
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def flasklint(folder: Path, text: str | bytes, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flasklint", "-", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        input=text.decode("latin-1") if isinstance(text, bytes) else text,
        capture_output=True,
        encoding="latin-1" if isinstance(text, bytes) else "utf-8",
        timeout=60,
        check=False,
    )


def test_the_text_takes_the_place_of_the_file(repository: Path):
    done = flasklint(repository, NGINX.replace("PORT", "8080"), "--stdin-filename", "nginx/shop.conf", *ONLY)
    assert done.returncode == 1
    assert done.stdout.startswith("nginx/shop.conf:3:")
    assert "upstream-bind-mismatch" in done.stdout
    done = flasklint(repository, NGINX.replace("PORT", "8000"), "--stdin-filename", "nginx/shop.conf", *ONLY)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_surroundings_are_the_repository_from_anywhere(repository: Path):
    done = flasklint(repository / "nginx", NGINX.replace("PORT", "8080"), "--stdin-filename", "shop.conf", *ONLY)
    assert (done.returncode, done.stdout.partition(":")[0]) == (1, "shop.conf")
    done = flasklint(repository, NGINX.replace("PORT", "8080"), "nginx", "--stdin-filename", "nginx/shop.conf", *ONLY)
    assert done.returncode == 0, "the unit is not among the paths"


def test_findings_of_other_files_only_are_not_shown(repository: Path):
    (repository / "nginx/shop.conf").write_text(NGINX.replace("PORT", "8080"))
    done = flasklint(repository, APP, "--stdin-filename", "app.py", *ONLY)
    assert (done.returncode, done.stdout) == (0, "")
    done = flasklint(repository, UNIT, "--stdin-filename", "shop.service", *ONLY)
    assert done.stdout.startswith("nginx/shop.conf:3:"), "it shows a place in the unit"


def test_a_file_that_is_not_there_yet(repository: Path):
    (repository / "nginx/shop.conf").unlink()
    for name in ("nginx/new.conf", "nginx/deeper/new.conf"):
        done = flasklint(repository, NGINX.replace("PORT", "8080"), "--stdin-filename", name, *ONLY)
        assert done.stdout.startswith(f"{name}:3:"), done.stderr
    assert not (repository / "nginx/deeper").exists()


def test_fix_prints_the_text_and_writes_nothing(repository: Path):
    (repository / "shop.service").write_text(UNIT.replace("Restart=always\n", ""))
    before = {path: path.read_bytes() for path in repository.rglob("*") if path.is_file()}
    wrong = NGINX.replace("PORT", "8080").replace("\n", "\r\n").encode() + b"# \xe4\r\n"
    done = flasklint(repository, wrong, "--stdin-filename", "nginx/shop.conf", *ONLY, "--fix")
    assert done.returncode == 0
    assert done.stdout.replace("\r\n", "\n").encode("latin-1") == wrong.replace(b"8080", b"8000").replace(
        b"\r\n", b"\n"
    )
    assert {path: path.read_bytes() for path in repository.rglob("*") if path.is_file()} == before


def test_fix_gives_back_what_it_cannot_repair(repository: Path):
    for text in (NGINX.replace("PORT", "8000"), "server {\n", ""):
        done = flasklint(repository, text, "--stdin-filename", "nginx/shop.conf", *ONLY, "--fix")
        assert done.stdout == text


def test_diff(repository: Path):
    done = flasklint(repository, NGINX.replace("PORT", "8080"), "--stdin-filename", "nginx/shop.conf", "--diff")
    assert done.returncode == 1
    assert "+        proxy_pass http://127.0.0.1:8000;" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--stdin-filename PATH"),
        (("--root", ".", "--stdin-filename", "a.conf"), "give no PATHS"),
        (("nowhere", "--stdin-filename", "a.conf"), "nowhere: no such file"),
        (("--stdin-filename", "a.conf", "--add-ignores", "legacy"), "--add-ignores writes into files"),
    ],
)
def test_misuse(repository: Path, arguments: tuple[str, ...], said: str):
    done = flasklint(repository, "", *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_file_name_without_a_text(repository: Path):
    done = subprocess.run(
        [sys.executable, "-m", "flasklint", "--stdin-filename", "a.conf"],
        cwd=repository,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "give - as a path" in done.stderr


def test_nothing_to_lint(tmp_path: Path):
    done = flasklint(tmp_path, "x = 1\n", "--stdin-filename", "x.py")
    assert done.returncode == 2
    assert "nothing to lint" in done.stderr
