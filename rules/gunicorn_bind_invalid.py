"""The server does not understand the address it is to bind

Gunicorn and Waitress read `8080` as a host name, not as a port, and know neither `*:8000` (Gunicorn), `http://...`
nor a socket path without `unix:`. The server tries for a few seconds and ends with status 1: `Invalid address:
('8080', 8000)`, `... is not a valid port number.`, `Can't connect to ...`; Waitress says `Invalid host/port specified.`

Fix: write `host:port` (`127.0.0.1:8000`, `[::1]:8000`) or `unix:/path/of/the.sock`; for Waitress `--listen host:port`
or `--unix-socket /path`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.edits import replace, together
from flasklint.facts import Problem
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "gunicorn-bind-invalid",
    severity=Severity.ERROR,
    group="upstream",
    since="0.1",
    links=["https://docs.gunicorn.org/en/stable/settings.html#bind"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.services:
        for problem in service.server.problems:
            if problem.kind == "invalid-bind":
                yield finding(
                    problem.at,
                    f"{service.kind} cannot bind {problem.at.text!r} and ends with status 1: {problem.message}",
                    label="not an address",
                    because=problem.because,
                    repair=problem.repair or "write host:port, or unix: and an absolute path",
                    fix=_fix(problem, deployment),
                )


def _fix(problem: Problem, deployment: Deployment) -> Fix | None:
    """What was meant; beyond doubt where nginx forwards to just that address of its own host."""
    if not problem.instead:
        return None
    targets = [target.value for route in deployment.routes for target in route.targets if isinstance(target, Known)]
    proxied = any(str(target) == problem.instead for target in targets)
    return together(replace(problem.at, problem.instead), safe=proxied)


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn -b 8080 wsgi:app    # finding: Invalid address: ('8080', 8000)
Restart=always
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn -b 127.0.0.1:8080 wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
"""

FIXED = GOOD
