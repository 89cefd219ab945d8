"""nginx forwards to itself

`proxy_pass http://127.0.0.1;` without a port means port 80, where nginx itself listens. The request comes back to the same
location, and again, until nginx logs `worker_connections are not enough` and the visitor gets `502 Bad Gateway`. The
application is never asked. Where the port belongs to a block that redirects to https, browsers say
`ERR_TOO_MANY_REDIRECTS`.

Fix: write the address that the application server listens on, with its port: `proxy_pass http://127.0.0.1:8000;`.
"""

from collections.abc import Iterator

from flasklint.address import Address
from flasklint.deployment import Deployment, Route
from flasklint.deployment.locations import answering, listening_at
from flasklint.facts import NginxListen, NginxServer
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known

VISITORS = ("$host", "$http_host", "$server_name", "${host}", "${http_host}")


@rule(
    "proxy-loop-to-self",
    severity=Severity.ERROR,
    group="upstream",
    since="0.2",
    links=["https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    seen: set[tuple[str, int]] = set()
    for route in deployment.routes:
        if deployment.hops_of(route) or route.forwards.condition or route.config.problems:
            continue
        place = (route.forwards.written.at.path, route.forwards.written.at.start)
        if place in seen:
            continue
        for target in route.targets:
            if isinstance(target, Known) and (found := _own(route, target.value)):
                seen.add(place)
                yield _finding(route, target, *found)
                break


def _own(route: Route, target: Address) -> tuple[NginxServer, NginxListen] | None:
    """The server block that gets the request again, or that sends the visitor back to it."""
    group = listening_at(route.config, target)
    found = next((each for each in group if _is_named(each[0], route)), None)
    found = found or next((each for each in group if each[1].default), None) or next(iter(group), None)
    if found is None or route.forwards.protocol not in ("http", "https"):
        return None
    server = found[0]
    if server is route.server:
        return found if _comes_back(route) else None
    same = {name.value for name in server.names} & {name.value for name in route.server.names}
    redirects = (location := answering(server, "/")) is not None and location.answers
    return found if same and redirects and route.server.tls and not server.tls and _is_main(route) else None


def _is_named(server: NginxServer, route: Route) -> bool:
    """Whether the Host that nginx sends is one of the server's names; the visitor's has led to this server."""
    host = route.forwards.headers.get("Host")
    if host and host.value in VISITORS:
        return server is route.server
    sent = host.value if host else route.forwards.written.value.partition("://")[2].partition("/")[0].partition(":")[0]
    return any(name.value == sent for name in server.names)


def _is_main(route: Route) -> bool:
    return route.location.modifier == "@" or route.location.pattern == "/"


def _comes_back(route: Route) -> bool:
    """Whether the path that nginx sends leads to the location that sends it."""
    location, uri = route.location, route.forwards.uri
    if location.modifier == "@":
        found = answering(route.server, "/")
        return found is not None and bool(found.try_files) and found.try_files[-1].value == f"@{location.pattern}"
    return location.modifier in ("", "^~") and answering(route.server, uri or location.pattern) is location


def _finding(route: Route, target: Known[Address], server: NginxServer, listen: NginxListen) -> Finding:
    symptom = (
        "502 Bad Gateway (worker_connections are not enough)"
        if server is route.server
        else "it redirects to https, and so for ever (ERR_TOO_MANY_REDIRECTS)"
    )
    return finding(
        route.forwards.written,
        f"nginx forwards to {target.value}, where nginx itself listens: {symptom}",
        label="comes back to nginx",
        because=[(listen.at, "listens there")],
        repair="write the address and the port of the application server",
    )


BAD = """
-- nginx/shop.conf --
server {
    listen 80;
    location / { proxy_pass http://127.0.0.1; }    # finding: nginx forwards to 127.0.0.1:80, where nginx itself listens
}
"""

GOOD = """
-- nginx/shop.conf --
server {
    listen 80;
    location / { proxy_pass http://127.0.0.1:8000; }
}
"""
