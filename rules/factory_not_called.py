"""The server is given the factory, not the application

`gunicorn shop:create_app` loads the function itself. The server starts, `--check-config` is content, and every request
ends in `500 Internal Server Error`: `TypeError: create_app() takes 0 positional arguments but 2 were given`.

Fix: call it: `gunicorn 'shop:create_app()'`. systemd needs no quotes, a shell does.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.edits import replace_within, together
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "factory-not-called",
    severity=Severity.ERROR,
    group="import-path",
    since="0.1",
    links=["https://docs.gunicorn.org/en/stable/run.html#gunicorn"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.services:
        app = service.app
        if app is None or app.state != "no-call" or not isinstance(app.spec, Known):
            continue
        if service.kind in ("flask", "waitress"):  # waitress-factory-without-call
            continue
        _, _, name = app.spec.value.partition(":")
        yield finding(
            app.spec,
            f"{service.kind} is given the factory {name}, not what it returns: every request is answered with 500 "
            f"(TypeError: {name}() takes … positional arguments but 2 were given)",
            label="a function that makes the application",
            because=[(app.made_at, "the factory")] if app.made_at else [],
            repair=f"write {app.spec.value}()",
            # A shell would take the parentheses for its own.
            fix=None
            if service.runs.shell or service.command.through_shell
            else together(replace_within(app.spec, f"{app.spec.value}()")),
        )


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 shop:create_app    # finding: write shop:create_app()
Restart=always
[Install]
WantedBy=multi-user.target
-- shop.py --
from flask import Flask


def create_app():
    return Flask(__name__)
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 shop:create_app()
Restart=always
[Install]
WantedBy=multi-user.target
-- shop.py --
from flask import Flask


def create_app():
    return Flask(__name__)
"""

FIXED = GOOD
