"""nginx does not pass the visitor's address on

The application server sees one client only: nginx. Without `X-Forwarded-For`, `request.remote_addr` is
`127.0.0.1` for everybody (empty behind a unix socket), so rate limits hit all visitors at once, and bans,
audit logs and access logs name the proxy. ProxyFix cannot help: it reads `X-Forwarded-For`, not
`X-Real-IP`.

Fix: write `proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;` beside the `proxy_pass`, and
wrap the application in `ProxyFix(app.wsgi_app, x_for=1)`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Route
from flasklint.deployment.fronts import fronts, is_websocket, lost, tells_nothing
from flasklint.edits import send_headers
from flasklint.finding import Finding, Place, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "missing-x-forwarded-for",
    severity=Severity.WARNING,
    group="proxy-headers",
    since="0.1",
    links=[
        "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#var_proxy_add_x_forwarded_for",
        "https://werkzeug.palletsprojects.com/en/stable/middleware/proxy_fix/",
    ],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for front in fronts(deployment):
        lacking = front.silent_on("x-forwarded-for", "x_forwarded_for", "forwarded")
        routes = [route for route in lacking if not (tells_nothing(route) or is_websocket(route) or lost(route))]
        if routes:
            yield _finding(routes[0], routes[1:])


def _finding(route: Route, others: list[Route]) -> Finding:
    real_ip = route.forwards.headers.get("X-Real-IP")
    because: list[tuple[Place, str]] = [(real_ip.at, "ProxyFix does not read this one")] if real_ip else []
    because += [(other.forwards.written, "nor here") for other in others]
    return finding(
        route.forwards.written,
        f"X-Forwarded-For is not passed on: request.remote_addr is {_client(route)} for every visitor",
        label="no X-Forwarded-For is set here",
        because=because,
        repair="write `proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;` beside it",
        fix=send_headers([route, *others], "X-Forwarded-For $proxy_add_x_forwarded_for"),
    )


def _client(route: Route) -> str:
    """What Flask takes for the client, as far as the target tells."""
    addresses = [target.value for target in route.targets if isinstance(target, Known)]
    if addresses and addresses[0].is_unix:
        return "no address at all"
    return "127.0.0.1" if addresses and addresses[0].is_loopback else "nginx's own address"


BAD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        proxy_pass http://127.0.0.1:8000;    # finding: request.remote_addr is 127.0.0.1 for every visitor
        proxy_set_header Host $host;
        proxy_set_header X-Real-IP $remote_addr;
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
        proxy_set_header Host $host;
        proxy_set_header X-Real-IP $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
}
"""

FIXED = GOOD
