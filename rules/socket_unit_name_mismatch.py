"""A socket unit and its service do not name each other

`shop.socket` starts `shop.service`, unless `Service=` names another. After one of the files was renamed, `systemctl start`
of the socket says `Socket service gunicorn.service not loaded, refusing.`, and that of a service with
`Requires=gunicorn.socket` says `Unit gunicorn.socket not found.`; nothing listens, and nginx answers `502 Bad Gateway`.

A service that requires a socket unit of its own name, which the repository lacks, is a warning: the target may have it.

Fix: give both files one name, or write `Service=` in the socket unit.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.activation import Estranged, estranged, unaccompanied
from flasklint.edits import add_setting, replace
from flasklint.facts import Unit
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "socket-unit-name-mismatch",
    severity=Severity.ERROR,
    group="sockets",
    since="0.2",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.socket.html#Service="],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    told = set()
    for pair in estranged(deployment):
        told.add(pair.missing)
        yield _no_socket(pair) if pair.missing.endswith(".socket") else _no_service(pair)
    for unit, name in unaccompanied(deployment):
        if name.value not in told:
            yield _alone(unit, name)


def _no_socket(pair: Estranged) -> Finding:
    return finding(
        pair.at,
        f"{pair.service.name} requires {pair.missing}, but the socket unit is called {pair.socket.name}: Unit {pair.missing} "
        "not found",
        label="no unit of that name",
        because=[(pair.socket.at, f"{pair.socket.name} is here")],
        repair=f"write {pair.meant}, or rename the socket unit to {pair.missing}",
        fix=Fix((replace(pair.at, pair.meant),), safe=False),
    )


def _alone(unit: Unit, name: Known[str]) -> Finding:
    return finding(
        name,
        f"{unit.name} requires {name.value}, which is not in the repository: without it systemd says Unit {name.value} not "
        "found",
        label="no unit of that name",
        repair=f"add {name.value}, or remove it here",
        severity=Severity.WARNING,
    )


def _no_service(pair: Estranged) -> Finding:
    named = pair.socket.last("Socket", "Service")
    edit = replace(named.at, pair.meant) if named else add_setting(pair.socket, "Socket", f"Service={pair.meant}")
    unit = pair.service.unit
    return finding(
        pair.at,
        f"{pair.socket.name} starts {pair.missing}, but the service is called {pair.service.name}: Socket service "
        f"{pair.missing} not loaded, refusing",
        label="no unit of that name" if named else f"without Service= it starts {pair.missing}",
        because=[(unit.at, f"{pair.service.name} is here")] if unit else [],
        repair=f"write Service={pair.meant}, or rename one of the files",
        fix=Fix((edit,), safe=False) if edit else None,
    )


BAD = """
-- systemd/gunicorn.socket --
[Socket]    # finding: gunicorn.socket starts gunicorn.service, but the service is called shop.service
ListenStream=/run/shop.sock
[Install]
WantedBy=sockets.target
-- systemd/shop.service --
[Unit]
Requires=gunicorn.socket
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
"""

GOOD = """
-- systemd/gunicorn.socket --
[Socket]
ListenStream=/run/shop.sock
Service=shop.service
[Install]
WantedBy=sockets.target
-- systemd/shop.service --
[Unit]
Requires=gunicorn.socket
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
"""

FIXED = GOOD
