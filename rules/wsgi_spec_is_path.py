"""The server is told a file where it wants a module

Gunicorn and Waitress import a module by its dotted name. `gunicorn app.py:app` ends with `Failed to find application,
did you mean 'app:app'?`, `shop/wsgi:app` with `ModuleNotFoundError: No module named 'shop/wsgi'`, `./wsgi:app` with a
`TypeError` about relative imports; `Worker failed to boot.`, status 3, and nginx answers `502 Bad Gateway`.

Fix: write the module's dotted name and the application in it, `app:app`; the folder belongs into `WorkingDirectory=` or
`--chdir`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.facts import App
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "wsgi-spec-is-path",
    severity=Severity.ERROR,
    group="import-path",
    since="0.2",
    links=["https://docs.gunicorn.org/en/stable/run.html#gunicorn"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.services:
        app = service.app
        if app and app.names_a_file and isinstance(app.spec, Known):
            yield _finding(service, app, app.spec)


def _finding(service: Service, app: App, spec: Known[str]) -> Finding:
    folder, _, file = spec.value.partition(":")[0].rpartition("/")
    module = file.removesuffix(".py")
    if app.meant:
        repair = f"write {app.meant}"
    elif folder:
        repair = f"write {module}:app, with the application's name, and start {service.kind} in {folder}"
    else:
        repair = f"write {module}:app, with the application's name"
    return finding(
        spec,
        f"{service.kind} imports a module, and {spec.value} names a file: {app.why}",
        label="a file, not a module",
        because=[(app.made_at, "the application is made here")] if app.made_at else [],
        repair=repair,
        fix=_fix(service, app.meant, spec),
    )


def _fix(service: Service, meant: str, spec: Known[str]) -> Fix | None:
    """Sure for a file of the working directory; a folder may have been meant as the working directory."""
    from flasklint.edits import replace_within

    if not meant or (meant.endswith(")") and service.command.through_shell):
        return None
    edit = replace_within(spec, meant)
    return Fix((edit,), safe="." not in meant.partition(":")[0]) if edit else None


BAD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 app.py:app    # finding: did you mean 'app:app'?
Restart=always
[Install]
WantedBy=multi-user.target
-- app.py --
from flask import Flask

app = Flask(__name__)
"""

GOOD = """
-- systemd/shop.service --
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
