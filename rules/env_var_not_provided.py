"""The application needs a variable that nothing in the tree provides

`os.environ["SECRET_KEY"]` at the level of a module runs when the server imports the application. Where neither the unit, a
file of variables, the compose file nor the application itself sets it, the import ends with `KeyError: 'SECRET_KEY'`:
Gunicorn says `Worker failed to boot.` and exits with status 3, nginx answers `502 Bad Gateway`.

Only the certain case is told: the manager's files are all in the input, and no script, playbook, template or document of
the tree speaks of the variable.

Fix: set the variable where the service is started, `Environment=` or `EnvironmentFile=` of the unit, `environment:` or
`env_file:` of the compose file; or read it with a default, `os.environ.get("SECRET_KEY", ...)`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.providers import asked, is_promised, is_unset, wsgi_services
from flasklint.facts import VariableRead
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule


@rule(
    "env-var-not-provided",
    severity=Severity.WARNING,
    group="environment",
    since="0.2",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Environment="],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    told = set()
    for service in wsgi_services(deployment):
        missing = [read for read in asked(service) if _is_missing(read, service, deployment)]
        if missing and missing[0].at not in told:
            told.add(missing[0].at)
            yield _missing(missing, service)


def _is_missing(read: VariableRead, service: Service, deployment: Deployment) -> bool:
    if not read.sure or read.default is not None or any(file.get(read.name) for file in service.dotenv):
        return False
    return is_unset(read.name, service, deployment) and not is_promised(read.name, deployment, documents=True)


def _missing(missing: list[VariableRead], service: Service) -> Finding:
    first = missing[0]
    others = {read.name: read for read in missing if read.name != first.name}
    failure = "Worker failed to boot" if service.kind == "gunicorn" else f"{service.kind} cannot load it"
    where = "Environment= or EnvironmentFile=" if service.unit else "environment: or env_file:"
    return finding(
        first.at,
        f"nothing sets {first.name} for {service.name}, and the application cannot be imported without it: "
        f"KeyError: '{first.name}', {failure}",
        label="runs when the server imports it",
        because=[
            *((read.at, "not set either") for read in [*others.values()][:3]),
            (service.command.at, "starts without it"),
        ],
        repair=f"set {first.name} with {where} of {service.name}",
    )


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Environment=DATABASE_URL=sqlite:////srv/shop/shop.db
-- wsgi.py --
import os
from flask import Flask
app = Flask(__name__)
app.config["DATABASE_URL"] = os.environ["DATABASE_URL"]
app.secret_key = os.environ["SECRET_KEY"]    # finding: KeyError: 'SECRET_KEY', Worker failed to boot
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Environment=DATABASE_URL=sqlite:////srv/shop/shop.db
EnvironmentFile=/etc/shop/secrets.env
-- wsgi.py --
import os
from flask import Flask
app = Flask(__name__)
app.config["DATABASE_URL"] = os.environ["DATABASE_URL"]
app.secret_key = os.environ["SECRET_KEY"]
"""
