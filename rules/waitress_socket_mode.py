"""Waitress makes its socket for its own user only

Waitress gives a unix socket the mode 600 unless `unix_socket_perms` says otherwise; the umask does not matter. Connecting
takes the right to write to the socket, and nginx runs as another user: it answers `502 Bad Gateway`, and its
log says `connect() to unix:... failed (13: Permission denied)`.

Fix: write `--unix-socket-perms=660` (in code: `unix_socket_perms='660'`), and run the service with nginx's group.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.access import Worker, is_shut_out, runs_on_host, worker
from flasklint.deployment.relocate import give
from flasklint.deployment.sockets import Ownership, SocketFile, hops_through, ownership, socket_files
from flasklint.edits import add_words, replace_within
from flasklint.finding import Edit, Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known, Unknown


@rule(
    "waitress-socket-mode",
    severity=Severity.ERROR,
    group="waitress",
    since="0.2",
    links=["https://docs.pylonsproject.org/projects/waitress/en/stable/arguments.html"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.of_kind("waitress"):
        for socket in socket_files(service):
            hops = hops_through(socket, deployment)
            if hops and runs_on_host(hops[0].route.config, deployment):
                nginx = worker(hops[0].route.config, deployment.provisioning)
                owned = ownership(socket, deployment.provisioning)
                if owned and is_shut_out(nginx, owned, deployment.provisioning):
                    yield _excluded(socket, owned, nginx, deployment)


def _excluded(socket: SocketFile, owned: Ownership, nginx: Worker, deployment: Deployment) -> Finding:
    service, owner, group = socket.service, min(owned.users), min(owned.groups)
    because = [(hops_through(socket, deployment)[0].route.forwards.written.at, "nginx connects to it")]
    because += [(nginx.at, f"nginx runs as {nginx.name}")] if nginx.at else []
    perms = "unix_socket_perms='660'" if service.server.in_code else "--unix-socket-perms=660"
    wanted = ([] if owned.mode & 0o020 else [perms]) + ([] if nginx.name in owned.groups else [f"Group={nginx.name}"])
    mode = f"mode {owned.mode:04o}" + ("" if owned.mode_at else ", Waitress's default")
    return finding(
        owned.mode_at or socket.at,
        f"{service.name} makes {socket.path} as {owner}:{group} with {mode}, so nginx ({nginx.name}) must not write to it: "
        "502 Bad Gateway (13: Permission denied)",
        label=f"mode {owned.mode:04o}",
        because=because,
        repair=f"write {' and '.join(wanted)}",
        fix=_fix(service, owned, nginx),
    )


def _fix(service: Service, owned: Ownership, nginx: Worker) -> Fix | None:
    if service.unit is None:
        return None
    edits = [] if nginx.name in owned.groups else [give(service.unit, "Service", "Group", nginx.name)]
    edits += [] if owned.mode & 0o020 else [_perms(service, owned)]
    told = tuple(edit for edit in edits if edit)
    return Fix(told, safe=nginx.told) if len(told) == len(edits) else None


def _perms(service: Service, owned: Ownership) -> Edit | None:
    if owned.mode_at:
        return replace_within(Known(f"{owned.mode:o}", owned.mode_at), "660")
    spec = service.server.spec
    if service.server.in_code or isinstance(spec, Unknown) or not isinstance(spec, Known):
        return None
    return add_words(service.command.words, spec, "--unix-socket-perms=660")


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
ExecStart=/srv/shop/venv/bin/waitress-serve --unix-socket=/run/shop/shop.sock wsgi:app    # finding: with mode 0600, Waitress's default
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
ExecStart=/srv/shop/venv/bin/waitress-serve --unix-socket=/run/shop/shop.sock --unix-socket-perms=660 wsgi:app
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
ExecStart=/srv/shop/venv/bin/waitress-serve --unix-socket=/run/shop/shop.sock --unix-socket-perms=660 wsgi:app
Restart=always
Group=www-data
[Install]
WantedBy=multi-user.target
"""
