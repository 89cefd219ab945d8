"""The application is configured, and then another one takes its name

A second `app = Flask(__name__)` in the same file is a new application. The server gets that one; all that was done to
the first is done in vain: its routes answer `404 Not Found`, its secret key is gone (`RuntimeError: The session is
unavailable because no secret key was set`), its blueprints and extensions are not registered.

Fix: make the application once, above everything that uses it.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.finding import Finding, Place, Severity, finding
from flasklint.rule import rule


@rule(
    "app-rebound",
    severity=Severity.ERROR,
    group="import-path",
    since="0.2",
    links=["https://flask.palletsprojects.com/en/stable/api/#application-object"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    seen = set()
    for service in deployment.services:
        twice = app.rebound if (app := service.app) and app.state == "found" else None
        if twice is None or not twice.lost or twice.again in seen:
            continue
        seen.add(twice.again)
        because: list[tuple[Place, str]] = [(twice.first, f"the first {twice.name}")]
        because += [(place, "lost with it") for place in twice.lost[:3]]
        yield finding(
            twice.again,
            f"{twice.name} is a second application here, and {service.server_words} serves that one: what was done to "
            f"the first is lost ({_count(len(twice.lost))})",
            label="a new application of the same name",
            because=because,
            repair=f"make {twice.name} once, above everything that uses it",
        )


def _count(lost: int) -> str:
    return "one route, setting or extension" if lost == 1 else f"{lost} routes, settings or extensions"


BAD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 app:app
Restart=always
[Install]
WantedBy=multi-user.target
-- app.py --
from flask import Flask

app = Flask(__name__)
app.secret_key = "not so secret"


@app.get("/")
def index():
    return "the shop is open"


app = Flask(__name__)    # finding: what was done to the first is lost


@app.get("/shelves")
def shelves():
    return "full"
"""

GOOD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 app:app
Restart=always
[Install]
WantedBy=multi-user.target
-- app.py --
from flask import Flask

app = Flask(__name__)
app.secret_key = "not so secret"


@app.get("/")
def index():
    return "the shop is open"


@app.get("/shelves")
def shelves():
    return "full"
"""
