"""Files that a Windows editor saved as UTF-16: flasklint says what the programs say that refuse them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flasklint.api import lint
from flasklint.finding import Severity

from .deployments import lay_out
from .programs import NGINX, needs

ANALYZE = shutil.which("systemd-analyze") or "/usr/bin/systemd-analyze"
UNIT = """[Service]
User=shop
WorkingDirectory=/srv/shop
EnvironmentFile=/srv/shop/shop.env
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 app:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""
FILES = {
    "shop.service": UNIT,
    "shop.env": "SECRET_KEY=of-the-shop\n",
    "gunicorn.conf.py": "timeout = 60\n",
    "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
    "requirements.txt": "flask\ngunicorn\n",
    "shop.conf": "server {\n    listen 80;\n    server_name shop.test;\n    location / {\n"
    "        include proxy_params;\n        proxy_pass http://127.0.0.1:8000;\n    }\n}\n",
}


def _errors(folder: Path, utf16: str = "") -> list[tuple[str, str]]:
    lay_out(FILES, folder)
    if utf16:
        (folder / utf16).write_bytes(FILES[utf16].encode("utf-16"))
    return [(one.rule, one.message) for one in lint(folder).findings if one.level is Severity.ERROR]


@pytest.mark.parametrize(
    ("path", "rule", "words"),
    [
        ("shop.service", "unit-syntax-invalid", "String is not UTF-8 clean"),
        ("shop.env", "unit-syntax-invalid", "Failed to load environment files: Bad message"),
        ("shop.conf", "nginx-config-invalid", "unknown directive"),
        ("app.py", "syntax-error", "source code string cannot contain null bytes"),
        ("gunicorn.conf.py", "syntax-error", "source code string cannot contain null bytes"),
    ],
)
def test_told(tmp_path: Path, path: str, rule: str, words: str) -> None:
    assert [rule] == [said for said, message in _errors(tmp_path, path) if words in message]
    assert not [said for said, _ in _errors(tmp_path, path) if said != rule]


@pytest.mark.parametrize("path", ["", "requirements.txt"])  # pip reads both
def test_silent(tmp_path: Path, path: str) -> None:
    assert not _errors(tmp_path, path)


@needs(NGINX)
def test_nginx_refuses_it(tmp_path: Path) -> None:
    (tmp_path / "shop.conf").write_bytes(FILES["shop.conf"].encode("utf-16"))
    (tmp_path / "nginx.conf").write_text("events {}\nhttp { include shop.conf; }\n")
    command = [NGINX, "-t", "-p", str(tmp_path), "-e", "stderr", "-c", "nginx.conf"]
    said = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert said.returncode and b'unknown directive "\xff\xfe' in said.stderr


@needs(ANALYZE)
def test_systemd_refuses_it(tmp_path: Path) -> None:
    (tmp_path / "shop.service").write_bytes(FILES["shop.service"].encode("utf-16"))
    command = [ANALYZE, "verify", str(tmp_path / "shop.service")]
    said = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=60, check=False)
    assert "String is not UTF-8 clean" in said.stderr and "failed to load properly" in said.stderr


def test_python_refuses_it(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(FILES["app.py"].encode("utf-16"))
    said = subprocess.run(
        [sys.executable, "-c", "import app"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert said.returncode and "null bytes" in said.stderr
