"""A server that is not root makes its socket directly in /run

/run belongs to root, and nobody else may make files in it. The server retries for five seconds, says
`[Errno 13] Permission denied`, and exits with status 1; nginx answers `502 Bad Gateway`. A socket unit is another
matter: systemd makes its socket as root.

Fix: write `RuntimeDirectory=` in the unit and put the socket there.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.relocate import into_runtime_directory, runtime_path
from flasklint.deployment.sockets import SocketFile, owner_at_bind, socket_files
from flasklint.facts import Unit
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule


@rule(
    "run-root-not-writable",
    severity=Severity.ERROR,
    group="sockets",
    since="0.2",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#RuntimeDirectory="],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service, unit in deployment.web_units:
        for socket in socket_files(service):
            if socket.folder == "/run" and socket.unit is None and not unit.all("Service", "AmbientCapabilities"):
                yield from _denied(socket, unit, deployment)


def _denied(socket: SocketFile, unit: Unit, deployment: Deployment) -> Iterator[Finding]:
    user = owner_at_bind(socket.service)
    if user is None:
        return
    better = runtime_path(socket)
    yield finding(
        socket.at,
        f"{unit.name} runs as {user.value}, who cannot make {socket.path}: /run is root's, [Errno 13] Permission denied",
        label="only root makes files in /run",
        because=[(user, "not root")],
        repair=f"write RuntimeDirectory={better.split('/')[2]}, and put the socket at {better}"
        if better
        else "put the socket into a RuntimeDirectory= of the unit",
        fix=into_runtime_directory(socket, deployment),
    )


BAD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind unix:/run/shop.sock wsgi:app    # finding: shop.service runs as shop, who cannot make /run/shop.sock
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
