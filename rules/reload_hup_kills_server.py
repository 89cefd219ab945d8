"""A reload ends the server

`ExecReload=/bin/kill -HUP $MAINPID` is meant for Gunicorn and nginx, which read their configuration again. Waitress,
the development server and a shell that waits for Gunicorn do nothing about SIGHUP, and so die of it. systemd counts
that as a clean end: `Restart=on-failure` does not start the service again, it is `inactive (dead)`, and nginx
answers `502 Bad Gateway`.

Fix: take the line out, and use `systemctl restart`; where a script starts Gunicorn, write `exec` before it.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.control import awaits_ready, catches_hup, hears_children, hup_on_reload, parent
from flasklint.facts import Exec
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule


@rule(
    "reload-hup-kills-server",
    severity=Severity.ERROR,
    group="service",
    since="0.2",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#ExecReload="],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service, unit in deployment.web_units:
        reload, child = hup_on_reload(unit), service.command.child
        if reload is None or catches_hup(service, deployment):
            continue
        if child and awaits_ready(unit) and not hears_children(unit):
            continue  # told by notify-through-wrapper: it does not even start
        restart = unit.last("Service", "Restart")
        back = restart is not None and restart.value in ("always", "on-success")
        victim = parent(service) if service.kind == "gunicorn" else service.server_words
        yield finding(
            reload.at,
            f"systemctl reload {unit.name} sends SIGHUP, and {victim} dies of it: "
            + ("every reload cuts the requests at hand off" if back else "the service is inactive (dead)"),
            label=f"{victim} does not handle SIGHUP",
            because=[
                (child.at, f"starts {service.kind} as a child") if child else (service.command.at, "ends on SIGHUP")
            ],
            repair=f"write exec before {child.at.text}" if child else "take ExecReload= out",
            fix=_fix(service, reload),
            severity=Severity.WARNING if back else None,
        )


def _fix(service: Service, reload: Exec) -> Fix | None:
    from flasklint.edits import remove_lines, replace

    child = service.command.child
    if service.kind != "gunicorn":
        return Fix((remove_lines(reload.at),))
    return Fix((replace(child.at.part(0, 0), "exec "),)) if child and child.last else None


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/waitress-serve --listen=127.0.0.1:8000 wsgi:app
ExecReload=/bin/kill -s HUP $MAINPID    # finding: sends SIGHUP, and waitress dies of it
Restart=on-failure
[Install]
WantedBy=multi-user.target
-- wsgi.py --
from flask import Flask

app = Flask(__name__)
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind=127.0.0.1:8000 wsgi:app
ExecReload=/bin/kill -s HUP $MAINPID
Restart=on-failure
[Install]
WantedBy=multi-user.target
-- wsgi.py --
from flask import Flask

app = Flask(__name__)
"""

FIXED = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/waitress-serve --listen=127.0.0.1:8000 wsgi:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
-- wsgi.py --
from flask import Flask

app = Flask(__name__)
"""
