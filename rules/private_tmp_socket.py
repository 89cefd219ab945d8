"""The socket lies in a /tmp that nginx does not see

`PrivateTmp=` (which `DynamicUser=` brings along) gives a service a /tmp and a /var/tmp of its own. The socket that
the server makes there is in nobody else's /tmp: nginx looks into another one, finds nothing and answers
`502 Bad Gateway`; its log says `connect() to unix:... failed (2: No such file or directory)`. `ls /tmp` shows a folder
`systemd-private-...-shop.service-...` instead. The nginx of Fedora and its kin has a private /tmp, too.

Fix: put the socket into a `RuntimeDirectory=` of the service, and name that path in nginx.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.sockets import PrivateTmp, SocketFile, hops_through, private_tmp, socket_files
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule


@rule(
    "private-tmp-socket",
    severity=Severity.ERROR,
    group="sockets",
    since="0.2",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#PrivateTmp="],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.services:
        for socket in socket_files(service):
            private = private_tmp(socket, deployment)
            if private and hops_through(socket, deployment):
                yield _private(socket, private, deployment)


def _private(socket: SocketFile, private: PrivateTmp, deployment: Deployment) -> Finding:
    from flasklint.deployment.relocate import into_runtime_directory, runtime_path

    service, said = socket.service, private.said
    hop = hops_through(socket, deployment)[0]
    folder = socket.path[: socket.path.index("tmp") + len("tmp")]
    whose = "nginx's own" if private.of_nginx else "its own"
    seen_by = "nginx does not see the common one" if private.of_nginx else "nginx looks into the common one"
    better = runtime_path(socket)
    return finding(
        socket.at,
        f"{service.name} makes {socket.path}, but {said.key}={said.value} means a {folder} of {whose}: {seen_by}, "
        "502 Bad Gateway (2: No such file or directory)",
        label=f"made in {folder}",
        because=[(said.at, f"a {folder} of {whose}"), (hop.route.forwards.written, "nginx looks for it here")],
        repair=f"write RuntimeDirectory={better.split('/')[2]}, and put the socket at {better}"
        if better
        else "put the socket into a RuntimeDirectory= of the unit",
        fix=into_runtime_directory(socket, deployment) if socket.unit is None else None,
    )


BAD = """
-- nginx/shop.conf --
server {
    location / {
        proxy_pass http://unix:/tmp/shop.sock;
    }
}
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
PrivateTmp=yes
ExecStart=/srv/shop/venv/bin/gunicorn --bind unix:/tmp/shop.sock wsgi:app    # finding: PrivateTmp=yes means a /tmp of its own
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
User=shop
WorkingDirectory=/srv/shop
PrivateTmp=yes
ExecStart=/srv/shop/venv/bin/gunicorn --bind unix:/run/shop/shop.sock wsgi:app
Restart=always
RuntimeDirectory=shop
[Install]
WantedBy=multi-user.target
"""

FIXED = GOOD
