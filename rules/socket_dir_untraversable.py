"""nginx is not let into the folder of the socket

To reach a socket nginx needs the right to search every folder above it. A home is closed to others on Ubuntu since
21.04 (0750) and on Fedora and its kin (0700), /root is closed everywhere, and so is a runtime directory with
`RuntimeDirectoryMode=0700`. nginx answers `502 Bad Gateway`, and its log says `connect() to unix:... failed
(13: Permission denied)`, although the socket itself is open to everybody.

Fix: put the socket into a `RuntimeDirectory=` of the service, and name that path in nginx.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.access import closed_runtime_folder, home_is_closed, home_of, runs_on_host, worker
from flasklint.deployment.sandbox import is_on
from flasklint.deployment.sockets import SocketFile, hops_through, socket_files
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.source import Span


@rule(
    "socket-dir-untraversable",
    severity=Severity.WARNING,
    group="sockets",
    since="0.2",
    links=["https://docs.gunicorn.org/en/stable/deploy.html#systemd"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.services:
        for socket in socket_files(service):
            hops = hops_through(socket, deployment)
            if hops and runs_on_host(hops[0].route.config, deployment):
                yield from _closed(socket, hops[0].route.forwards.written.at, deployment)


def _closed(socket: SocketFile, asked: Span, deployment: Deployment) -> Iterator[Finding]:
    hop, service = hops_through(socket, deployment)[0], socket.service
    nginx = worker(hop.route.config, deployment.provisioning)
    home = home_of(socket.path)
    hidden = service.unit is not None and service.unit.last("Service", "ProtectHome") is not None
    if home and not hidden and home_is_closed(home, nginx, deployment.provisioning):
        who = "on every system" if home == "/root" else "on Ubuntu since 21.04 and on Fedora"
        yield _finding(socket, asked, deployment, f"{home} is closed to others {who}", nginx.name, ())
    elif service.unit and not is_on(service.unit.last("Service", "DynamicUser")):
        mode = closed_runtime_folder(socket.path, service.unit, nginx, deployment.provisioning)
        if mode:
            closed = f"RuntimeDirectoryMode={mode.text} closes {socket.folder} to others"
            yield _finding(socket, asked, deployment, closed, nginx.name, ((mode, "nobody else may enter"),))


def _finding(
    socket: SocketFile, asked: Span, deployment: Deployment, closed: str, nginx: str, more: tuple[tuple[Span, str], ...]
) -> Finding:
    from flasklint.deployment.relocate import into_runtime_directory, runtime_path

    better = runtime_path(socket) if not more else ""
    return finding(
        socket.at,
        f"{closed}, so nginx ({nginx}) does not get at {socket.path}: 502 Bad Gateway (13: Permission denied)",
        label="nginx is not let in",
        because=[(asked, "nginx connects to it"), *more],
        repair=f"write RuntimeDirectory={better.split('/')[2]}, and put the socket at {better}"
        if better
        else "let nginx into the folder, or put the socket elsewhere",
        fix=into_runtime_directory(socket, deployment) if better and socket.unit is None else None,
    )


BAD = """
-- nginx/shop.conf --
server {
    location / {
        proxy_pass http://unix:/home/ubuntu/shop.sock;
    }
}
-- systemd/shop.service --
[Service]
User=ubuntu
WorkingDirectory=/home/ubuntu
ExecStart=/home/ubuntu/venv/bin/gunicorn --bind unix:shop.sock wsgi:app    # finding: /home/ubuntu is closed to others
Restart=always
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- nginx/shop.conf --
server {
    location / {
        proxy_pass http://unix:/run/shop/shop.sock;
    }
}
-- systemd/shop.service --
[Service]
User=ubuntu
WorkingDirectory=/home/ubuntu
ExecStart=/home/ubuntu/venv/bin/gunicorn --bind unix:/run/shop/shop.sock wsgi:app
Restart=always
RuntimeDirectory=shop
[Install]
WantedBy=multi-user.target
"""

FIXED = GOOD
