"""systemd does not hear the server behind a script

With `Type=notify` systemd listens to the main process of the service alone (`NotifyAccess=main`). That is the
shell, where a script starts Gunicorn as its child: `Got notification message from PID 42, but reception only
permitted for main PID 41`. The start job hangs for 90 seconds, then systemd kills everything (`start operation timed
out. Terminating.`). `timeout`, `time` and `sudo` stay above the server in the same way, and dash, which is `sh` on
Debian and Ubuntu, does so even for `sh -c 'gunicorn ...'`; `bash -c` gives way to the last command.

Fix: write `exec` before the server's command in the script.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.control import awaits_ready, hears_children, parent
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule


@rule(
    "notify-through-wrapper",
    severity=Severity.ERROR,
    group="service",
    since="0.2",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#NotifyAccess="],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service, unit in deployment.web_units:
        kind = awaits_ready(unit)
        above = parent(service) if kind else ""
        if kind is None or not above or hears_children(unit) or service.kind not in ("gunicorn", "uwsgi"):
            continue
        child = service.command.child
        yield finding(
            child.at if child else service.command.at,
            f"{unit.name} is Type={kind.value}, but its main process is {above}, which starts {service.kind} as a child: "
            "start operation timed out after 90 s, and systemd kills it",
            label=f"a child of {above}",
            because=[(kind.at, "listens to the main process alone")],
            repair=f"write exec before {child.at.text}" if child else "write NotifyAccess=all",
            fix=_fix(service),
            severity=Severity.WARNING if above == "sh" else None,  # where sh is bash, it gives way
        )


def _fix(service: Service) -> Fix | None:
    from flasklint.edits import replace

    child = service.command.child
    if child is None or not child.last:
        return None
    return Fix((replace(child.at.part(0, 0), "exec "),))


BAD = """
-- shop.service --
[Service]
Type=notify
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/run.sh
Restart=on-failure
[Install]
WantedBy=multi-user.target
-- run.sh --
#!/bin/bash
source venv/bin/activate
gunicorn --bind 127.0.0.1:8000 wsgi:app    # finding: its main process is run.sh, which starts gunicorn as a child
"""

GOOD = """
-- shop.service --
[Service]
Type=notify
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/run.sh
Restart=on-failure
[Install]
WantedBy=multi-user.target
-- run.sh --
#!/bin/bash
source venv/bin/activate
exec gunicorn --bind 127.0.0.1:8000 wsgi:app
"""

FIXED = """
-- shop.service --
[Service]
Type=notify
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/run.sh
Restart=on-failure
[Install]
WantedBy=multi-user.target
-- run.sh --
#!/bin/bash
source venv/bin/activate
exec gunicorn --bind 127.0.0.1:8000 wsgi:app
"""
