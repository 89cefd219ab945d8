"""The module that the server is told to load is not there

Gunicorn imports the module before the colon from its working directory (`WorkingDirectory=`, then `--chdir`; `/` where
a unit says neither). When it is not there: `ModuleNotFoundError: No module named 'wsgi'`, `Worker failed to boot.`,
status 3, and nginx answers `502 Bad Gateway`. Waitress ends with status 1, uWSGI says `no app loaded` and answers 500
to everything. A module that imports what the tree's own modules do not have ends the same way.

Fix: name the module that makes the application, or start the server in the folder that holds it.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.shadows import shadow
from flasklint.edits import replace_within, together
from flasklint.facts import App
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.source import Span
from flasklint.value import Known


@rule(
    "wsgi-module-not-found",
    severity=Severity.ERROR,
    group="import-path",
    since="0.1",
    links=["https://docs.gunicorn.org/en/stable/run.html#gunicorn"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.services:
        app = service.app
        if app is None or not isinstance(app.spec, Known) or not deployment.whole:
            continue
        if app.state == "no-module" and app.missing.strip("\\ "):  # not what a broken continuation leaves
            yield _elsewhere(service, app, app.spec) if app.module else _missing(service, app, app.spec)
        elif app.state == "no-import" and app.made_at and not shadow(service, deployment):
            yield _broken(service, app, app.made_at, app.spec)


def _missing(service: Service, app: App, spec: Known[str]) -> Finding:
    directory = service.server.directory
    return finding(
        spec,
        f"there is no module {app.missing} for {service.kind} to load: {_symptom(service.kind, app.missing)}",
        label="not in the tree",
        because=[(directory, "modules are looked up from here")] if isinstance(directory, Known) else [],
        repair="name the module that makes the application" + (f": {app.meant}" if app.meant else ""),
        fix=together(replace_within(spec, app.meant)) if app.meant else None,
    )


def _elsewhere(service: Service, app: App, spec: Known[str]) -> Finding:
    """The module is in the tree, and the unit says nothing of the folder it is in."""
    return finding(
        spec,
        f"systemd starts {service.name} in /, where there is no module {app.missing} for {service.kind} to load: "
        + _symptom(service.kind, app.missing),
        label="looked for in /",
        because=[(service.runs.place, "no WorkingDirectory= here")],
        repair=f"write WorkingDirectory= with the folder that holds {app.missing}",
    )


def _broken(service: Service, app: App, at: Span, spec: Known[str]) -> Finding:
    """The module is there, and an import on the way fails."""
    return finding(
        at,
        f"{service.kind} cannot import the application: {app.why}",
        label="fails whenever it is imported",
        because=[(spec, f"{service.kind} loads it here")],
        repair="import a name that is bound by then, from a module that is there",
    )


def _symptom(server: str, module: str) -> str:
    match server:
        case "gunicorn":
            return f"ModuleNotFoundError: No module named '{module}', Worker failed to boot (status 3)"
        case "flask":
            return f"Error: Could not import '{module}' (status 2)"
        case "uwsgi":
            return "no app loaded, every request is answered with 500"
    return f"ModuleNotFoundError: No module named '{module}' (status 1)"


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 wsgi:app    # finding: No module named 'wsgi'
Restart=always
[Install]
WantedBy=multi-user.target
-- app.py --
from flask import Flask

app = Flask(__name__)
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 app:app
Restart=always
[Install]
WantedBy=multi-user.target
-- app.py --
from flask import Flask

app = Flask(__name__)
"""

FIXED = GOOD
