"""Rules that warn, and say error where the files prove the fault."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from flasklint.api import lint
from flasklint.finding import Severity

from .deployments import lay_out

ERROR, WARNING = Severity.ERROR, Severity.WARNING
SITE = """server {
    listen 80;
    location / { proxy_pass http://127.0.0.1:8000; }
    location /static/ { alias %s; }
}
"""
UNIT = """[Service]
User=shop
WorkingDirectory=/srv/shop
%s
ExecStart=/srv/shop/venv/bin/gunicorn --bind %s app:app
"""
APP = "from flask import Flask\n\napp = Flask(__name__)\n"
SHOP = {
    "shop.conf": SITE % "/srv/shop/assets/",
    "shop.service": UNIT % ("Restart=always", "127.0.0.1:8000"),
    "app.py": APP,
    "static/site.css": "body { margin: 0 }\n",
}
VIEWS = f"{APP.replace('import', 'import render_template,')}\n\n@app.get('/')\ndef index():\n    return render_template('index.html')\n"
PAGES = {**SHOP, "app.py": VIEWS, "templates/about.html": "<p>the shop</p>\n"}
NAMED_SITE = "server {\n    listen 80;\n    location / { proxy_pass http://shop_sever; }\n}\n"
NAMED = {**SHOP, "shop.conf": f"upstream shop_server {{ server 127.0.0.1:8000; }}\n{NAMED_SITE}"}
SOCKET = {"app.py": APP, "shop.service": UNIT % ("RuntimeDirectory=/run/shop", "unix:/run/shop/shop.sock")}
PACKAGE = {"shop.service": UNIT.replace("app:app", "shop:app") % ("", "127.0.0.1:8000"), "shop/__init__.py": APP}


@pytest.mark.parametrize(
    ("rule", "files", "level"),
    [
        ("static-path-mismatch", SHOP, ERROR),
        ("static-path-mismatch", {**SHOP, "package.json": "{}"}, WARNING),
        ("static-path-mismatch", {**SHOP, "deploy.sh": "cp -r static assets\n"}, WARNING),
        ("static-path-mismatch", {**SHOP, "README.md": "Copy your pictures to assets/.\n"}, WARNING),
        ("static-path-mismatch", {**SHOP, "shop.conf": SITE % "/srv/shop/assets/; error_page 404 = /"}, WARNING),
        ("static-path-mismatch", {**SHOP, "shop.conf": SHOP["shop.conf"] + "# error_page 404 = /;\n"}, ERROR),
        ("static-path-mismatch", {**SHOP, "shop.conf": SITE % "static/"}, ERROR),
        ("static-path-mismatch", {**SHOP, "shop.conf": SITE % "html/static/"}, WARNING),
        ("static-path-mismatch", {**SHOP, "shop.conf": SITE % "static/", "run.sh": "nginx -p .\n"}, WARNING),
        ("unit-syntax-invalid", SOCKET, ERROR),
        (
            "unit-syntax-invalid",
            {**SOCKET, "shop.service": SOCKET["shop.service"].replace("unix:/run", "/tmp")},
            WARNING,
        ),
        (
            "unit-syntax-invalid",
            {**SOCKET, "shop.service": SOCKET["shop.service"] + "ExecStartPre=+/bin/mkdir -p /run/shop\n"},
            WARNING,
        ),
        ("template-not-found", PAGES, ERROR),
        ("template-not-found", {**SHOP, "app.py": VIEWS}, WARNING),
        (
            "template-not-found",
            {**PAGES, "app.py": VIEWS.replace("    return", "    if app.debug:\n        return")},
            WARNING,
        ),
        ("template-not-found", {**PAGES, "app.py": VIEWS.replace("@app", "@cached\n@app")}, WARNING),
        ("upstream-host-unknown", NAMED, ERROR),
        ("upstream-host-unknown", {**NAMED, "README.md": "shop_sever is the old machine\n"}, WARNING),
        ("upstream-host-unknown", {**NAMED, "shop.conf": NAMED["shop.conf"].replace("sever", "sever:9000")}, WARNING),
        ("upstream-host-unknown", {**NAMED, "shop.conf": NAMED["shop.conf"].replace("sever", "server2")}, WARNING),
        (
            "upstream-host-unknown",
            {**NAMED, "shop.conf": f"{NAMED['shop.conf']}{NAMED_SITE.replace('sever', 'server')}"},
            WARNING,
        ),
        ("ambiguous-module-name", {**PACKAGE, "shop.py": APP}, WARNING),
    ],
)
def test_severity(rule: str, files: Mapping[str, str], level: Severity, tmp_path: Path) -> None:
    found = [one.level for one in lint(lay_out(files, tmp_path)).findings if one.rule == rule]
    assert found == [level]
