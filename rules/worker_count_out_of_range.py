"""A number of workers that the machine cannot carry

Every sync worker is a process with the whole application in memory; two per core and one more is Gunicorn's own advice.
Far more of them swap, get killed for memory (`Worker was sent SIGKILL! Perhaps out of memory?`) or wait for a core. With
`--workers 0` Gunicorn accepts connections and never answers; a negative number is refused with status 1.

Fix: `--workers` of 2 x cores + 1, or `workers = multiprocessing.cpu_count() * 2 + 1` in gunicorn.conf.py.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.edits import replace, together
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.source import Span
from flasklint.value import Known, Unknown


@rule(
    "worker-count-out-of-range",
    severity=Severity.WARNING,
    group="limits",
    since="0.1",
    links=["https://docs.gunicorn.org/en/stable/design.html#how-many-workers"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    limit = 2 * deployment.settings.cores + 1 if deployment.settings.cores else 17
    for service in deployment.of_kind("gunicorn"):
        for place, symptom in _symptoms(service, limit):
            yield finding(
                place,
                f"{service.name} starts {place.text} workers: {symptom}",
                label="out of range",
                repair=f"choose 2 x cores + 1, at most {limit}",
                fix=together(replace(place, str(limit)), safe=False)
                if deployment.settings.cores and place.text.isdecimal()
                else None,
            )


def _symptoms(service: Service, limit: int) -> Iterator[tuple[Span, str]]:
    for problem in service.server.problems:
        if problem.kind == "bad-workers":
            yield problem.at, "Error: Value must be positive (status 1)"
    workers = service.setting("workers")
    if not isinstance(workers, Known) or not isinstance(workers.value, int):
        return
    if workers.value == 0:
        yield workers.at, "connections are accepted and never answered"
    elif workers.value > limit and _is_sync(service):
        yield workers.at, f"more than {limit} processes wait for cores and memory (Worker was sent SIGKILL!)"


def _is_sync(service: Service) -> bool:
    kind = service.setting("worker_class")
    return not isinstance(kind, Unknown) and kind.value in ("sync", "gthread")


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --workers 64 --bind 127.0.0.1:8000 shop:app    # finding: starts 64 workers
Restart=always
[Install]
WantedBy=multi-user.target
-- shop.py --
from flask import Flask

app = Flask(__name__)
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --workers 5 --bind 127.0.0.1:8000 shop:app
Restart=always
[Install]
WantedBy=multi-user.target
"""
