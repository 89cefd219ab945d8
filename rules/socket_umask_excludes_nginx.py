"""The server's umask keeps nginx from writing to the socket

Connecting to a socket takes the right to write to it. Gunicorn makes its sockets with 0777 less its own `umask`
setting, whatever the unit's `UMask=` says, so that `--umask 007` leaves owner and group only; uWSGI makes them with
0755 unless `chmod-socket` says otherwise. nginx runs as another user, and is not in the group: it answers
`502 Bad Gateway`, and its log says `connect() to unix:... failed (13: Permission denied)`.

Fix: run the service with nginx's group, `Group=www-data` on Debian, and leave the group its rights.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.access import ShutOut, shut_out
from flasklint.deployment.relocate import give
from flasklint.edits import replace_within
from flasklint.finding import Edit, Finding, Fix, Severity, finding
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
    yield from map(_excluded, shut_out(deployment, "gunicorn", "uwsgi", by_unit=False))


def _excluded(closed: ShutOut) -> Finding:
    socket, owned, nginx = closed.socket, closed.owned, closed.nginx
    option = "--umask 007" if socket.service.kind == "gunicorn" else "chmod-socket = 660"
    wanted = "" if owned.mode & 0o020 else f" and {option}"
    return finding(
        owned.mode_at or socket.at,
        f"{socket.service.name} makes {socket.path} as {closed.owner} with mode {owned.mode:04o}, so nginx ({nginx.name}) "
        "must not write to it: 502 Bad Gateway (13: Permission denied)",
        label=f"leaves mode {owned.mode:04o}",
        because=[*closed.because, *([(socket.at, "the socket")] if owned.mode_at else [])],
        repair=f"write Group={nginx.name}{wanted}",
        fix=_fix(closed) if socket.service.kind == "gunicorn" else None,
    )


def _fix(closed: ShutOut) -> Fix | None:
    unit, alone = closed.socket.service.unit, bool(closed.owned.mode & 0o020)
    group = give(unit, "Service", "Group", closed.nginx.name) if unit else None
    umask = None if alone else _for_the_group(closed)
    edits = tuple(edit for edit in (group, umask) if edit)
    return Fix(edits, safe=closed.nginx.told and alone) if len(edits) == 2 - alone else None


def _for_the_group(closed: ShutOut) -> Edit | None:
    at = closed.owned.mode_at
    written = at.text.strip("\"'") if at else ""
    return replace_within(Known(written, at), "0o007" if "o" in written else "007") if at else None


BAD = """
-- nginx/nginx.conf --
user www-data;
events {}
http {
    server {
        location / { proxy_pass http://unix:/run/shop/shop.sock; }
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
        location / { proxy_pass http://unix:/run/shop/shop.sock; }
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

FIXED = GOOD
