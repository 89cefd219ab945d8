"""The application server can be reached past nginx

nginx forwards to this server over the loopback address (or over `0.0.0.0`, which comes to the same), so it runs on the
same host; yet the server listens on every interface. Visitors can reach `http://host:8000/` directly: without TLS,
without nginx's limits, and with `X-Forwarded-For` and `X-Forwarded-Proto` of their own making, which ProxyFix then
believes.

Fix: bind the loopback address (`127.0.0.1:8000`) or a unix socket.
"""

from collections.abc import Iterator

from flasklint.address import Address
from flasklint.deployment import Deployment, Hop
from flasklint.edits import rebind, together
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule


@rule(
    "public-bind-behind-proxy",
    severity=Severity.WARNING,
    group="upstream",
    since="0.1",
    links=["https://flask.palletsprojects.com/en/stable/deploying/gunicorn/#binding-externally"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.services:
        if not service.on_host or service.names_no_host:
            continue
        for bind, address in service.known_binds:
            hops = [hop for hop in deployment.hops_to(service) if hop.bind is bind] if address.is_public else []
            near = [hop for hop in hops if _is_near(hop.address)]
            if not near:
                continue
            target, wanted = near[0].route.forwards.written, address._replace(host="127.0.0.1")
            exact = near == hops and not any(":" in hop.address.host for hop in hops)
            exact = exact and bind.at is not None and not deployment.may_run_in_image(bind.at)
            yield finding(
                bind.at or service.runs.at,
                f"{service.name} listens on {address}, open to every machine, though nginx reaches it over "
                f"{near[0].address}: visitors can go past nginx, {_without(near)} forged X-Forwarded-* headers",
                label="open to other machines",
                because=[(target, "nginx is on the same host")],
                repair=f"bind {wanted}",
                fix=together(rebind(bind, wanted)) if exact else None,
            )


def _without(hops: list[Hop]) -> str:
    return "without TLS and with" if any(hop.route.server.tls for hop in hops) else "with"


def _is_near(address: Address) -> bool:
    """Whether nginx connects to its own host: Linux takes `0.0.0.0` as a target for the loopback address."""
    return address.is_loopback or address.is_wildcard


BAD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        proxy_set_header Host $host;
        proxy_pass http://127.0.0.1:8000;
    }
}
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 0.0.0.0:8000 wsgi:app    # finding: shop.service listens on 0.0.0.0:8000
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
        proxy_pass http://127.0.0.1:8000;
    }
}
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
"""

FIXED = GOOD
