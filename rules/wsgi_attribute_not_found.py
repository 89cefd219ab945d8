"""The module is there, the application in it is not

Gunicorn takes what stands after the colon (`application` where nothing does) from the module. When the module has no
such name, or only inside a function or under `if __name__ == "__main__":`, it says `Failed to find attribute 'app' in
'wsgi'.`, `App failed to load.`, and ends with status 4. It takes a name or a call, and no name with a dot in it;
`waitress-serve` takes names with dots, and no call; given a module alone it answers 500 to every request.

Fix: name the variable that holds the application.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.edits import replace_within, together
from flasklint.facts import App
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "wsgi-attribute-not-found",
    severity=Severity.ERROR,
    group="import-path",
    since="0.1",
    links=["https://docs.gunicorn.org/en/stable/run.html#gunicorn"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.services:
        app = service.app
        if app and app.state == "refused" and isinstance(app.spec, Known) and not app.names_a_file:
            yield _refused(service.kind, app.spec, app)
        if app is None or app.state != "no-attribute" or not isinstance(app.spec, Known):
            continue
        module, _, name = app.spec.value.partition(":")
        name = name.partition("(")[0] or "application"
        because = [(place, f"{place.value} is here") for place in app.candidates[:2]]
        if app.made_at:
            because.insert(0, (Known(name, app.made_at), f"{name} is not bound when the module is imported"))
        elif app.module and not because:
            because.append((Known(name, app.module.whole()), f"binds no {name}"))
        names = " or ".join(f"{module}:{place.value}" for place in app.candidates[:2])
        yield finding(
            app.spec,
            f"{module} has no {name}: Failed to find attribute '{name}' in '{module}'",
            label="no such name",
            because=because,
            repair=f"write {names}" if names else f"bind {name} at the module's top level",
            fix=together(replace_within(app.spec, names)) if len(app.candidates) == 1 else None,
        )


def _refused(server: str, spec: Known[str], app: App) -> Finding:
    label = "neither loaded nor called"
    if app.made_at:
        label, repair = "arguments that do not fit", "pass what the factory asks for, or give its parameters defaults"
    elif spec.value.endswith(")"):
        repair = f"write --call {spec.value.partition('(')[0]}"
    elif server == "waitress":
        repair = f"write {spec.value}:app, with the variable's name"
    else:
        repair = "bind a name of its own at the module's top level, and name that"
    return finding(
        spec,
        f"{server} cannot load {spec.value}: {app.why}",
        label=label,
        because=[(app.made_at, "the factory")] if app.made_at else [],
        repair=repair,
    )


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 app:application    # finding: Failed to find attribute 'application' in 'app'
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
