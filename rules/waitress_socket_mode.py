"""Waitress makes its socket for its own user only

Waitress gives a unix socket the mode 600 unless `unix_socket_perms` says otherwise; the umask does not matter. Connecting
takes the right to write to the socket, and nginx runs as another user: it answers `502 Bad Gateway`, and its
log says `connect() to unix:... failed (13: Permission denied)`.

Fix: write `--unix-socket-perms=660` (in code: `unix_socket_perms='660'`), and run the service with nginx's group.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.access import ShutOut, shut_out
from flasklint.deployment.relocate import give
from flasklint.edits import add_words, replace_within
from flasklint.finding import Edit, Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "waitress-socket-mode",
    severity=Severity.ERROR,
    group="waitress",
    since="0.2",
    links=["https://docs.pylonsproject.org/projects/waitress/en/stable/arguments.html"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    yield from map(_excluded, shut_out(deployment, "waitress", by_unit=False))


def _excluded(closed: ShutOut) -> Finding:
    socket, owned, nginx = closed.socket, closed.owned, closed.nginx
    perms = "unix_socket_perms='660'" if socket.service.server.in_code else "--unix-socket-perms=660"
    wanted = ([] if owned.mode & 0o020 else [perms]) + ([] if nginx.name in owned.groups else [f"Group={nginx.name}"])
    mode = f"mode {owned.mode:04o}" + ("" if owned.mode_at else ", Waitress's default")
    return finding(
        owned.mode_at or socket.at,
        f"{socket.service.name} makes {socket.path} as {closed.owner} with {mode}, so nginx ({nginx.name}) must not write to "
        "it: 502 Bad Gateway (13: Permission denied)",
        label=f"mode {owned.mode:04o}",
        because=closed.because,
        repair=f"write {' and '.join(wanted)}",
        fix=_fix(closed),
    )


def _fix(closed: ShutOut) -> Fix | None:
    unit, nginx = closed.socket.service.unit, closed.nginx
    if unit is None:
        return None
    edits = [] if nginx.name in closed.owned.groups else [give(unit, "Service", "Group", nginx.name)]
    edits += [] if closed.owned.mode & 0o020 else [_perms(closed)]
    told = tuple(edit for edit in edits if edit)
    return Fix(told, safe=nginx.told) if len(told) == len(edits) else None


def _perms(closed: ShutOut) -> Edit | None:
    service, written = closed.socket.service, closed.owned.mode_at
    if written:
        return replace_within(Known(f"{closed.owned.mode:o}", written), "660")
    spec = service.server.spec
    if service.server.in_code or not isinstance(spec, Known):
        return None
    return add_words(service.command.words, spec, "--unix-socket-perms=660")


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
        location / { proxy_pass http://unix:/run/shop/shop.sock; }
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

FIXED = GOOD
