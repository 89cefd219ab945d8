"""One worker answers one visitor at a time

Without `--workers` and `--threads` Gunicorn starts one sync worker (unless WEB_CONCURRENCY says otherwise). It answers
one request at a time: a report, an upload or a slow database keeps everybody else waiting, and the site seems to hang. It
is a warning where nginx and Gunicorn were told to be patient, else a note.

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
        hops = deployment.hops_to(service)
        if hops and _is_alone(service) and not _has_brothers(service, deployment) and not _needs_one(deployment):
            yield _finding(service, _slow(service, deployment))


def _finding(service: Service, slow: Known[float] | None) -> Finding:
    """A warning where requests are known to be slow, else a note: a small site may do with one."""
    takes = f"a request may take {slow.value:g} s, and everybody else waits" if slow else "requests wait for each other"
    return finding(
        service.command.words[0].at,
        f"{service.name} runs one sync worker, Gunicorn's default: {takes}",
        label="neither --workers nor --threads",
        because=[(slow, "there are slow requests")] if slow else [],
        repair="add --threads 4, or --workers 3 if the application keeps nothing in its memory",
        severity=None if slow else Severity.NOTE,
        fix=_fix(service),
    )


def _slow(service: Service, deployment: Deployment) -> Known[float] | None:
    """The seconds that both nginx and Gunicorn wait, where that is over 60; the latter may just start slowly."""
    if not isinstance(works := timeout(service), Known) or works.value <= 60:
        return None
    waits = [hop.route.forwards.read_timeout for hop in deployment.hops_to(service) if not is_websocket(hop.route)]
    longest = next((each for each in waits if isinstance(each, Known) and each.value > 60), None)
    return Known(min(longest.value, works.value), longest.at) if longest else None


def _is_alone(service: Service) -> bool:
    """Whether nobody has said how many: a number that is written is a choice, a platform may set WEB_CONCURRENCY."""
    if service.for_development or service.server.problems or service.runs.manager not in ("systemd", "supervisor"):
        return False
    settings = (service.setting(name) for name in ("workers", "threads", "worker_class"))
    return all(isinstance(value, Default) for value in settings) and is_sync(service)


def _has_brothers(service: Service, deployment: Deployment) -> bool:
    """Whether there are more processes of its kind: instances of a template, other members of the upstream."""
    upstreams = [hop.route.upstream for hop in deployment.hops_to(service)]
    return "@" in service.name or any(upstream and len(upstream.servers) > 1 for upstream in upstreams)


def _needs_one(deployment: Deployment) -> bool:
    """Whether the application may have to run in one process: Socket.IO without a message queue."""
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
