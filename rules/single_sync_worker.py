"""One worker answers one visitor at a time

Without `--workers` and `--threads` Gunicorn starts one sync worker (unless WEB_CONCURRENCY says otherwise). It answers
one request at a time. Where nginx and Gunicorn were told to be patient with slow requests, each of them keeps everybody
else waiting, for a report, an upload or a slow database: the site seems to hang.

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
            if slow:
                yield finding(
                    service.command.words[0].at,
                    f"{service.name} runs one sync worker, Gunicorn's default: a request may take {slow.value:g} s, and "
                    "everybody else waits",
                    label="neither --workers nor --threads",
                    because=[(slow, "there are slow requests")],
                    repair="add --threads 4, or --workers 3 if the application keeps nothing in its memory",
                    fix=_fix(service),
                )


def _slow(service: Service, deployment: Deployment) -> Known[float] | None:
    """The seconds that nginx waits for it, where both have been told to wait longer than 60 s.

    Gunicorn's timeout alone says little: it is raised for applications that start slowly, too.
    """
    works = timeout(service)
    if not isinstance(works, Known) or works.value <= 60:
        return None
    waits = [hop.route.forwards.read_timeout for hop in deployment.hops_to(service) if not is_websocket(hop.route)]
    longest = next((each for each in waits if isinstance(each, Known) and each.value > 60), None)
    return Known(min(longest.value, works.value), longest.at) if longest else None


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


SITE = """
-- nginx/shop.conf --
server {
    listen 80;
    location / {
        proxy_pass http://127.0.0.1:8000;
        proxy_read_timeout 120s;
        include proxy_params;
    }
}
-- app.py --
from flask import Flask

app = Flask(__name__)
"""

BAD = f"""
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --timeout 110 --bind 127.0.0.1:8000 app:app    # finding: a request may take 110 s
Restart=on-failure
[Install]
WantedBy=multi-user.target{SITE}"""

GOOD = f"""
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --threads 4 --timeout 110 --bind 127.0.0.1:8000 app:app
Restart=on-failure
[Install]
WantedBy=multi-user.target{SITE}"""

FIXED = GOOD
