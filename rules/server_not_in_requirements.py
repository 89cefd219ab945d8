"""The server is not among the requirements

The unit or the Procfile starts Gunicorn, Waitress or uWSGI, but the requirements that are installed beside
it do not name it, and nothing else in the tree installs it. A fresh machine ends with `status=203/EXEC`,
`gunicorn: command not found` (status 127, Heroku's H10) or `ModuleNotFoundError: No module named
'waitress'`.

Fix: add the server to the requirements, with a version.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.facts import Requirements
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.source import Span

# Distributions that bring a server with them.
_BRINGS = {
    "gunicorn": (
        "mlflow",
        "apache-airflow",
        "uvicorn-worker",
        "seldon-core",
        "kolibri-gunicorn",
        "meinheld-gunicorn",
    ),
    "waitress": ("webtest", "pyramid", "mlflow", "django-webtest"),
    "uwsgi": ("pyuwsgi", "uwsgi-tools"),
}


@rule(
    "server-not-in-requirements",
    severity=Severity.ERROR,
    group="environment",
    since="0.1",
    links=["https://docs.gunicorn.org/en/stable/install.html"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.of_kind(*_BRINGS):
        wants = service.requirements
        if service.installed != "no" or wants is None or not _uses(service) or _is_brought(service.kind, wants):
            continue
        listing = wants.files[0]
        yield finding(
            _named_at(service),
            f"{service.name} starts {service.kind}, which {listing.path} does not name and nothing else "
            f"installs: {_symptom(service)}",
            label="not among the requirements",
            because=[(listing.whole(), f"no {service.kind} in this file")],
            repair=f"add {service.kind} to {listing.path}",
        )


def _uses(service: Service) -> bool:
    """Whether the command's packages are the requirements' (not the system's, not an image's)."""
    if service.runs.manager == "procfile":
        return True
    return service.runs.manager in ("systemd", "supervisor") and service.command.venv is not None


def _is_brought(kind: str, wants: Requirements) -> bool:
    return any(wants.get(name) for name in _BRINGS[kind])


def _named_at(service: Service) -> Span:
    words = service.command.words
    return service.server.at if service.server.in_code or not words else words[0].at


def _symptom(service: Service) -> str:
    if service.server.in_code or service.command.interpreter:
        return f"No module named '{service.kind}'"
    if service.runs.manager == "procfile" or service.command.through_shell:
        return f"{service.command.program}: command not found (status 127)"
    return "status=203/EXEC"


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app    # finding: which requirements.txt does not name
Restart=on-failure
[Install]
WantedBy=multi-user.target
-- requirements.txt --
Flask==3.1.0
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
-- requirements.txt --
Flask==3.1.0
gunicorn==23.0.0
-- wsgi.py --
from flask import Flask

app = Flask(__name__)
"""
