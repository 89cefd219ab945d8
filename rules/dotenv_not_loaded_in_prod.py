"""The variables of .env reach `flask run`, and no WSGI server

`flask run` loads `.env` and `.flaskenv` by itself where python-dotenv is installed. Gunicorn, Waitress and systemd do not:
under the unit `os.environ["SECRET_KEY"]` raises `KeyError: 'SECRET_KEY'` and `os.environ.get(...)` is `None`, although
everything worked on the developer's machine.

Fix: name the file in the unit, `EnvironmentFile=/srv/shop/.env`, or call `load_dotenv()` before the variables are read.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.providers import READ_BY_SERVERS, unread, wsgi_services
from flasklint.deployment.target import is_plain
from flasklint.facts import DotEnv, Variable, VariableRead
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known

_FOR_DEVELOPMENT = ("FLASK_DEBUG", "FLASK_ENV")


@rule(
    "dotenv-not-loaded-in-prod",
    severity=Severity.WARNING,
    group="environment",
    since="0.2",
    links=["https://flask.palletsprojects.com/en/stable/cli/#environment-variables-from-dotenv"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in wsgi_services(deployment):
        if service.unit and service.dotenv:
            missed = next((one for one in unread(service, deployment) if _matters(*one, deployment)), None)
            if missed:
                yield _missed(*missed, service)


def _matters(read: VariableRead, file: DotEnv, variable: Variable, deployment: Deployment) -> bool:
    """Whether the application is surely meant to have the file's value.

    One that it can do without may be left out on purpose where the file is a developer's, or belongs to
    containers.
    """
    if read.default is None:
        return True
    optional = isinstance(read.default, Known) and read.default.value is None
    aside = deployment.containers or any(file.get(name) for name in _FOR_DEVELOPMENT)
    return optional and not aside and isinstance(variable.value, Known) and bool(variable.value.value)


def _missed(read: VariableRead, file: DotEnv, variable: Variable, service: Service) -> Finding:
    name = file.source.path.rpartition("/")[2]
    path = _on_host(name, service)
    symptom = f"KeyError: '{read.name}'" if read.default is None else f"{read.name} is None"
    return finding(
        read.at,
        f"{service.name} starts without the variables of {name}, which only flask run loads: {symptom}",
        label="not set here",
        because=[
            (variable.at, "set here, for flask run"),
            (service.command.at, f"{service.kind} does not read {name}"),
        ],
        repair=f"add EnvironmentFile={path or f'and the path of {name}'} to {service.name}",
        fix=_fix(path, file, service) if path else None,
    )


def _on_host(name: str, service: Service) -> str:
    start = service.server.directory
    return f"{start.value.rstrip('/')}/{name}" if isinstance(start, Known) and is_plain(start.value) else ""


def _fix(path: str, file: DotEnv, service: Service) -> Fix | None:
    """Name the file in the unit, where systemd reads the same from it."""
    from flasklint.edits import add_setting

    edit = add_setting(service.unit, "Service", f"EnvironmentFile={path}") if service.unit and file.plain else None
    others = {one.name for one in file.variables}
    safe = READ_BY_SERVERS.isdisjoint(others) and not any(name.startswith("FLASK_") for name in others)
    return Fix((edit,), safe) if edit else None


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
-- wsgi.py --
import os
from flask import Flask
app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]    # finding: KeyError: 'SECRET_KEY'
-- .env --
SECRET_KEY=of-the-shop
"""

FIXED = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
EnvironmentFile=/srv/shop/.env
-- wsgi.py --
import os
from flask import Flask
app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
-- .env --
SECRET_KEY=of-the-shop
"""

GOOD = FIXED
