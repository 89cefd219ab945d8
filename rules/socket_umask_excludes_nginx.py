"""The server's umask keeps nginx from writing to the socket

Connecting to a socket takes the right to write to it. Gunicorn makes its sockets with 0777 less its own `umask`
setting, whatever the unit's `UMask=` says, so that `--umask 007` leaves owner and group only; uWSGI makes them with
0755 unless `chmod-socket` says otherwise. nginx runs as another user, and is not in the group: it answers
`502 Bad Gateway`, and its log says `connect() to unix:... failed (13: Permission denied)`.

Fix: run the service with nginx's group, `Group=www-data` on Debian, and leave the group its rights.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.access import Worker, is_shut_out, runs_on_host, worker
from flasklint.deployment.relocate import give
from flasklint.deployment.sockets import Ownership, SocketFile, hops_through, ownership, socket_files
from flasklint.edits import replace_within
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "socket-umask-excludes-nginx",
    severity=Severity.ERROR,
    group="sockets",
    since="0.2",
    links=["https://docs.gunicorn.org/en/stable/settings.html#umask"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.of_kind("gunicorn", "uwsgi"):
        for socket in socket_files(service):
            hops = hops_through(socket, deployment) if socket.unit is None else ()
            if hops and runs_on_host(hops[0].route.config, deployment):
                nginx = worker(hops[0].route.config, deployment.provisioning)
                owned = ownership(socket, deployment.provisioning)
                if owned and is_shut_out(nginx, owned, deployment.provisioning):
                    yield _excluded(socket, owned, nginx, deployment)


def _excluded(socket: SocketFile, owned: Ownership, nginx: Worker, deployment: Deployment) -> Finding:
    service = socket.service
    owner, group = min(owned.users), min(owned.groups)
    place = owned.mode_at or socket.at
    because = [(hops_through(socket, deployment)[0].route.forwards.written.at, "nginx connects to it")]
    because += [(nginx.at, f"nginx runs as {nginx.name}")] if nginx.at else []
    because += [(socket.at, "the socket")] if owned.mode_at else []
    gunicorn = "--umask 007" if service.kind == "gunicorn" else "chmod-socket = 660"
    wanted = "" if owned.mode & 0o020 else f" and {gunicorn}"
    return finding(
        place,
        f"{service.name} makes {socket.path} as {owner}:{group} with mode {owned.mode:04o}, so nginx ({nginx.name}) must "
        "not write to it: 502 Bad Gateway (13: Permission denied)",
        label=f"leaves mode {owned.mode:04o}",
        because=because,
        repair=f"write Group={nginx.name}{wanted}",
        fix=_fix(socket, owned, nginx),
    )


def _fix(socket: SocketFile, owned: Ownership, nginx: Worker) -> Fix | None:
    unit, umask = socket.service.unit, socket.service.server.settings.get("umask")
    if unit is None or socket.service.kind != "gunicorn":
        return None
    edits = [give(unit, "Service", "Group", nginx.name)]
    if not owned.mode & 0o020:
        written = Known(umask.at.text.strip("\"'"), umask.at) if isinstance(umask, Known) else None
        edits.append(replace_within(written, "007") if written and written.value.isdecimal() else None)
    told = tuple(edit for edit in edits if edit)
    return Fix(told, safe=nginx.told and len(edits) == 1) if len(told) == len(edits) else None


BAD = """
-- nginx/nginx.conf --
user www-data;
events {}
http {
    server {
        listen 80;
        server_name shop.test;
        location / {
            proxy_pass http://unix:/run/shop/shop.sock;
            proxy_set_header Host $host;
        }
    }
}
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
RuntimeDirectory=shop
ExecStart=/srv/shop/venv/bin/gunicorn --umask 007 --bind unix:/run/shop/shop.sock wsgi:app    # finding: makes /run/shop/shop.sock as shop:shop with mode 0770
Restart=always
[Install]
WantedBy=multi-user.target
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
            proxy_pass http://unix:/run/shop/shop.sock;
            proxy_set_header Host $host;
        }
    }
}
-- systemd/shop.service --
[Service]
User=shop
Group=www-data
WorkingDirectory=/srv/shop
RuntimeDirectory=shop
ExecStart=/srv/shop/venv/bin/gunicorn --umask 007 --bind unix:/run/shop/shop.sock wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
"""

FIXED = """
-- nginx/nginx.conf --
user www-data;
events {}
http {
    server {
        listen 80;
        server_name shop.test;
        location / {
            proxy_pass http://unix:/run/shop/shop.sock;
            proxy_set_header Host $host;
        }
    }
}
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
RuntimeDirectory=shop
ExecStart=/srv/shop/venv/bin/gunicorn --umask 007 --bind unix:/run/shop/shop.sock wsgi:app
Restart=always
Group=www-data
[Install]
WantedBy=multi-user.target
"""
