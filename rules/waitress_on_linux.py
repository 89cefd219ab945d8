"""Waitress where Gunicorn would be at home

Waitress serves from one process with threads; on Linux nearly every guide, unit and remedy for Flask speaks of Gunicorn,
which uses several processes and so several cores. Waitress is a fine choice where Windows or pure Python is asked for.

Fix: nothing, if the choice is deliberate: say `--server waitress`. Otherwise start the same application with Gunicorn.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule


@rule(
    "waitress-on-linux",
    severity=Severity.NOTE,
    group="waitress",
    since="0.1",
    links=["https://flask.palletsprojects.com/en/stable/deploying/"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    if deployment.settings.server == "waitress" or deployment.windows:
        return
    for service in deployment.of_kind("waitress"):
        if service.runs.manager in ("systemd", "supervisor"):
            yield finding(
                service.command.at,
                f"{service.name} runs Waitress on Linux: one process, where Gunicorn would use several",
                label="a server with one process",
                repair="use Gunicorn, or record the choice with --server waitress",
            )


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/waitress-serve --listen=127.0.0.1:8080 shop:app    # finding: runs Waitress on Linux
Restart=always
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8080 shop:app
Restart=always
[Install]
WantedBy=multi-user.target
"""
