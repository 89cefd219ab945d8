"""Two programs claim one address

The second one to start cannot bind: `[Errno 98] Address already in use`, Gunicorn says `Connection in use:
('127.0.0.1', 8000)` and ends after five tries, and systemd starts it again for ever. On a unix socket it is worse: the
second silently takes the socket away from the first, and visitors get the other application.

Fix: give every program an address of its own, and tell nginx.
"""

from collections.abc import Iterator
from itertools import combinations

from flasklint.address import Address, overlaps
from flasklint.deployment import Deployment, Service
from flasklint.deployment.access import runs_on_host
from flasklint.facts import Bind
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.source import Span

MOST_ALIKE = 10


@rule(
    "duplicate-bind",
    severity=Severity.ERROR,
    group="upstream",
    since="0.1",
    links=["https://docs.gunicorn.org/en/stable/settings.html#bind"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    on_host = [service for service in deployment.services if service.on_host]
    for service in on_host:
        for (first, one), (second, other) in combinations(service.known_binds[:MOST_ALIKE], 2):
            if overlaps(one, other) and not service.sockets:
                yield _conflict(service, second, other, first.at or service.runs.at, f"{service.name} itself")
        yield from _against_nginx(deployment, service)
    for left, right in _pairs(on_host) if len(on_host) > 1 else ():
        if left.runs_beside(right):
            yield from _between(left, right)


def _pairs(services: list[Service]) -> Iterator[tuple[Service, Service]]:
    """Services that share a port or a path, each with the nearest few before it."""
    alike: dict[str, list[Service]] = {}
    for right in services:
        before: dict[int, Service] = {}
        for place in dict.fromkeys(address.path or address.port for _, address in right.known_binds):
            before |= {id(left): left for left in alike.setdefault(place, [])[-MOST_ALIKE:]}
            alike[place].append(right)
        for left in before.values():
            yield left, right


def _between(left: Service, right: Service) -> Iterator[Finding]:
    for first, one in left.known_binds:
        for second, other in right.known_binds:
            if overlaps(one, other):
                yield _conflict(right, second, other, first.at or left.runs.at, left.name)
                return


def _against_nginx(deployment: Deployment, service: Service) -> Iterator[Finding]:
    for bind, address in service.known_binds:
        for config, server in deployment.sites:
            apart = deployment.containers and not runs_on_host(config, deployment)
            for listen in server.listens if not apart else ():
                if overlaps(listen.address, address) and listen.at.text != "server":
                    yield _conflict(service, bind, address, listen.at, "nginx")
                    return


def _conflict(service: Service, bind: Bind, address: Address, place: Span, who: str) -> Finding:
    symptom = "the last one started takes the socket away" if address.is_unix else "[Errno 98] Address already in use"
    return finding(
        bind.at or service.runs.at,
        f"{service.name} binds {address}, which {who} binds too: {symptom}",
        label="taken",
        because=[(place, f"{who} binds it here")],
        repair="give each an address of its own, and let nginx forward to both",
    )


BAD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 wsgi:app    # finding: shop.service binds 127.0.0.1:8000, which desk.service binds too
Restart=always
[Install]
WantedBy=multi-user.target
-- systemd/desk.service --
[Service]
User=desk
WorkingDirectory=/srv/desk
ExecStart=/srv/desk/venv/bin/gunicorn --bind 127.0.0.1:8000 wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
-- systemd/desk.service --
[Service]
User=desk
WorkingDirectory=/srv/desk
ExecStart=/srv/desk/venv/bin/gunicorn --bind 127.0.0.1:8001 wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
"""
