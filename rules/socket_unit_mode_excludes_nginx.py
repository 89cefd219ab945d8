"""The mode of a socket unit keeps nginx out

systemd makes the socket of a socket unit for `root:root` with mode 0666. With `SocketMode=0660` or `0600` only
`SocketUser=` and `SocketGroup=` may connect; `User=` and `Group=` of the service do not matter. nginx runs as
another user: it answers `502 Bad Gateway`, and its log says `connect() to unix:... failed (13: Permission denied)`.

Fix: write `SocketGroup=` with nginx's group (`www-data` on Debian) beside `SocketMode=0660`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.access import ShutOut, shut_out
from flasklint.deployment.relocate import give
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
    for closed in shut_out(deployment, "gunicorn", by_unit=True):
        if closed.socket.unit:
            yield _excluded(closed, closed.socket.unit)


def _excluded(closed: ShutOut, unit: Unit) -> Finding:
    owned, nginx = closed.owned, closed.nginx
    mode = "" if owned.mode & 0o020 else "SocketMode=0660 and "
    return finding(
        owned.mode_at or closed.socket.at,
        f"{unit.name} makes {closed.socket.path} for {closed.owner} with mode {owned.mode:04o}, so nginx ({nginx.name}) must "
        "not connect: 502 Bad Gateway (13: Permission denied)",
        label=f"for {closed.owner} only",
        because=closed.because,
        repair=f"write {mode}SocketGroup={nginx.name}",
        fix=_fix(closed, unit),
    )


def _fix(closed: ShutOut, unit: Unit) -> Fix | None:
    edits = [give(unit, "Socket", "SocketGroup", closed.nginx.name)]
    edits += [] if closed.owned.mode & 0o020 else [give(unit, "Socket", "SocketMode", "0660")]
    told = tuple(edit for edit in edits if edit)
    return Fix(told, safe=closed.nginx.told) if len(told) == len(edits) else None


BAD = """
-- nginx/nginx.conf --
user www-data;
events {}
http {
    server {
        location / { proxy_pass http://unix:/run/shop.sock; }
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
        location / { proxy_pass http://unix:/run/shop.sock; }
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
