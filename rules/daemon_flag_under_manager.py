"""The server detaches from the manager that keeps it running

`gunicorn --daemon` (`-D`, `daemon = True`) starts a copy of itself in the background and exits. To systemd the
service has ended: it kills what is left of it (`inactive (dead)`; with `Restart=always` again and again, until
`start-limit-hit`; with `Type=notify` `Failed with result 'protocol'`). Supervisor logs `exited too quickly` and starts
a second copy, which finds the port taken; a container ends with its first process. `Type=forking` is the reverse:
systemd waits for a server to go into the background that stays in the foreground, and kills it after 90 seconds
(`start operation timed out. Terminating.`).

Fix: leave the server in the foreground: no `--daemon`, and `Type=notify` (or `exec`).
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.control import is_kept, stays_in_foreground
from flasklint.facts import Entry
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known

_SEEN = {
    "systemd": "systemd takes the service for ended and kills it",
    "supervisor": "supervisor sees it exit and starts a second copy, which finds the address in use",
    "compose": "the container ends with its first process",
    "dockerfile": "the container ends with its first process",
    "procfile": "the process that is watched is gone at once",
}


@rule(
    "daemon-flag-under-manager",
    severity=Severity.ERROR,
    group="service",
    since="0.2",
    links=["https://docs.gunicorn.org/en/stable/settings.html#daemon"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.services:
        daemon = service.setting("daemon")
        if service.kind == "gunicorn" and isinstance(daemon, Known) and daemon.value is True:
            if not is_kept(service):
                yield finding(
                    daemon,
                    f"{service.name} starts Gunicorn with daemon on, which puts itself into the background and exits: "
                    f"{_SEEN[service.runs.manager]}",
                    label="goes into the background",
                    repair="take it out: the manager runs the server in the background",
                    fix=_in_foreground(daemon),
                )
        elif service.unit and stays_in_foreground(service):
            kind = service.unit.last("Service", "Type")
            if kind and kind.value == "forking":
                yield finding(
                    kind.at,
                    f"systemd waits for {service.server_words} to go into the background, but {service.name} starts it "
                    "in the foreground: start operation timed out after 90 s",
                    label="the server does not fork",
                    because=[(service.command.at, "stays in the foreground")],
                    repair=f"write Type={_type(service)}",
                    fix=_with_type(service, kind),
                )


def _in_foreground(daemon: Known[object]) -> Fix | None:
    from flasklint.edits import remove_word, replace

    if daemon.at.text in ("-D", "--daemon"):
        return Fix((remove_word(daemon),))
    return Fix((replace(daemon, "False"),)) if daemon.at.text == "True" else None


def _with_type(service: Service, kind: Entry) -> Fix:
    from flasklint.edits import replace

    return Fix((replace(kind.at, _type(service)),))


def _type(service: Service) -> str:
    return "notify" if service.kind == "gunicorn" and not service.command.through else "exec"


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --daemon --workers 2 wsgi:app    # finding: puts itself into the background and exits
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- shop.service --
[Service]
Type=forking
PIDFile=/run/shop/gunicorn.pid
User=shop
WorkingDirectory=/srv/shop
RuntimeDirectory=shop
ExecStart=/srv/shop/venv/bin/gunicorn --daemon --pid /run/shop/gunicorn.pid --workers 2 wsgi:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""

FIXED = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --workers 2 wsgi:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""
