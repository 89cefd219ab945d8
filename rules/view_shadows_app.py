"""The server is given a view, not the application

A view is a function of its own. When the server is told `shop:index`, or when a view is called `app` like the
application above it and so takes its name, the server calls the view for every request: `500 Internal Server Error`,
`TypeError: index() takes 0 positional arguments but 2 were given`.

Fix: name the application; give a view that is called like it another name.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.facts import App
from flasklint.finding import Finding, Fix, Place, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "view-shadows-app",
    severity=Severity.ERROR,
    group="import-path",
    since="0.2",
    links=["https://docs.gunicorn.org/en/stable/run.html#gunicorn"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.services:
        app = service.app
        if app and app.state == "found" and app.kind == "view" and app.why and isinstance(app.spec, Known):
            yield _finding(service, app, app.spec)


def _finding(service: Service, app: App, spec: Known[str]) -> Finding:
    module, _, name = spec.value.partition(":")
    hidden = app.rebound
    others = [place.value for place in app.candidates]
    because: list[tuple[Place, str]] = [(hidden.first, f"{name} is the application until there")] if hidden else []
    because += [(app.made_at, "the view")] if app.made_at and not hidden else []
    if hidden:
        repair = f"give the view {name} another name"
    else:
        repair = (
            f"write {' or '.join(f'{module}:{other}' for other in others[:2])}" if others else "name the application"
        )
    only = others[0] if len(others) == 1 and not hidden and not others[0].endswith(")") else ""
    return finding(
        hidden.again if hidden else spec,
        f"{service.kind} is given the view {name or 'application'}, not the application: every request is answered "
        f"with 500 ({app.why})",
        label=f"takes the name {name}" if hidden else "a view",
        because=because,
        repair=repair,
        fix=_fix(spec, f"{module}:{only}") if only else None,
    )


def _fix(spec: Known[str], instead: str) -> Fix | None:
    from flasklint.edits import replace_within

    edit = replace_within(spec, instead)
    return Fix((edit,), safe=False) if edit else None


BAD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 shop:index    # finding: takes 0 positional arguments but 2
Restart=always
[Install]
WantedBy=multi-user.target
-- shop.py --
from flask import Flask

site = Flask(__name__)


@site.route("/")
def index():
    return "the shop is open"
"""

FIXED = BAD.replace("shop:index    # finding: takes 0 positional arguments but 2", "shop:site")

GOOD = FIXED
