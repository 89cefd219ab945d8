"""nginx ends TLS and does not say so

nginx speaks https with the visitor and http with the application. Without `X-Forwarded-Proto` Flask takes
every request for plain http: `url_for(..., _external=True)` and redirects give `http://` links, browsers
report mixed content, OAuth providers `redirect_uri_mismatch`, and an application that insists on https
answers `ERR_TOO_MANY_REDIRECTS`. `PREFERRED_URL_SCHEME` does not help, it counts outside of requests
only. On a server block without TLS this is a note.

Fix: write `proxy_set_header X-Forwarded-Proto $scheme;` beside the `proxy_pass`. Gunicorn takes the
scheme from it itself when nginx is on the same host; anything else needs `ProxyFix(app.wsgi_app,
x_proto=1)`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Route
from flasklint.deployment.fronts import dropped, fronts, is_websocket, lost, tells_nothing
from flasklint.edits import send_headers
from flasklint.facts import NginxServer
from flasklint.finding import Finding, Place, Severity, finding
from flasklint.rule import rule
from flasklint.value import Unknown

# What else tells the scheme: Gunicorn's secure_scheme_headers, and what applications read by themselves.
TELLING = ("x-forwarded-proto", "x_forwarded_proto", "x-forwarded-protocol", "x-forwarded-ssl",
           "x-forwarded-scheme", "x-forwarded-https", "x-scheme", "x-url-scheme", "front-end-https",
           "forwarded")  # fmt: skip


@rule(
    "missing-x-forwarded-proto",
    severity=Severity.WARNING,
    group="proxy-headers",
    since="0.1",
    links=[
        "https://flask.palletsprojects.com/en/stable/deploying/proxy_fix/",
        "https://docs.gunicorn.org/en/stable/settings.html#secure-scheme-headers",
    ],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for front in fronts(deployment):
        routes = [
            route
            for route in front.silent_on(*TELLING)
            if route.forwards.protocol == "http" and not (tells_nothing(route) or is_websocket(route) or lost(route))
            if not _knows_scheme(route, deployment)
        ]
        if routes:
            yield _finding(front.server, routes[0], routes[1:])


def _knows_scheme(route: Route, deployment: Deployment) -> bool:
    """Whether the server or a middleware of the application may set the scheme by itself."""
    hops = deployment.hops_of(route)
    if not hops and any(file.endswith(".py") for file in deployment.surroundings.mentions("url_scheme=")):
        return True  # `serve(app, url_scheme=...)`, started by a command that nobody can follow
    for hop in hops:
        scheme = hop.service.setting("url_scheme")
        if hop.service.kind == "waitress" and (scheme.at if isinstance(scheme, Unknown) else scheme.value == "https"):
            return True
        proxy_fix = hop.service.app.proxy_fix if hop.service.app else None
        if proxy_fix and isinstance(proxy_fix.counts.get("x_proto"), Unknown):
            return True
    return False


def _finding(server: NginxServer, route: Route, others: list[Route]) -> Finding:
    because: list[tuple[Place, str]] = []
    because += [(listen.at, "TLS ends here") for listen in server.listens if listen.tls][:1]
    because += dropped(route, "X-Forwarded-Proto")
    because += [(other.forwards.written, "nor here") for other in others]
    if server.tls:
        message = "TLS ends at nginx and X-Forwarded-Proto is not passed on: Flask builds http:// links"
    else:
        message = "X-Forwarded-Proto is not passed on: once TLS ends here, Flask will build http:// links"
    return finding(
        route.forwards.written,
        message,
        label="no X-Forwarded-Proto is set here",
        because=because,
        repair="write `proxy_set_header X-Forwarded-Proto $scheme;` beside it",
        fix=send_headers([route, *others], "X-Forwarded-Proto $scheme"),
        severity=None if server.tls else Severity.NOTE,
    )


BAD = """
-- nginx/shop.conf --
server {
    listen 443 ssl;
    server_name shop.test;
    ssl_certificate /etc/ssl/shop.pem;
    ssl_certificate_key /etc/ssl/shop.key;
    location / {
        proxy_pass http://127.0.0.1:8000;    # finding: Flask builds http:// links
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
}
"""

GOOD = """
-- nginx/shop.conf --
server {
    listen 443 ssl;
    server_name shop.test;
    ssl_certificate /etc/ssl/shop.pem;
    ssl_certificate_key /etc/ssl/shop.key;
    location / {
        proxy_pass http://127.0.0.1:8000;
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
    }
}
"""

FIXED = GOOD
