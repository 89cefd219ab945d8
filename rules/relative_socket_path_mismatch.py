"""A relative socket path ends up elsewhere than nginx looks

`--bind unix:app.sock` is relative: the server makes the socket in its working directory (`WorkingDirectory=`, or
`--chdir` where that is given). nginx names another absolute path, finds nothing there and answers `502 Bad Gateway`;
its log says `connect() to unix:... failed (2: No such file or directory)`.

Fix: write the absolute path in `--bind`, and the same one in nginx.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.edits import readdress, rebind, together
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule


@rule(
    "relative-socket-path-mismatch",
    severity=Severity.ERROR,
    group="upstream",
    since="0.1",
    links=["https://docs.gunicorn.org/en/stable/settings.html#bind"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for route, target in deployment.dead_ends:
        service = deployment.meant_by(route, target)
        if service is None or not target.value.is_unix:
            continue
        for bind, address in service.known_binds:
            if bind.relative:
                yield finding(
                    target,
                    f"nginx looks for {target.value.path}, but {service.name} makes its socket at {address.path}: "
                    "502 Bad Gateway (2: No such file or directory)",
                    label="no socket is made here",
                    because=[(bind.at or service.runs.at, f"relative: becomes {address.path}")],
                    repair=f"bind unix:{target.value.path}, or let nginx connect to unix:{address.path}",
                    fix=together(
                        readdress(target, target.value, address),
                        rebind(bind, address),
                        safe=len(service.known_binds) == len(deployment.services) == 1,
                    ),
                )
                break


BAD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        proxy_set_header Host $host;
        proxy_pass http://unix:/run/shop.sock;    # finding: shop.service makes its socket at /srv/shop/shop.sock
    }
}
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind unix:shop.sock wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        proxy_set_header Host $host;
        proxy_pass http://unix:/srv/shop/shop.sock;
    }
}
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind unix:shop.sock wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
"""

FIXED = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        proxy_set_header Host $host;
        proxy_pass http://unix:/srv/shop/shop.sock;
    }
}
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind unix:/srv/shop/shop.sock wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
"""
