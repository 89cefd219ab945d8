"""A header set in the location drops those set above it

nginx inherits `proxy_set_header` from the level above only into a level that has none of its own (its manual,
"proxy_set_header"). One line in a location, often `Upgrade` for WebSockets, and Host, X-Forwarded-For and
X-Forwarded-Proto of the server are gone there: Flask sees `Host: 127.0.0.1:8000`, redirects and external links
point to it, Flask-SocketIO refuses the visitor with 400 (`is not an accepted origin`), every client is 127.0.0.1.

Fix: repeat the headers of the level above beside the new one, or put them into a file and `include` it in both.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Route
from flasklint.deployment.fronts import fronts, host_sent, is_websocket, lost
from flasklint.facts import Header
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule


@rule(
    "proxy-header-inheritance-lost",
    severity=Severity.ERROR,
    group="proxy-headers",
    since="0.2",
    links=["https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_set_header"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    seen: set[tuple[str, int]] = set()
    for front in fronts(deployment):
        for route in front.routes:
            own = route.forwards.headers.sent
            missed = lost(route)
            if missed and (place := (own[0].at.path, own[0].at.start)) not in seen:
                seen.add(place)
                yield _finding(route, missed)


def _finding(route: Route, missed: tuple[Header, ...]) -> Finding:
    headers = route.forwards.headers
    names = list(dict.fromkeys(header.name for header in missed))
    places = {(header.at.path, header.at.start): header.at for header in missed}
    return finding(
        headers.sent[0].at,
        f"this {headers.level} sets a header of its own, and nginx drops {_listed(names)} set above it: "
        f"{_symptom(names, route)}",
        label="the level above no longer counts",
        because=[(at, "not inherited") for at in places.values()],
        repair=f"repeat {_listed(names)} here",
        severity=_severity(names, route),
        fix=_fix(route),
    )


def _listed(names: list[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1]) if len(names) > 1 else names)


def _symptom(names: list[str], route: Route) -> str:
    lower = {name.lower() for name in names}
    if "host" in lower:
        return f"Flask sees Host: {host_sent(route)}"
    if "x-forwarded-proto" in lower:
        return "Flask builds http:// links"
    return "every client has nginx's address" if "x-forwarded-for" in lower else "Flask builds wrong links"


def _severity(names: list[str], route: Route) -> Severity | None:
    """Nobody but a log may notice the address; a WebSocket with any origin allowed goes on without Host."""
    return Severity.WARNING if is_websocket(route) or [name.lower() for name in names] == ["x-forwarded-for"] else None


def _fix(route: Route) -> Fix | None:
    """Repeat all that was set above and is not set anew."""
    from flasklint.edits import add_directives

    headers = route.forwards.headers
    last = headers.sent[-1].at
    inherited = {header.name.lower(): header for header in headers.lost if not headers.get(header.name)}
    edit = add_directives(last, [_written(header) for header in inherited.values()])
    return Fix((edit,)) if edit and last.source is route.location.at.source else None


def _written(header: Header) -> str:
    """The directive as it stands above; one from an include that is not in the input has no text of its own."""
    text = header.at.text
    return f"{text if text.startswith('proxy_set_header') else f'proxy_set_header {header.name} {header.value}'};"


BAD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    location / {
        proxy_pass http://127.0.0.1:8000;
        proxy_set_header X-Forwarded-Proto $scheme;    # finding: nginx drops Host and X-Forwarded-For set above it
    }
}
"""

GOOD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    location / {
        proxy_pass http://127.0.0.1:8000;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
}
"""

FIXED = GOOD
