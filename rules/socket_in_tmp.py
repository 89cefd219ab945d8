"""A socket in /tmp

Anybody on the machine may make a file in /tmp before the server does, and listen there in its place; cleaners
(systemd-tmpfiles) take old files away; and a private /tmp, of nginx on Fedora or of the unit after the next
update, hides the socket: `502 Bad Gateway (2: No such file or directory)`.

Fix: put the socket into a `RuntimeDirectory=` of the service, and name that path in nginx.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.access import in_container
from flasklint.deployment.sockets import SocketFile, hops_through, private_tmp, socket_files
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule


@rule(
    "socket-in-tmp",
    severity=Severity.WARNING,
    group="sockets",
    since="0.2",
    links=["https://systemd.io/TEMPORARY_DIRECTORIES/"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.services:
        for socket in socket_files(service) if not in_container(service, deployment) else ():
            told = service.for_development or private_tmp(socket, deployment)  # by private-tmp-socket
            if socket.in_tmp and not told:
                yield _found(socket, deployment)


def _found(socket: SocketFile, deployment: Deployment) -> Finding:
    from flasklint.deployment.relocate import into_runtime_directory, runtime_path

    better = runtime_path(socket) if socket.unit is None else f"/run/{socket.path.rpartition('/')[2]}"
    return finding(
        socket.at,
        f"{(socket.unit or socket.service).name} makes its socket at {socket.path}: anybody on the machine may take that "
        "name first, and a private /tmp hides it from nginx",
        label="in /tmp",
        because=[(hop.route.forwards.written, "nginx connects to it") for hop in hops_through(socket, deployment)[:1]],
        repair=f"put the socket at {better}"
        + (f", with RuntimeDirectory={better.split('/')[2]} in the unit" if socket.unit is None else "")
        if better
        else "put the socket into a folder of its own below /run",
        fix=into_runtime_directory(socket, deployment, safe=False) if socket.unit is None else None,
    )


BAD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind unix:/tmp/shop.sock wsgi:app    # finding: makes its socket at /tmp/shop.sock
Restart=always
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind unix:/run/shop/shop.sock wsgi:app
Restart=always
RuntimeDirectory=shop
[Install]
WantedBy=multi-user.target
"""

FIXED = GOOD
