"""Nothing restarts the server after a crash

systemd starts a service once. Without `Restart=` a killed process, an exhausted memory or a database that
was late at boot leaves the unit in `failed (Result: exit-code)`, and nginx answers `502 Bad Gateway` until
somebody looks. `on-abort`, `on-abnormal`, `on-watchdog` and `on-success` do not count: an application that
fails exits with status 1 or 3, and none of them covers that.

Fix: write `Restart=on-failure` (or `always`) in `[Service]`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.edits import add_setting, replace, together
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule

# What brings each of them into action; systemd.service(5), table "Exit causes".
_COVERS = {
    "no": "never",
    "on-success": "only after a clean exit",
    "on-abnormal": "only after a signal or a timeout",
    "on-abort": "only after a signal",
    "on-watchdog": "only after a missed watchdog",
}


@rule(
    "missing-restart",
    severity=Severity.WARNING,
    group="service",
    since="0.1",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Restart="],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service, unit in deployment.web_units:
        restart = unit.last("Service", "Restart")
        if service.sockets:
            continue  # the next connection starts it again
        if restart and restart.value in _COVERS:
            yield finding(
                restart.at,
                f"Restart={restart.value} restarts {service.name} {_COVERS[restart.value]}: when "
                f"{service.server_words} exits with status 1, it stays down{_seen_from_outside(service, deployment)}",
                label=_COVERS[restart.value],
                repair="write Restart=on-failure",
                fix=together(replace(restart.at, "on-failure")),
            )
        elif unit.lacks("Service", "Restart"):
            lines = "Restart=on-failure" + ("\nRestartSec=2" if unit.lacks("Service", "RestartSec") else "")
            yield finding(
                unit.at,
                f"systemd does not restart {service.name}: one crash of {service.server_words}, and the site is down "
                "until somebody starts it",
                label="no Restart= in this section",
                repair="add Restart=on-failure",
                fix=together(add_setting(unit, "Service", lines)),
            )


def _seen_from_outside(service: Service, deployment: Deployment) -> str:
    return " and nginx answers 502 Bad Gateway" if deployment.hops_to(service) else ""


BAD = """
-- shop.service --
[Service]    # finding: systemd does not restart shop.service
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
RestartSec=2
[Install]
WantedBy=multi-user.target
"""

FIXED = GOOD
