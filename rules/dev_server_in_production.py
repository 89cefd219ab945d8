"""The development server runs in production

`flask run` and `app.run()` start Werkzeug's development server. It says so itself: `WARNING: This is a development server.
Do not use it in a production deployment.` It is not built to be stable, secure or efficient, and one crash of its single
process takes the site down.

Fix: start the application with a WSGI server: `gunicorn --bind 127.0.0.1:8000 module:app`.
"""

from collections.abc import Iterator

from flasklint.address import Address
from flasklint.deployment import Deployment, Service
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known

_ASYNCHRONOUS = ("eventlet", "gevent", "gevent-websocket")  # Flask-SocketIO serves with these where it finds them


@rule(
    "dev-server-in-production",
    severity=Severity.ERROR,
    group="dev-server",
    since="0.1",
    links=["https://flask.palletsprojects.com/en/stable/server/"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.of_kind("flask"):
        if service.for_development or _may_be_another_server(service):
            continue
        because = [(service.server.at, "the development server starts here")] if service.server.in_code else []
        missed = next(
            (target for route, target in deployment.dead_ends if deployment.meant_by(route, target) is service), None
        )
        if missed and service.binds_by_default:
            because.append((missed.at, "and not here, where nginx forwards to: 502 Bad Gateway"))
        yield finding(
            service.command.at,
            f'{service.name} starts Flask\'s development server: "Do not use it in a production deployment"',
            label="not a server for production",
            because=because,
            repair=f"start a WSGI server instead, such as gunicorn --bind {_bind(service, missed)} module:app",
        )


def _bind(service: Service, missed: Known[Address] | None) -> str:
    """What a WSGI server would bind: what nginx expects; in a container, loopback is reached by nobody else."""
    if missed and service.on_host:
        return str(missed.value)
    return "127.0.0.1:8000" if service.on_host else "0.0.0.0:8000"


def _may_be_another_server(service: Service) -> bool:
    """Whether Flask-SocketIO may run the application with eventlet or gevent, as it does where they are installed."""
    mode = service.server.settings.get("socketio")
    if mode is None or (isinstance(mode, Known) and mode.value == "threading"):
        return False
    if isinstance(mode, Known) and mode.value:
        return True
    wants = service.requirements
    return wants is None or not wants.complete or any(wants.get(name) for name in _ASYNCHRONOUS)


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/flask --app shop run    # finding: starts Flask's development server
Restart=always
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 shop:app
Restart=always
[Install]
WantedBy=multi-user.target
"""
