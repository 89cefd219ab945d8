"""One worker answers one visitor at a time

Without `--workers` and `--threads` Gunicorn starts one sync worker (unless WEB_CONCURRENCY says otherwise). It answers
one request at a time: a slow page, a big upload or a slow database keeps everybody else waiting.

Fix: add `--threads 4`, or `--workers 3` where the application keeps nothing in its own memory.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.surroundings import MANY
from flasklint.deployment.workers import is_sync
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Default


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
            yield finding(
                service.command.words[0].at,
                f"{service.name} runs one sync worker, Gunicorn's default: while it works on a slow request, everybody "
                "else waits",
                label="neither --workers nor --threads",
                repair="add --threads 4, or --workers 3 if the application keeps nothing in its memory",
                fix=_fix(service),
            )


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
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 app:app    # finding: runs one sync worker
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
ExecStart=/srv/shop/venv/bin/gunicorn --threads 4 --bind 127.0.0.1:8000 app:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
-- app.py --
from flask import Flask

app = Flask(__name__)
"""

FIXED = GOOD
