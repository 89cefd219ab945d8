"""Thirty faults, each planted alone in the reference deployment: what a person gets wrong, as they get it wrong."""

from collections.abc import Mapping
from typing import NamedTuple

from .trees import UNIT, deployment

NAME, PORT = "flaskapp", 8000
REFERENCE = deployment(NAME, PORT)
BIND = "-b 127.0.0.1:8000"
PASS = "proxy_pass http://127.0.0.1:8000;"
START = f"gunicorn -w 3 {BIND} app:app"
ALIAS = "alias /srv/flaskapp/static/;"
RESTART = "Restart=always\n"
TLS = "listen 443 ssl;\n    ssl_certificate /etc/ssl/flaskapp.pem;\n    ssl_certificate_key /etc/ssl/flaskapp.key;"
FACTORY = "from flask import Flask\n\n\ndef create_app():\n    return Flask(__name__)\n"


class Fault(NamedTuple):
    """What is changed in the reference deployment, and the rule of flasklint that speaks of it."""

    name: str
    rule: str
    changes: tuple[tuple[str, str], ...] = ()  # texts, wherever they stand, and what stands there instead
    files: Mapping[str, str] = {}  # added, or in place of those of the same name


FAULTS = (
    # nginx
    Fault("nginx forwards to another port", "upstream-bind-mismatch", ((PASS, PASS.replace("8000", "8001")),)),
    Fault("no semicolon", "nginx-config-invalid", (("$scheme;", "$scheme"),)),
    Fault("Host is not passed on", "missing-host-header", (("proxy_set_header Host $host;", ""),)),
    Fault(
        "TLS ends at nginx, X-Forwarded-Proto is not passed on",
        "missing-x-forwarded-proto",
        (("listen 80;", TLS), ("proxy_set_header X-Forwarded-Proto $scheme;", "")),
    ),
    Fault("alias without slash", "alias-missing-slash", ((ALIAS, ALIAS.replace("/;", ";")),)),
    Fault("location without slash", "alias-traversal", (("location /static/", "location /static"),)),
    Fault("root repeats the location", "static-root-doubled", ((ALIAS, "root /srv/flaskapp/static;"),)),
    Fault("static files of another folder", "static-path-mismatch", ((ALIAS, ALIAS.replace("static", "assets")),)),
    Fault("server_name of a tutorial", "placeholder-left", (("server_name flaskapp.test", "server_name your_domain"),)),
    # systemd
    Fault("no Restart=", "missing-restart", ((RESTART, ""),)),
    Fault("no User=", "service-runs-as-root", (("User=www-data\n", ""),)),
    Fault("no [Install]", "unit-not-enabled", (("[Install]\nWantedBy=multi-user.target\n", ""),)),
    Fault("misspelt key", "unit-syntax-invalid", (("Restart=", "Restar="),)),
    Fault("comment behind a value", "unit-inline-comment", ((RESTART, "Restart=always  # keep it up\n"),)),
    Fault("relative WorkingDirectory=", "invalid-working-directory", (("Directory=/srv/", "Directory=srv/"),)),
    Fault("relative ExecStart=", "exec-not-absolute", (("ExecStart=/srv/flaskapp/", "ExecStart="),)),
    Fault("Gunicorn of the system", "exec-outside-venv", (("=/srv/flaskapp/venv/bin/gunicorn", "=/usr/bin/gunicorn"),)),
    # Gunicorn and its address
    Fault("option misspelt", "unknown-server-option", (("-w 3", "--wokers 3"),)),
    Fault("bound to every address", "public-bind-behind-proxy", ((BIND, "-b 0.0.0.0:8000"),)),
    Fault(
        "nginx and Gunicorn name different sockets",
        "upstream-bind-mismatch",
        (
            (PASS, "proxy_pass http://unix:/run/flaskapp.sock;"),
            (BIND, "-b unix:/run/flaskapp/flaskapp.sock"),
            (RESTART, "RuntimeDirectory=flaskapp\nRestart=always\n"),
        ),
    ),
    Fault(
        "socket relative to another folder",
        "relative-socket-path-mismatch",
        ((PASS, "proxy_pass http://unix:/run/flaskapp.sock;"), (BIND, "-b unix:flaskapp.sock")),
    ),
    Fault(
        "two services on one port",
        "duplicate-bind",
        files={"systemd/admin.service": UNIT.format(name=NAME, port=PORT).replace("app:app", "admin:app")}
        | {"admin.py": REFERENCE["app.py"]},
    ),
    # the application
    Fault("module is not there", "wsgi-module-not-found", (("app:app", "wsgi:app"),)),
    Fault("application has another name", "wsgi-attribute-not-found", (("app:app", "app:application"),)),
    Fault("factory is not called", "factory-not-called", (("app:app", "app:create_app"),), {"app.py": FACTORY}),
    Fault(
        "second server at import",
        "app-run-at-import",
        files={"app.py": REFERENCE["app.py"] + '\n\napp.run(host="0.0.0.0")\n'},
    ),
    Fault("Python does not parse", "syntax-error", (("Flask(__name__)", "Flask(__name__"),)),
    Fault("Gunicorn is not required", "server-not-in-requirements", (("gunicorn==23.0.0\n", ""),)),
    Fault("development server", "dev-server-in-production", ((START, "flask run --port 8000"),)),
    Fault(
        "debugger on",
        "debugger-reachable",
        ((START, "python app.py"),),
        {"app.py": REFERENCE["app.py"] + '\n\nif __name__ == "__main__":\n    app.run(port=8000, debug=True)\n'},
    ),
)


def planted(fault: Fault) -> dict[str, str]:
    """Return the files of the reference deployment with the fault in them."""
    files = {**REFERENCE, **fault.files}
    for old, new in fault.changes:
        files = {path: text.replace(old, new) for path, text in files.items()}
    return files
