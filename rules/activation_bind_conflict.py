"""nginx connects where the server would listen if there were no socket unit

Gunicorn takes the sockets that a socket unit hands to it, and then ignores every `--bind` it is given. nginx connects to the
address in `--bind`, where nobody listens, and answers `502 Bad Gateway`: `(2: No such file or directory)` for a socket,
`(111: Connection refused)` for a port. Without the socket unit the same `--bind` works, which makes it hard to see.

Fix: let nginx connect to the `ListenStream=` of the socket unit (or do without the socket unit).
"""

from collections.abc import Iterator

from flasklint.address import Address
from flasklint.deployment import Deployment, Service
from flasklint.deployment.activation import ignored_bind, is_activated
from flasklint.deployment.relocate import retarget
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "activation-bind-conflict",
    severity=Severity.ERROR,
    group="sockets",
    since="0.2",
    links=["https://docs.gunicorn.org/en/stable/deploy.html#systemd"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    seen: set[Address] = set()
    activated = [service for service in deployment.services if is_activated(service)]
    for _, target in deployment.dead_ends if activated else ():
        for service in activated:
            if target.value not in seen and ignored_bind(service, target.value):
                seen.add(target.value)
                yield _conflict(service, target, deployment)


def _conflict(service: Service, target: Known[Address], deployment: Deployment) -> Finding:
    bind = ignored_bind(service, target.value)
    taken, address = service.known_binds[0]
    log = "2: No such file or directory" if target.value.is_unix else "111: Connection refused"
    return finding(
        target,
        f"nginx connects to {target.value}, but {service.name} takes the socket of {service.sockets[0].name}, {address}, "
        f"and ignores its --bind: 502 Bad Gateway ({log})",
        label="nobody listens here",
        because=[
            (bind.at if bind and bind.at else service.runs.at, "ignored: a socket is handed over"),
            (taken.at or service.runs.at, "the socket that it gets"),
        ],
        repair=f"let nginx connect to {address}",
        fix=_fix(target.value, address, deployment) if len(service.binds) == 1 else None,
    )


def _fix(old: Address, new: Address, deployment: Deployment) -> Fix | None:
    if not old.is_unix or not new.is_unix:
        return None
    edits = tuple(retarget(old.path, new.path, deployment))
    told = tuple(edit for edit in edits if edit)
    return Fix(told) if told and len(told) == len(edits) else None


BAD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        proxy_pass http://unix:/run/shop/shop.sock;    # finding: shop.service takes the socket of shop.socket, unix:/run/shop.sock
        proxy_set_header Host $host;
    }
}
-- systemd/shop.service --
[Unit]
Requires=shop.socket
[Service]
User=shop
WorkingDirectory=/srv/shop
RuntimeDirectory=shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind unix:/run/shop/shop.sock wsgi:app
Restart=always
-- systemd/shop.socket --
[Socket]
ListenStream=/run/shop.sock
[Install]
WantedBy=sockets.target
"""

GOOD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        proxy_pass http://unix:/run/shop.sock;
        proxy_set_header Host $host;
    }
}
-- systemd/shop.service --
[Unit]
Requires=shop.socket
[Service]
User=shop
WorkingDirectory=/srv/shop
RuntimeDirectory=shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind unix:/run/shop/shop.sock wsgi:app
Restart=always
-- systemd/shop.socket --
[Socket]
ListenStream=/run/shop.sock
[Install]
WantedBy=sockets.target
"""

FIXED = GOOD
