"""Server blocks of nginx as ways in: which of their locations lead a visitor's request to the application."""

from ..address import Address
from ..facts import Header, NginxLocation, NginxServer
from ..finding import Place
from ..record import Record
from ..value import Known, has_hole
from .graph import Deployment, Hop, Route
from .once import answered_once
from .service import Service

# Locations that no visitor asks for: load balancers and monitors do.
_PROBES = frozenset(
    {"health", "healthz", "healthcheck", "health-check", "health_check", "ping", "ready", "readyz", "live",
     "livez", "alive", "up", "heartbeat", "status", "metrics", "nginx_status", "stub_status"}
)  # fmt: skip
_SOCKETS = ("upgrade", "sec-websocket-key")
# What an application learns of the visitor, and what tells it as well.
_TELLING = {
    "host": ("x-forwarded-host", "forwarded"),
    "x-forwarded-for": ("forwarded",),
    "x-forwarded-proto": ("x-forwarded-protocol", "x-forwarded-ssl", "x-forwarded-scheme", "x-scheme", "forwarded"),
    "x-forwarded-host": ("host", "forwarded"),
    "x-forwarded-prefix": ("x-script-name", "forwarded"),
}


class Front(Record):
    """A server block and those of its routes that lead to the application, the main one first."""

    server: NginxServer
    routes: tuple[Route, ...]

    def silent_on(self, *names: str) -> tuple[Route, ...]:
        """The routes that surely send none of these request headers (names in lower case)."""
        return tuple(
            route
            for route in self.routes
            if route.forwards.headers.complete and route.forwards.headers.names.isdisjoint(names)
        )


@answered_once
def fronts(deployment: Deployment) -> tuple[Front, ...]:
    """Every server block that leads to the application over HTTP, those that end TLS first.

    A location that several server blocks include counts for the first of them. A configuration that
    nginx refuses has none: what it would send cannot be told.
    """
    found: list[Front] = []
    seen: set[tuple[str, int]] = set()
    servers: dict[int, list[Route]] = {}
    for route in deployment.routes:
        if not route.config.problems:
            servers.setdefault(id(route.server), []).append(route)
    hops: dict[int, list[Hop]] = {}
    for hop in deployment.hops:
        hops.setdefault(id(hop.route), []).append(hop)
    for routes in sorted(servers.values(), key=lambda routes: not routes[0].server.tls):
        leading = [one for one in routes if _place(one) not in seen and _leads_in(one, hops, deployment)]
        seen.update(map(_place, leading))
        if leading:
            found.append(Front(leading[0].server, tuple(sorted(leading, key=lambda one: not _is_main(one.location)))))
    return tuple(found)


@answered_once
def services_behind(deployment: Deployment) -> dict[int, Service]:
    """The one service that a server block forwards to, by `id()` of those that forward to just one."""
    found: dict[int, dict[int, Service]] = {}
    for hop in deployment.hops:
        found.setdefault(id(hop.route.server), {})[id(hop.service)] = hop.service
    return {server: next(iter(each.values())) for server, each in found.items() if len(each) == 1}


def tells_nothing(route: Route) -> bool:
    """Whether nginx passes on nothing of what it knows about the visitor: one fault, not several."""
    names = route.forwards.headers.names
    return not any(name in ("host", "forwarded", "x-real-ip") or "forwarded" in name for name in names)


def is_websocket(route: Route) -> bool:
    """Whether a location is there for WebSockets alone."""
    sent = route.forwards.headers
    return not _is_main(route.location) and any(sent.get(name) for name in _SOCKETS)


def dropped(route: Route, name: str) -> list[tuple[Place, str]]:
    """Where a level above sets the header, which nginx drops because the location sets others."""
    found = [header.at for header in route.forwards.headers.lost if header.name.lower() == name.lower()]
    return [(at, "not inherited: the location sets headers of its own") for at in found[-1:]]


def lost(route: Route) -> tuple[Header, ...]:
    """Headers about the visitor that a level above sets, and that nginx drops because this one sets others.

    A scheme that is http anyway is no loss.
    """
    headers = route.forwards.headers
    if not (headers.complete and headers.lost):
        return ()
    kept = headers.names
    return tuple(
        header
        for header in headers.lost
        if header.value and header.name.lower() in _TELLING
        if not kept.intersection((header.name.lower(), *_TELLING[header.name.lower()]))
        if route.server.tls or (header.name.lower(), header.value) != ("x-forwarded-proto", "$scheme")
    )


def host_sent(route: Route) -> str:
    """The `Host` that nginx sends unless told otherwise, `$proxy_host`: the name in `proxy_pass`."""
    name = route.forwards.written.value.partition("://")[2]
    return "localhost" if name.startswith("unix:") else name.partition("/")[0]


def _place(route: Route) -> tuple[str, int]:
    return route.forwards.written.at.path, route.forwards.written.at.start


def _is_main(location: NginxLocation) -> bool:
    return location.pattern == "/" or location.modifier == "@"


def _leads_in(route: Route, hops: dict[int, list[Hop]], deployment: Deployment) -> bool:
    if route.forwards.protocol not in ("http", "https") or route.location.internal or _is_probe(route.location):
        return False
    if hops:
        return any(_may_be_flask(hop.service, deployment) for hop in hops.get(id(route), ()))
    targets = [target.value for target in route.targets if isinstance(target, Known)]
    if not targets or any(_is_elsewhere(target) for target in targets):
        return False
    if deployment.taken and not deployment.whole:
        return False  # the tree holds services, and no Flask
    return not deployment.services or any(_may_be_flask(one, deployment) for one in deployment.services)


def _is_probe(location: NginxLocation) -> bool:
    return location.pattern.strip("/").rpartition("/")[2].lower() in _PROBES


def _is_elsewhere(target: Address) -> bool:
    """Whether it is a host by its domain name, or by a template variable: perhaps no part of this site."""
    if target.is_unix or target.is_loopback:
        return False
    return has_hole(target.host) or ("." in target.host and not target.host.replace(".", "").isdigit())


def _may_be_flask(service: Service, deployment: Deployment) -> bool:
    app, wanted = service.app, service.requirements
    if app and app.state == "found":
        return app.kind not in ("other", "django") or app.static_folder is not None
    return deployment.whole or not (wanted and wanted.get("django") and not wanted.get("flask"))
