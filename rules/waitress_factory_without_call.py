"""Waitress is given the factory, not the application

`waitress-serve shop:create_app` takes the function itself for the application. It starts, and every request ends in
`500 Internal Server Error`: `TypeError: create_app() takes 0 positional arguments but 2 were given`. It never calls
what it is given unless told so, and `shop:create_app()` is `Malformed application`.

Fix: `waitress-serve --call shop:create_app`; in Python, `serve(create_app())`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.facts import App
from flasklint.finding import Edit, Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "waitress-factory-without-call",
    severity=Severity.ERROR,
    group="waitress",
    since="0.2",
    links=["https://docs.pylonsproject.org/projects/waitress/en/stable/runner.html"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.of_kind("waitress"):
        app = service.app
        if app and app.state == "no-call" and isinstance(app.spec, Known):
            yield _finding(service, app, app.spec)


def _finding(service: Service, app: App, spec: Known[str]) -> Finding:
    name = spec.value.rpartition(":")[2]
    edit = None if app.why else _edit(service, spec)
    called = f"{name}()" if service.server.in_code else f"--call {spec.value}"
    return finding(
        spec,
        f"Waitress is given the factory {name}, not what it returns: every request is answered with 500 "
        f"(TypeError: {name}() takes … positional arguments but 2 were given)",
        label="a function that makes the application",
        because=[(app.made_at, f"called without arguments it fails: {app.why}" if app.why else "the factory")]
        if app.made_at
        else [],
        repair="call it in a module of its own, and serve what it returns" if app.why else f"write {called}",
        fix=Fix((edit,)) if edit else None,
    )


def _edit(service: Service, spec: Known[str]) -> Edit | None:
    from flasklint.edits import add_words, replace

    if service.server.in_code:
        return replace(spec, f"{spec.at.text}()") if spec.at.text.isidentifier() else None
    return add_words(service.command.words, spec, "--call")


BAD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/waitress-serve --host=127.0.0.1 shop:create_app    # finding: write --call shop:create_app
Restart=always
[Install]
WantedBy=multi-user.target
-- shop.py --
from flask import Flask


def create_app():
    return Flask(__name__)
"""

GOOD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/waitress-serve --host=127.0.0.1 --call shop:create_app
Restart=always
[Install]
WantedBy=multi-user.target
-- shop.py --
from flask import Flask


def create_app():
    return Flask(__name__)
"""

FIXED = GOOD
