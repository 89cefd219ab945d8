"""The application falls back to its development configuration

`create_app(os.getenv("FLASK_CONFIG", "development"))` is convenient at home. Where nothing sets the variable for the
service, the server loads the same configuration in production: `DEBUG = True`, a database file beside the code, cookies
without `Secure`, and nothing in the log tells.

Fix: set the variable where the service is started, `Environment=FLASK_CONFIG=production`, or make production the default.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.providers import asked, is_promised, is_unset, wsgi_services
from flasklint.facts import VariableRead
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known

_DEVELOPMENT = frozenset({"dev", "devel", "develop", "development", "debug", "local"})
_PRODUCTION = {"Development": "Production", "development": "production", "Dev": "Prod", "dev": "production"}


@rule(
    "factory-defaults-to-development",
    severity=Severity.WARNING,
    group="import-path",
    since="0.2",
    links=["https://flask.palletsprojects.com/en/stable/config/#development-production"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    told = set()
    for service in wsgi_services(deployment):
        app = service.app
        if app is None or app.kind not in ("flask", "factory"):
            continue
        for read in asked(service):
            if read.sure and _is_development(read.chooses) and _is_left_open(read.name, service, deployment):
                if read.at not in told:
                    told.add(read.at)
                    yield _development(read, service)
                break


def _is_left_open(name: str, service: Service, deployment: Deployment) -> bool:
    return is_unset(name, service, deployment) and not is_promised(name, deployment, documents=False)


def _is_development(name: str) -> bool:
    """Whether a configuration is one for development: "development", "DevConfig", "config.DevelopmentConfig"."""
    last = name.replace(":", ".").rpartition(".")[2].lower()
    return last.removesuffix("config").removesuffix("settings").rstrip("_-") in _DEVELOPMENT


def _production(default: str) -> str:
    """What the configuration for production is most likely called."""
    old = next((word for word in _PRODUCTION if word in default), "")
    return default.replace(old, _PRODUCTION[old]) if old else "production"


def _development(read: VariableRead, service: Service) -> Finding:
    default = read.default.value if isinstance(read.default, Known) else ""
    line = f"Environment={read.name}={_production(str(default))}"
    return finding(
        read.at,
        f"nothing sets {read.name} for {service.name}, so {service.kind} serves the application as {read.chooses}",
        label=f"comes to {default}",
        because=[(service.command.at, f"starts without {read.name}")],
        repair=f"add {line} to {service.name}" if service.unit else f"set {read.name} for {service.name}",
        fix=_fix(line, service),
    )


def _fix(line: str, service: Service) -> Fix | None:
    from flasklint.edits import add_setting

    edit = add_setting(service.unit, "Service", line) if service.unit else None
    return Fix((edit,), safe=False) if edit else None


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
-- wsgi.py --
import os
from shop import create_app
app = create_app(os.getenv("FLASK_CONFIG", "development"))    # finding: serves the application as development
-- shop.py --
from flask import Flask
def create_app(config):
    app = Flask(__name__)
    app.config.from_object("config." + config)
    return app
"""

FIXED = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Environment=FLASK_CONFIG=production
-- wsgi.py --
import os
from shop import create_app
app = create_app(os.getenv("FLASK_CONFIG", "development"))
-- shop.py --
from flask import Flask
def create_app(config):
    app = Flask(__name__)
    app.config.from_object("config." + config)
    return app
"""

GOOD = FIXED
