"""systemd waits for a message that the server never sends

With `Type=notify` a service has started when it says so itself (`READY=1` to the socket in `NOTIFY_SOCKET`).
Gunicorn does that since 20.0, uWSGI does; Waitress, the development server and `python app.py` do not. The start
job hangs for 90 seconds, then systemd kills the server that was answering all the time (`start operation timed
out. Terminating.`, `Failed with result 'timeout'`), and with `Restart=` begins again.

Fix: write `Type=exec` (before systemd 240 `Type=simple`).
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.control import awaits_ready, sends_ready, silent_type
from flasklint.facts import Entry
from flasklint.finding import Finding, Fix, Place, Severity, finding
from flasklint.rule import rule


@rule(
    "notify-type-unsupported",
    severity=Severity.ERROR,
    group="service",
    since="0.2",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Type="],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service, unit in deployment.web_units:
        kind = awaits_ready(unit)
        if kind is None or sends_ready(service, deployment):
            continue
        pinned = service.requirements.get(service.kind) if service.requirements and service.kind == "gunicorn" else None
        what = f"Gunicorn {pinned.version}" if pinned else service.server_words
        because: list[tuple[Place, str]] = [(service.command.at, "sends no READY=1")]
        because += [(pinned.at, "20.0 is the first that does")] if pinned else []
        yield finding(
            kind.at,
            f"{unit.name} is Type={kind.value}, but {what} never tells systemd that it is up: start operation timed "
            "out after 90 s, and systemd kills it",
            label="waits for READY=1",
            because=because,
            repair=f"write Type={silent_type(deployment)}",
            fix=_fix(kind, silent_type(deployment)),
        )


def _fix(kind: Entry, instead: str) -> Fix:
    from flasklint.edits import replace

    return Fix((replace(kind.at, instead),))


BAD = """
-- shop.service --
[Service]
Type=notify    # finding: waitress never tells systemd that it is up
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

GOOD = """
-- shop.service --
[Service]
Type=notify
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind=127.0.0.1:8000 wsgi:app
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
Type=exec
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
