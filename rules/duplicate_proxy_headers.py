"""nginx sends one request header twice

`include proxy_params;` sets Host and X-Forwarded-* already; a `proxy_set_header` for one of them beside it does not
replace it, nginx sends both. To two Host headers Gunicorn since 26.1 answers `400 Bad Request`, whatever is asked; an
older one and Waitress leave `request.host` empty, and links read `http:///`. Two X-Forwarded-Proto arrive as `https,https`:
Waitress with `trusted_proxy` answers 400, Flask-Talisman redirects for ever (`ERR_TOO_MANY_REDIRECTS`).

Fix: keep one of the two.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Route
from flasklint.deployment.fronts import fronts
from flasklint.facts import Header
from flasklint.finding import Edit, Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.versions import DUPLICATE_HOST_REFUSED

ONCE = ("Host", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Prefix")


@rule(
    "duplicate-proxy-headers",
    severity=Severity.ERROR,
    group="proxy-headers",
    since="0.2",
    links=["https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_set_header"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    seen: set[tuple[str, int]] = set()
    for front in fronts(deployment):
        for route in front.routes:
            pairs = list(_pairs(route))
            if pairs and (place := (pairs[0][0].at.path, pairs[0][0].at.start)) not in seen:
                seen.add(place)
                yield _finding(route, pairs, deployment)


def _pairs(route: Route) -> Iterator[tuple[Header, Header]]:
    """Headers that are sent more than once: one to leave out, and one that stays."""
    headers = route.forwards.headers
    for name in ONCE if len(headers.names) < len(headers.sent) else ():
        sent = [header for header in headers.all(name) if header.value]
        if len(sent) > 1:
            spare = next((header for header in reversed(sent) if _is_written(header, route)), sent[-1])
            yield spare, next(header for header in sent if header is not spare)


def _is_written(header: Header, route: Route) -> bool:
    """Whether it is a line of the site's own file, and no include's."""
    return header.at.text.startswith("proxy_set_header") and header.at.source is route.location.at.source


def _finding(route: Route, pairs: list[tuple[Header, Header]], deployment: Deployment) -> Finding:
    spare, kept = pairs[0]
    return finding(
        spare.at,
        f"{kept.name} is set twice, and nginx sends both: {_symptom(kept.name, route, deployment)}",
        label="the second one",
        because=[(kept.at, f"sets {kept.name}, too"), *((more.at, f"{more.name} as well") for more, _ in pairs[1:])],
        repair=f"keep one {kept.name}",
        severity=None if kept.name.lower() == "host" else Severity.WARNING,
        fix=_fix(route, pairs),
    )


def _symptom(name: str, route: Route, deployment: Deployment) -> str:
    if name.lower() != "host":
        return f"the application gets {name} with both values, parted by a comma"
    refused = {
        service.kind == "gunicorn" and service.does(DUPLICATE_HOST_REFUSED)
        for service in (hop.service for hop in deployment.hops_of(route))
    }
    if refused == {False}:
        return "request.host is empty, and links read http:///"
    if refused == {True}:
        return "Gunicorn answers 400 Bad Request to everything"
    return "Gunicorn answers 400 Bad Request to everything since 26.1, an older one leaves request.host empty"


def _fix(route: Route, pairs: list[tuple[Header, Header]]) -> Fix | None:
    """Take out the site's own lines; a person has to look where they say something else than what stays."""
    from flasklint.edits import remove_directive

    edits: list[Edit] = []
    for spare, kept in pairs:
        edit = remove_directive(spare.at) if _is_written(spare, route) else None
        if edit is None or (spare.value != kept.value and _is_written(kept, route)):
            return None
        edits.append(edit)
    return Fix(tuple(edits), safe=all(spare.value == kept.value for spare, kept in pairs))


BAD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        include proxy_params;
        proxy_set_header Host $host;    # finding: Host is set twice
        proxy_pass http://127.0.0.1:8000;
    }
}
"""

GOOD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        include proxy_params;
        proxy_pass http://127.0.0.1:8000;
    }
}
"""

FIXED = GOOD
