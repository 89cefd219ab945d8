"""The socket of a socket unit lies in the service's own runtime directory

systemd removes a `RuntimeDirectory=` when the service stops, with all that is in it. A socket that its socket unit made
there is gone after the first stop or restart, while the socket unit stays `active (listening)` and makes no new
one. nginx answers `502 Bad Gateway (2: No such file or directory)` until somebody restarts the socket unit.

Fix: let the socket unit listen outside of the runtime directory, directly in /run, and name that path in nginx.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.relocate import to
from flasklint.deployment.sockets import SocketFile, socket_files
from flasklint.facts import Entry, Unit
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import has_hole


@rule(
    "activation-socket-in-runtimedir",
    severity=Severity.ERROR,
    group="sockets",
    since="0.2",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#RuntimeDirectory="],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.services:
        for socket in socket_files(service):
            if socket.unit and service.unit and (entry := _removes(service.unit, socket.path)):
                yield _removed(socket, socket.unit, entry, deployment)


def _removes(unit: Unit, path: str) -> Entry | None:
    """The `RuntimeDirectory=` that a stop of the unit removes together with the socket."""
    preserve = unit.last("Service", "RuntimeDirectoryPreserve")
    if preserve and preserve.value.lower() not in ("no", "false", "n", "f", "0", "off"):
        return None
    for entry in unit.all("Service", "RuntimeDirectory"):
        for word in entry.value.replace("%t/", "").replace("%N", unit.name.removesuffix(".service")).split():
            if (
                not has_hole(word)
                and "%" not in word
                and path.startswith(f"/run/{word.partition(':')[0].rstrip('/')}/")
            ):
                return entry
    return None


def _removed(socket: SocketFile, unit: Unit, entry: Entry, deployment: Deployment) -> Finding:
    better = f"/run/{socket.path.rpartition('/')[2]}"
    return finding(
        socket.at,
        f"{unit.name} listens on {socket.path}, which {socket.service.name} removes with its RuntimeDirectory={entry.value} "
        "when it stops: after the first restart 502 Bad Gateway (2: No such file or directory)",
        label="gone after the first restart",
        because=[(entry.at, "removed when the service stops")],
        repair=f"write ListenStream={better}, and let nginx connect to it",
        fix=to(socket, better, deployment),
    )


BAD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
RuntimeDirectory=shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=always
-- systemd/shop.socket --
[Socket]
ListenStream=/run/shop/shop.sock    # finding: shop.socket listens on /run/shop/shop.sock, which shop.service removes
[Install]
WantedBy=sockets.target
"""

GOOD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
RuntimeDirectory=shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=always
-- systemd/shop.socket --
[Socket]
ListenStream=/run/shop.sock
[Install]
WantedBy=sockets.target
"""

FIXED = GOOD
