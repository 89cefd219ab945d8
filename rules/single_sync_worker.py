"""One worker answers one visitor at a time

Without `--workers` and `--threads` Gunicorn starts one sync worker (unless WEB_CONCURRENCY says otherwise). It answers
one request at a time: a slow page, a big upload or a slow database keeps everybody else waiting. A note, until a raised
timeout says that there are slow requests.

Fix: add `--threads 4`, or `--workers 3` where the application keeps nothing in its own memory.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.fronts import is_websocket
from flasklint.deployment.surroundings import MANY
from flasklint.deployment.workers import is_sync, timeout
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Default, Known


@rule(
    "single-sync-worker",
    severity=Severity.WARNING,
    group="limits",
    since="0.2",
    links=["https://docs.gunicorn.org/en/stable/design.html#how-many-workers"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.of_kind("gunicorn"):
        if _is_alone(service) and not _has_brothers(service, deployment) and not _needs_one(deployment):
            slow = _slow(service, deployment)
            takes = f" that may take {slow.value:g} s" if slow else ""
            yield finding(
                service.command.words[0].at,
                f"{service.name} runs one sync worker, Gunicorn's default: while it works on a request{takes}, everybody "
                "else waits",
                label="neither --workers nor --threads",
                because=[(slow, "there are slow requests")] if slow else [],
                repair="add --threads 4, or --workers 3 if the application keeps nothing in its memory",
                severity=None if slow else Severity.NOTE,
                fix=_fix(service),
            )


def _slow(service: Service, deployment: Deployment) -> Known[float] | None:
    """The timeout that somebody has raised, in seconds: Gunicorn's above 30 s, or nginx's above 60 s."""
    works = timeout(service)
    if isinstance(works, Known) and works.value > 30:
        return Known(float(works.value), works.at)
    waits = [hop.route.forwards.read_timeout for hop in deployment.hops_to(service) if not is_websocket(hop.route)]
    return next((each for each in waits if isinstance(each, Known) and each.value > 60), None)


def _is_alone(service: Service) -> bool:
    """Whether nobody has said how many: a number that is written is a choice, a platform may set WEB_CONCURRENCY."""
    if service.for_development or service.runs.manager not in ("systemd", "supervisor") or not service.command.words:
        return False
    settings = [service.setting(name) for name in ("workers", "threads", "worker_class")]
    return all(isinstance(value, Default) for value in settings) and is_sync(service)


def _has_brothers(service: Service, deployment: Deployment) -> bool:
    """Whether there are more processes of its kind: instances of a template, other members of the upstream."""
    routes = [hop.route for hop in deployment.hops_to(service)]
    return "@" in service.name or any(route.upstream and len(route.upstream.servers) > 1 for route in routes)


def _needs_one(deployment: Deployment) -> bool:
    """Whether the application may be one that only runs in a single process: Socket.IO without a message queue."""
    return any(path != MANY for path in deployment.surroundings.mentions("socketio"))


def _fix(service: Service) -> Fix | None:
    from flasklint.edits import add_words

    words = service.command.words
    edit = add_words(words, words[1].at, "--threads 4") if len(words) > 1 else None
    return Fix((edit,), safe=False) if edit else None


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --timeout 90 --bind 127.0.0.1:8000 app:app    # finding: that may take 90 s
Restart=on-failure
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
ExecStart=/srv/shop/venv/bin/gunicorn --threads 4 --timeout 90 --bind 127.0.0.1:8000 app:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
-- app.py --
from flask import Flask

app = Flask(__name__)
"""

FIXED = GOOD
