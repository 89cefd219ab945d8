"""Werkzeug's debugger is on

With debug on, the development server answers every unhandled error with an interactive console in the browser: whoever
can cause an error can run Python on the host (the PIN has been worked around more than once). It also restarts itself
when a file changes.

Fix: turn debug off wherever a manager starts the server: no `debug=True`, no `--debug`, no `FLASK_DEBUG=1`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.edits import remove_word, replace, together
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.source import Span
from flasklint.value import Known

_OFF = {"True": "False", "FLASK_DEBUG=1": "FLASK_DEBUG=0", "FLASK_DEBUG=true": "FLASK_DEBUG=0"}


@rule(
    "debugger-reachable",
    severity=Severity.ERROR,
    group="dev-server",
    since="0.1",
    links=["https://werkzeug.palletsprojects.com/en/stable/debug/"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.of_kind("flask"):
        debug = service.setting("debug")
        if service.for_development or not isinstance(debug, Known) or debug.value is not True:
            continue
        yield finding(
            debug,
            "Werkzeug's debugger is on: an error in a page gives the visitor a Python console",
            label="the debugger",
            because=[(service.command.at, f"{service.name} starts it")],
            repair="turn debug off, and serve the application with Gunicorn or Waitress",
            fix=_off(debug.at),
        )


def _off(at: Span) -> Fix | None:
    """Turn it off where it is plainly turned on: an option, an argument, a variable of the environment."""
    if at.text == "--debug":
        return together(remove_word(at))
    return together(replace(at, _OFF[at.text])) if at.text in _OFF else None


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/flask --app shop run --debug    # finding: Werkzeug's debugger is on
Restart=always
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 shop:app
Restart=always
[Install]
WantedBy=multi-user.target
"""

FIXED = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/flask --app shop run
Restart=always
[Install]
WantedBy=multi-user.target
"""
