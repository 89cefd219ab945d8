"""The application server faces the internet alone

A server that listens on every interface with no nginx (or other proxy) in front speaks plain HTTP, has no limit on
slow clients, each of which can hold a worker (`WORKER TIMEOUT`), and serves static files through Python. Gunicorn's own
documentation asks for a proxy in front of it.

Fix: bind `127.0.0.1` or a unix socket and let nginx forward to it.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "app-server-without-proxy",
    severity=Severity.WARNING,
    group="upstream",
    since="0.1",
    links=["https://docs.gunicorn.org/en/stable/deploy.html"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    if deployment.proxy_elsewhere and not deployment.routes:
        return
    for service in deployment.services:
        if service.for_development or service.unit is None or service.kind == "uwsgi" or deployment.hops_to(service):
            continue
        if service.names_no_host:
            continue  # waitress-public-default
        if not _is_seen_whole(deployment) or _ends_tls(service) or deployment.may_be_meant_for(service):
            continue
        for bind, address in service.known_binds:
            if address.is_public and not address.has_hole:
                yield finding(
                    bind.at or service.runs.at,
                    f"{service.name} listens on {address}, open to every machine, and nothing forwards to it: "
                    "plain HTTP, and slow clients hold its workers",
                    label="faces the network alone",
                    repair=f"bind 127.0.0.1:{address.port} and put nginx in front",
                )
                break


def _is_seen_whole(deployment: Deployment) -> bool:
    """Whether a proxy, if there were one, would likely lie in the input."""
    return bool(deployment.routes) or deployment.whole


def _ends_tls(service: Service) -> bool:
    """A server with a certificate of its own faces the network on purpose."""
    return isinstance(service.setting("certfile"), Known)


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 0.0.0.0:8000 wsgi:app    # finding: shop.service listens on 0.0.0.0:8000
Restart=always
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
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
-- wsgi.py --
from flask import Flask

app = Flask(__name__)
"""
