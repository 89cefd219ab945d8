"""The mode of a socket unit keeps nginx out

systemd makes the socket of a socket unit for `root:root` with mode 0666. With `SocketMode=0660` or `0600` only
`SocketUser=` and `SocketGroup=` may connect; `User=` and `Group=` of the service do not matter. nginx runs as
another user: it answers `502 Bad Gateway`, and its log says `connect() to unix:... failed (13: Permission denied)`.

Fix: write `SocketGroup=` with nginx's group (`www-data` on Debian) beside `SocketMode=0660`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.access import Worker, is_shut_out, runs_on_host, worker
from flasklint.deployment.relocate import give
from flasklint.deployment.sockets import Ownership, SocketFile, hops_through, ownership, socket_files
from flasklint.facts import Unit
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule


@rule(
    "socket-unit-mode-excludes-nginx",
    severity=Severity.ERROR,
    group="sockets",
    since="0.2",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.socket.html#SocketMode="],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.services:
        for socket in socket_files(service):
            hops = hops_through(socket, deployment)
            if socket.unit and hops and runs_on_host(hops[0].route.config, deployment):
                nginx = worker(hops[0].route.config, deployment.provisioning)
                owned = ownership(socket, deployment.provisioning)
                if owned and is_shut_out(nginx, owned, deployment.provisioning):
                    yield _excluded(socket, socket.unit, owned, nginx, deployment)


def _excluded(socket: SocketFile, unit: Unit, owned: Ownership, nginx: Worker, deployment: Deployment) -> Finding:
    owner, group = min(owned.users), min(owned.groups)
    hop = hops_through(socket, deployment)[0]
    because = [(hop.route.forwards.written.at, "nginx connects to it")]
    because += [(nginx.at, f"nginx runs as {nginx.name}")] if nginx.at else []
    mode = "" if owned.mode & 0o020 else "SocketMode=0660 and "
    return finding(
        owned.mode_at or socket.at,
        f"{unit.name} makes {socket.path} for {owner}:{group} with mode {owned.mode:04o}, so nginx ({nginx.name}) must not "
        "connect: 502 Bad Gateway (13: Permission denied)",
        label=f"for {owner}:{group} only",
        because=because,
        repair=f"write {mode}SocketGroup={nginx.name}",
        fix=_fix(unit, owned, nginx),
    )


def _fix(unit: Unit, owned: Ownership, nginx: Worker) -> Fix | None:
    edits = [give(unit, "Socket", "SocketGroup", nginx.name)]
    edits += [] if owned.mode & 0o020 else [give(unit, "Socket", "SocketMode", "0660")]
    told = tuple(edit for edit in edits if edit)
    return Fix(told, safe=nginx.told) if len(told) == len(edits) else None


BAD = """
-- nginx/nginx.conf --
user www-data;
events {}
http {
    server {
        listen 80;
        server_name shop.test;
        location / {
            proxy_pass http://unix:/run/shop.sock;
            proxy_set_header Host $host;
        }
    }
}
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=always
-- systemd/shop.socket --
[Socket]
ListenStream=/run/shop.sock
SocketMode=0660    # finding: shop.socket makes /run/shop.sock for root:root with mode 0660
[Install]
WantedBy=sockets.target
"""

GOOD = """
-- nginx/nginx.conf --
user www-data;
events {}
http {
    server {
        listen 80;
        server_name shop.test;
        location / {
            proxy_pass http://unix:/run/shop.sock;
            proxy_set_header Host $host;
        }
    }
}
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=always
-- systemd/shop.socket --
[Socket]
ListenStream=/run/shop.sock
SocketMode=0660
SocketGroup=www-data
[Install]
WantedBy=sockets.target
"""

FIXED = GOOD
