"""Two modules have the name of the application, or of what it is made with

Python imports the first module of a name that it finds, and each name once. Gunicorn looks into its working directory first,
so that a `flask.py` there is found before Flask: `ImportError: cannot import name 'Flask' from partially initialized module
'flask'`; a `types.py` is never loaded, since Python has imported its own by then: `Failed to find attribute 'app' in 'types'`.
Waitress looks into it last: it loads Flask for `flask:app`, and the standard library's module of every such name.
Beside a package `app/` with an `__init__.py`, the file `app.py` is dead: that is a warning, as the package may be the one that
is meant.

Fix: give the module a name of its own.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.providers import wsgi_services
from flasklint.deployment.shadows import Shadow, shadow
from flasklint.finding import Finding, Place, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "ambiguous-module-name",
    severity=Severity.WARNING,
    group="import-path",
    since="0.2",
    links=["https://docs.python.org/3/reference/import.html#the-module-cache"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    told = set()
    for service in wsgi_services(deployment):
        found = shadow(service, deployment) if deployment.whole else None
        if found and (found.at.path, found.at.start) not in told:
            told.add((found.at.path, found.at.start))
            yield _finding(found, service)


def _finding(found: Shadow, service: Service) -> Finding:
    message, label, severity = _words(found, service)
    spec = service.server.spec
    loads: Place = spec if isinstance(spec, Known) else service.command.at
    return finding(
        found.at,
        message,
        label=label,
        because=[(loads, f"{service.kind} loads it here")] if found.how == "hides" else [],
        repair=f"rename {found.file}" + (f", or the package {found.name}" if found.how == "package" else ""),
        severity=severity,
    )


def _words(found: Shadow, service: Service) -> tuple[str, str, Severity | None]:
    name, app = found.name, service.app
    if found.how == "hides":
        why = app.why if app else ""
        message = f"{found.file} is imported in the place of the distribution {name}, so {service.kind} cannot load "
        return f"{message}the application: {why}", f"a module of the tree is called {name}", Severity.ERROR
    if found.how == "package":
        message = f"{service.kind} loads the package {name}, not {found.file}, which holds an application as well"
        return message, "a package and a file have this name", None
    if found.how == "flask":
        message = f"{service.kind} looks into its working directory last, and loads Flask itself, not {found.file}: "
        called = found.at.text.strip("\"'").endswith(":app")
        symptom = "500 (TypeError: 'module' object is not callable)" if called else "Failed to find attribute"
        return message + symptom, "the distribution Flask", Severity.ERROR
    message = f"Python's standard library has a module {name}, which {service.kind} gets, not {found.file}: "
    return f"{message}Failed to find attribute in '{name}'", "a module of the standard library", Severity.ERROR


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 types:app    # finding: Failed to find attribute in 'types'
Restart=always
[Install]
WantedBy=multi-user.target
-- types.py --
from flask import Flask

app = Flask(__name__)
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 kinds:app
Restart=always
[Install]
WantedBy=multi-user.target
-- kinds.py --
from flask import Flask

app = Flask(__name__)
"""
