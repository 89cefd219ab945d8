"""A deployment as a map: who hands a visitor's request to whom, and where it does not arrive.

Columns from left to right: server blocks of nginx, locations that forward, addresses, services, applications.
"""

from collections.abc import Iterable, Iterator

from ..address import Address
from ..deployment import Deployment, Route, Service
from ..facts import NginxServer
from ..finding import Finding, Severity
from ..record import Record
from ..source import Source, Span
from ..value import Known, Unknown, Value
from ._places import Group, places

COLUMNS = ("nginx", "location", "address", "service", "application")
SERVER, LOCATION, ADDRESS, SERVICE, APPLICATION = range(5)
MOST = 30  # nodes of a column; the others are left out, and counted
BREAKS_A_HOP = frozenset({"upstream", "sockets"})  # groups of rules
BREAKS_AN_APP = frozenset({"import-path"})


class Node(Record):
    """Something on the way. `spans` are its places, `sources` files that are all about it."""

    key: str
    column: int
    title: str
    detail: str
    spans: tuple[Span, ...] = ()
    sources: tuple[Source, ...] = ()


class Edge(Record):
    """A request that goes from one node to the next; `broken` where it does not arrive."""

    start: str
    end: str
    broken: bool = False


class Graph(Record):
    """`left_out` is the number of nodes that are too many to be drawn."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: int = 0

    def touched(self, node: Node, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield the findings that speak of a node."""
        return (one for one in findings if any(self._is_of(node, span) for span in places(one)))

    def _is_of(self, node: Node, span: Span) -> bool:
        if any(speaks_of(span, own) for own in node.spans):
            return True
        return any(source is span.source for source in node.sources) and not any(
            speaks_of(span, own) for other in self.nodes if other is not node for own in other.spans
        )


def graph(group: Group) -> Graph:
    """Draw the map of a deployment; empty where it has no two nodes."""
    if group.deployment is None:
        return Graph((), ())
    builder = _Builder(group.deployment)
    builder.build()
    nodes = [node for column in range(len(COLUMNS)) for node in builder.column(column)[:MOST]]
    kept = {node.key for node in nodes}
    edges = [Edge(*ends) for ends in builder.edges if kept.issuperset(ends)]
    drawn = Graph(tuple(nodes), tuple(edges), len(builder.nodes) - len(nodes))
    return drawn._replace(edges=tuple(_judged(drawn, group)))


class _Builder:
    """Collects nodes by key and edges, each once, in the order of the files."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.nodes: dict[str, Node] = {}
        self.edges: dict[tuple[str, str], None] = {}

    def column(self, number: int) -> list[Node]:
        return [node for node in self.nodes.values() if node.column == number]

    def build(self) -> None:
        for route in self.deployment.routes:
            self._route(route)
        for _, server in self.deployment.sites:
            self.add(_server(server))
        for service in self.deployment.services:
            self._service(service)
        for hop in self.deployment.hops:
            self.link(f"address {hop.address}", _key(hop.service))
        for route, target in self.deployment.dead_ends:
            meant = self.deployment.meant_by(route, target)
            if meant:
                self.link(f"address {target.value}", _key(meant))

    def add(self, node: Node) -> str:
        known = self.nodes.setdefault(node.key, node)
        if known is not node:
            self.nodes[node.key] = known._replace(spans=tuple(dict.fromkeys((*known.spans, *node.spans))))
        return node.key

    def link(self, start: str, end: str) -> None:
        if start in self.nodes and end in self.nodes:
            self.edges[start, end] = None

    def _route(self, route: Route) -> None:
        server = self.add(_server(route.server))
        location = route.location
        own = location.modifier == "server"
        written = "every request" if own else f"{location.modifier} {location.pattern}".strip()
        at = location.at
        here = Node(
            f"location {at.path} {at.start}", LOCATION, written, f"{at.path.rpartition('/')[2]}:{at.line}", (at,)
        )
        self.link(server, self.add(here))
        for target in route.targets:
            self.link(here.key, self.add(_target(route, target)))

    def _service(self, service: Service) -> None:
        unit = service.unit
        files = (service.runs.place.source, *service.server.files, *(unit.files if unit else ()))
        here = Node(_key(service), SERVICE, service.name, f"{service.kind}, {service.runs.manager}", (), files)
        self.add(here)
        hopped = [hop.bind for hop in self.deployment.hops_to(service)]
        for bind, address in service.known_binds:
            at = (bind.at,) if bind.at else ()
            if bind in hopped:
                self.nodes[here.key] = self.nodes[here.key]._replace(spans=at)
            else:
                self.link(self.add(_address(address, "", at)), here.key)
        self.link(here.key, self.add(_application(service)))


def _server(server: NginxServer) -> Node:
    first, more = (server.names[0].value, len(server.names) - 1) if server.names else ("server", 0)
    listens = ", ".join(f":{listen.address.port}{' tls' if listen.tls else ''}" for listen in server.listens)
    spans = (server.at, *(name.at for name in server.names), *(listen.at for listen in server.listens))
    return Node(
        f"server {server.at.path} {server.at.start}", SERVER, f"{first} +{more}" if more else first, listens, spans
    )


def _target(route: Route, target: Value[Address]) -> Node:
    upstream = f"upstream {route.upstream.name.value}" if route.upstream else ""
    at = route.forwards.written.at
    if isinstance(target, Unknown):
        return Node(f"unknown {at.path} {at.start}", ADDRESS, route.forwards.written.value, "cannot be told", (at,))
    spans = (target.at, at) if isinstance(target, Known) else (at,)
    return _address(target.value, upstream, spans)


def _address(address: Address, detail: str, spans: tuple[Span, ...]) -> Node:
    return Node(f"address {address}", ADDRESS, str(address).removeprefix("unix:"), detail or _sort(address), spans)


def _sort(address: Address) -> str:
    return "unix socket" if address.is_unix else "every interface" if address.is_wildcard else ""


def _application(service: Service) -> Node:
    spec = service.server.spec
    files = service.app.read if service.app else ()
    key = f"application {_key(service)}"
    if isinstance(spec, Unknown):
        return Node(key, APPLICATION, service.module or "application", "cannot be told", (), files)
    spans = (spec.at,) if isinstance(spec, Known) else ()
    return Node(key, APPLICATION, spec.value, service.module or "", spans, files)


def _key(service: Service) -> str:
    return f"service {service.runs.at.path} {service.runs.at.start}"


# ---------------------------------------------------------------------------------------- what is broken


def _judged(drawn: Graph, group: Group) -> Iterator[Edge]:
    """Mark the edges of which an error says that nothing gets through."""
    nodes = {node.key: node for node in drawn.nodes}
    asked = {edge.end for edge in drawn.edges}  # an address that nginx does not ask breaks nothing
    errors = [finding for finding in group.findings if finding.level is Severity.ERROR]
    group_of = _groups_of(errors)
    for edge in drawn.edges:
        start, end = nodes[edge.start], nodes[edge.end]
        if start.column == ADDRESS and start.key in asked:
            told = [one for one in drawn.touched(start, errors) if _is_about(end, one)]
            yield edge._replace(broken=any(group_of.get(one.rule) in BREAKS_A_HOP for one in told))
        elif end.column == APPLICATION:
            told = list(drawn.touched(end, errors))
            yield edge._replace(broken=any(group_of.get(one.rule) in BREAKS_AN_APP for one in told))
        else:
            yield edge


def _is_about(node: Node, finding: Finding) -> bool:
    return any(span.source is source for span in places(finding) for source in node.sources)


def _groups_of(findings: Iterable[Finding]) -> dict[str, str]:
    """Return the group of each rule that found something."""
    from .. import rule as rules

    known = set(rules.names())
    return {name: rules.get(name).group for name in {finding.rule for finding in findings} & known}


def is_main(node: Node, finding: Finding) -> bool:
    """Tell whether the primary place of a finding lies in a node, rather than one that explains it."""
    at = finding.at
    return any(speaks_of(at, own) for own in node.spans) or any(source is at.source for source in node.sources)


def speaks_of(span: Span, own: Span) -> bool:
    """Tell whether a place is meant for what is written at another: one of a whole command is not for each word."""
    shared = min(span.end, own.end) - max(span.start, own.start)
    return span.source is own.source and shared > 0 and 2 * shared >= span.end - span.start
