"""Waitress is started with Gunicorn's options

`waitress-serve` knows neither `--bind` nor `--workers`: it has one process with threads. It prints
`Error: option --workers not recognized` and its help, and ends with status 1; systemd starts it again and again, and
nginx answers `502 Bad Gateway`. `serve(app, workers=4)` is `ValueError: Unknown adjustment 'workers'`.

Fix: write `--listen=127.0.0.1:8000` for `--bind`, `--threads=4` for `--workers`, and leave `--timeout` and the logs out.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.facts import Problem
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule


@rule(
    "waitress-gunicorn-flags",
    severity=Severity.ERROR,
    group="waitress",
    since="0.2",
    links=["https://docs.pylonsproject.org/projects/waitress/en/stable/runner.html"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.of_kind("waitress"):
        for problem in service.server.problems:
            if problem.kind == "gunicorn-option":
                yield finding(
                    problem.at,
                    f"Waitress refuses {' '.join(problem.at.text.split())}, which Gunicorn would take: {problem.message}",
                    label="Gunicorn's",
                    repair=f"write {problem.instead}"
                    if problem.instead
                    else problem.repair or "see waitress-serve --help",
                    fix=_fix(problem),
                )


def _fix(problem: Problem) -> Fix | None:
    """A guess: Gunicorn's workers are processes, Waitress's are threads."""
    from flasklint.edits import replace

    return Fix((replace(problem.at, problem.instead),), safe=False) if problem.instead else None


BAD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/waitress-serve --workers 4 --bind 127.0.0.1:8000 --timeout 60 wsgi:app    # finding: option --workers not recognized
Restart=always
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/waitress-serve --threads=4 --listen=127.0.0.1:8000 wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
"""

FIXED = GOOD
