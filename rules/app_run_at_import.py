"""Importing the application starts a second server

`app.run()` stands at the module's top level without `if __name__ == "__main__":`. When Gunicorn imports the module, the
development server starts inside the worker, on port 5000, and never returns: the real port accepts connections and
answers nothing (`WORKER TIMEOUT`), and with several workers `[Errno 98] Address already in use`.

Fix: put the call under `if __name__ == "__main__":`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.edits import only_when_run, together
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "app-run-at-import",
    severity=Severity.ERROR,
    group="import-path",
    since="0.1",
    links=["https://flask.palletsprojects.com/en/stable/api/#flask.Flask.run"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.of_kind("gunicorn", "waitress", "uwsgi"):
        app = service.app
        if app is None or service.server.in_code:
            continue
        for call in app.runs_at_import[:1]:
            yield finding(
                call,
                f"this runs when {service.kind} imports the module, and never returns: "
                "a second server on its own port, and no answer on the real one (WORKER TIMEOUT)",
                label="not under if __name__ == '__main__'",
                because=[(app.spec, f"{service.kind} imports it")] if isinstance(app.spec, Known) else [],
                repair='put it under if __name__ == "__main__":',
                fix=together(only_when_run(call)) if call.column == 1 else None,
            )


BAD = """
-- shop.service --
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

app.run(host="0.0.0.0")    # finding: this runs when gunicorn imports the module
"""

GOOD = """
-- shop.service --
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

if __name__ == "__main__":
    app.run(host="0.0.0.0")
"""

FIXED = GOOD
