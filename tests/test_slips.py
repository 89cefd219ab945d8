"""The reference deployment is clean, and each ordinary slip in it is found exactly once."""

from pathlib import Path

import pytest

from flasklint.finding import Severity
from tests.deployments import lint_files

NGINX = """server {
    listen 80;
    server_name flaskapp.test;

    location /static/ {
        alias /srv/flaskapp/static/;
    }

    location / {
        proxy_pass http://127.0.0.1:8000;
        proxy_set_header Host $host;
        proxy_set_header X-Real-IP $remote_addr;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
    }
}
"""
UNIT = """[Unit]
Description=The Flask application
After=network.target

[Service]
User=www-data
Group=www-data
WorkingDirectory=/srv/flaskapp
Environment="PATH=/srv/flaskapp/venv/bin"
ExecStart=/srv/flaskapp/venv/bin/gunicorn -w 3 -b 127.0.0.1:8000 app:app
Restart=always

[Install]
WantedBy=multi-user.target
"""
APP = """from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    return "Hello"


if __name__ == "__main__":
    app.run()
"""
GUNICORN = "gunicorn -w 3 -b 127.0.0.1:8000 app:app"
SOCKET = (
    ("-b 127.0.0.1:8000", "-b unix:/run/flaskapp/flaskapp.sock"),
    ("Group=", "RuntimeDirectory=flaskapp\nGroup="),
)

# What is changed (pairs of texts, wherever they stand) and the rules that must speak, once each.
SLIPS = {
    "other port in nginx": ([("http://127.0.0.1:8000", "http://127.0.0.1:8001")], ["upstream-bind-mismatch"]),
    "gunicorn of the system": (
        [("/srv/flaskapp/venv/bin/gunicorn", "/usr/bin/gunicorn")],
        ["exec-outside-venv"],
    ),
    "no restart": ([("Restart=always\n", "")], ["missing-restart"]),
    "public bind": ([("-b 127.0.0.1:8000", "-b 0.0.0.0:8000")], ["public-bind-behind-proxy"]),
    "flask run": ([(GUNICORN, "flask run")], ["dev-server-in-production"]),
    "flask run on the right port": ([(GUNICORN, "flask run --port 8000")], ["dev-server-in-production"]),
    "python app.py on another port": ([(GUNICORN, "python app.py")], ["dev-server-in-production"]),
    "python app.py": (
        [(GUNICORN, "python app.py"), ("http://127.0.0.1:8000", "http://127.0.0.1:5000")],
        ["dev-server-in-production"],
    ),
    "other callable": ([("app:app", "app:application")], ["wsgi-attribute-not-found"]),
    "missing module": ([("app:app", "wsgi:app")], ["wsgi-module-not-found"]),
    "no user": ([("User=www-data\n", "")], ["service-runs-as-root"]),
    "socket path differs": (
        [*SOCKET, ("http://127.0.0.1:8000", "http://unix:/run/flaskapp.sock")],
        ["upstream-bind-mismatch"],
    ),
    "alias without slash": ([("/srv/flaskapp/static/;", "/srv/flaskapp/static;")], ["alias-missing-slash"]),
    "location without slash": ([("location /static/", "location /static")], ["alias-traversal"]),
    "root and /static": (
        [("alias /srv/flaskapp/static/;", "root /srv/flaskapp/static;")],
        ["static-root-doubled"],
    ),
}
LAYOUTS = {
    "flat": ("flaskapp.conf", "flaskapp.service", "app.py"),
    "folders": ("nginx/flaskapp.conf", "systemd/flaskapp.service", "app.py"),
    "deploy": ("deploy/flaskapp", "deploy/flaskapp.service", "flaskapp/app.py"),
    "host": (
        "etc/nginx/sites-available/flaskapp",
        "etc/systemd/system/flaskapp.service",
        "srv/flaskapp/app.py",
    ),
}


def files(layout: str, *changes: tuple[str, str]) -> dict[str, str]:
    texts = [NGINX, UNIT, APP]
    for old, new in changes:
        assert any(old in text for text in texts), old
        texts = [text.replace(old, new) for text in texts]
    return dict(zip(LAYOUTS[layout], texts, strict=True))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_reference_is_clean(layout: str, tmp_path: Path) -> None:
    result = lint_files(files(layout), tmp_path)
    assert not result.findings, [(one.rule, one.message) for one in result.findings]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("command", [
    "waitress-serve --host 127.0.0.1 --port 8000 app:app",
    "waitress-serve --listen=127.0.0.1:8000 app:app",
])  # fmt: skip
def test_waitress_reference_is_clean(layout: str, command: str, tmp_path: Path) -> None:
    result = lint_files(files(layout, (GUNICORN, command)), tmp_path)
    assert not [one.rule for one in result.findings if one.level is not Severity.NOTE]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("slip", SLIPS)
def test_slip_is_found_exactly_once(slip: str, layout: str, tmp_path: Path) -> None:
    changes, expected = SLIPS[slip]
    result = lint_files(files(layout, *changes), tmp_path)
    found = [one for one in result.findings if one.level is not Severity.NOTE]
    assert sorted(one.rule for one in found) == expected, [(one.rule, one.message) for one in found]
