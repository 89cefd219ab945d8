"""Waitress listens on every interface unless told otherwise

Without `--host`, `--listen` or a socket Waitress binds `0.0.0.0:8080`: everybody who can reach the host reaches the
application on port 8080, past nginx and without TLS. Gunicorn's default is the loopback address, Waitress's is not.

Fix: name the loopback address: `--listen=127.0.0.1:8080`, `serve(app, host="127.0.0.1")`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.edits import add_words, set_argument, together
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule


@rule(
    "waitress-public-default",
    severity=Severity.WARNING,
    group="waitress",
    since="0.1",
    links=["https://docs.pylonsproject.org/projects/waitress/en/stable/arguments.html"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.services:
        if service.on_host and service.names_no_host and not service.for_development:
            port = next((address.port for _, address in service.known_binds), "8080")
            yield finding(
                service.server.at,
                f"{service.name} gives Waitress no host, so it listens on 0.0.0.0:{port}: open to every machine",
                label="no host",
                repair=f"listen on 127.0.0.1:{port}",
                fix=None if deployment.may_run_in_image(service.server.at) else _fix(service),
            )


def _fix(service: Service) -> Fix | None:
    if service.server.in_code:
        return together(set_argument(service.server.at, "host", '"127.0.0.1"'))
    words = service.command.words
    return together(add_words(words, words[1].at, "--host=127.0.0.1")) if len(words) > 1 else None


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/waitress-serve shop:app    # finding: it listens on 0.0.0.0:8080
Restart=always
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/waitress-serve --host=127.0.0.1 shop:app
Restart=always
[Install]
WantedBy=multi-user.target
"""

FIXED = GOOD
