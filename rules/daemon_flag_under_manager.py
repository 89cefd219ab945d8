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
from flasklint.deployment.control import forks, is_kept, stays_in_foreground
from flasklint.facts import Entry
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known

_SEEN = {
    "systemd": "systemd takes the service for ended and kills it",
    "supervisor": "supervisor sees it exit and starts a second copy, which finds the address in use",
    **dict.fromkeys(("compose", "dockerfile"), "the container ends with its first process"),
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
        forking = service.unit.last("Service", "Type") if service.unit and forks(service.unit) else None
        if service.kind == "gunicorn" and isinstance(daemon, Known) and daemon.value is True:
            if not is_kept(service):
                yield _daemon(service, daemon, forking)
        elif forking and stays_in_foreground(service):
            yield finding(
                forking.at,
                f"systemd waits for {service.server_words} to go into the background, but {service.name} starts it "
                "in the foreground: start operation timed out after 90 s",
                label="the server does not fork",
                because=[(service.command.at, "stays in the foreground")],
                repair=f"write Type={_type(service)}",
                fix=_fix(service, forking),
            )


def _daemon(service: Service, daemon: Known[object], forking: Entry | None) -> Finding:
    because = [(forking.at, "without PIDFile= systemd guesses which process to watch")] if forking else []
    return finding(
        daemon,
        f"{service.name} starts Gunicorn with daemon on, which puts itself into the background and exits: "
        f"{_SEEN[service.runs.manager]}",
        label="goes into the background",
        because=because,
        repair="take it out" + (f", and write Type={_type(service)}" if forking else ": the manager does that"),
        fix=_fix(service, forking, daemon),
    )


def _fix(service: Service, forking: Entry | None, daemon: Known[object] | None = None) -> Fix | None:
    from flasklint.edits import remove_word, replace

    edits = [replace(forking.at, _type(service))] if forking else []
    if daemon and daemon.at.text in ("-D", "--daemon"):
        edits.append(remove_word(daemon))
    elif daemon and daemon.at.text == "True":
        edits.append(replace(daemon, "False"))
    elif daemon:
        return None
    return Fix(tuple(edits))


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
