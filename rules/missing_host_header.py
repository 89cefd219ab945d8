"""nginx does not pass the visitor's Host header on

Without `proxy_set_header Host`, nginx sends the name that stands in `proxy_pass`: `127.0.0.1:8000`, the
upstream's name, or `localhost` for a unix socket. Flask builds redirects and `url_for(...,
_external=True)` from it, so visitors are sent to `http://127.0.0.1:8000/`; CSRF protection answers `The
referrer does not match the host`; with `SERVER_NAME` set, Flask before 3.1 answers 404 to everything. A
name with an underscore is refused by Werkzeug 3.1.7 and later.

Fix: write `proxy_set_header Host $host;` beside the `proxy_pass`, or send `X-Forwarded-Host` and wrap the
application in `ProxyFix(app.wsgi_app, x_host=1)`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Route
from flasklint.deployment.fronts import Front, fronts, host_sent, lost, tells_nothing
from flasklint.edits import send_headers
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import Unknown

HOST, FORWARDED_FOR, FORWARDED_PROTO = (
    "Host $host",
    "X-Forwarded-For $proxy_add_x_forwarded_for",
    "X-Forwarded-Proto $scheme",
)
ALL_HEADERS = (
    f"write `proxy_set_header {HOST};`, `proxy_set_header {FORWARDED_FOR};` "
    f"and `proxy_set_header {FORWARDED_PROTO};` beside it"
)


@rule(
    "missing-host-header",
    severity=Severity.WARNING,
    group="proxy-headers",
    since="0.1",
    links=[
        "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_set_header",
        "https://flask.palletsprojects.com/en/stable/deploying/nginx/",
    ],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for front in fronts(deployment):
        routes = [route for route in front.routes if not lost(route) and _loses_host(route, front, deployment)]
        if routes:
            yield _finding(routes[0], routes[1:])


def _loses_host(route: Route, front: Front, deployment: Deployment) -> bool:
    headers = route.forwards.headers
    host = headers.get("Host")
    if not headers.complete or (host and host.value) or headers.get("Forwarded"):
        return False
    sent = host_sent(route).lower()
    if any(name.value.lower() in (sent, sent.partition(":")[0]) for name in front.server.names):
        return False
    return not headers.get("X-Forwarded-Host") or _ignores_forwarded_host(route, deployment)


def _ignores_forwarded_host(route: Route, deployment: Deployment) -> bool:
    """Whether the application surely does not take its host from X-Forwarded-Host."""
    apps = [hop.service.app for hop in deployment.hops_of(route)]
    if not apps or any(app is None or app.state != "found" or app.kind in ("other", "django") for app in apps):
        return False
    counts = [app.proxy_fix.counts["x_host"] for app in apps if app and app.proxy_fix]
    return not any(isinstance(count, Unknown) or count.value for count in counts)


def _finding(route: Route, others: list[Route]) -> Finding:
    host = host_sent(route)
    if tells_nothing(route):
        message = (
            f"nginx tells Flask nothing about the visitor: redirects and external links point to "
            f"http://{host}/, and every client has nginx's address"
        )
        repair, headers = ALL_HEADERS, [HOST, FORWARDED_FOR, FORWARDED_PROTO]
    else:
        message = f"nginx sends `Host: {host}`, not the visitor's: redirects and external links point to http://{host}/"
        repair, headers = f"write `proxy_set_header {HOST};` beside it", [HOST]
    return finding(
        route.forwards.written,
        message,
        label="no Host header is set here",
        because=[(other.forwards.written, "nor here") for other in others],
        repair=repair,
        fix=send_headers([route, *others], *headers),
    )


BAD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        proxy_pass http://127.0.0.1:8000;    # finding: nginx sends `Host: 127.0.0.1:8000`
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
    }
}
"""

GOOD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        proxy_pass http://127.0.0.1:8000;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header Host $host;
    }
}
"""

FIXED = GOOD
