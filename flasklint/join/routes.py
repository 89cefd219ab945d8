"""Where nginx forwards, and which service answers there."""

from collections.abc import Iterator

from ..address import Address, reaches, tcp
from ..deployment import Hop, Route, Service
from ..facts import Bind, Forwards, NginxConfig, NginxUpstream
from ..value import Unknown, Value


def routes_of(config: NginxConfig) -> tuple[Route, ...]:
    """Every forwarding location of a configuration with the addresses it may reach."""
    upstreams = {upstream.name.value: upstream for upstream in config.upstreams}
    return tuple(
        Route(config, server, location, location.forwards, upstream, targets)
        for server in config.servers
        for location in server.locations
        if location.forwards
        for upstream, targets in [_targets(location.forwards, upstreams)]
    )


def _targets(
    forwards: Forwards, upstreams: dict[str, NginxUpstream]
) -> tuple[NginxUpstream | None, tuple[Value[Address], ...]]:
    if not isinstance(forwards.target, Unknown):
        upstream = upstreams.get(forwards.target.value.host)
        if upstream and not forwards.target.value.path:
            return upstream, upstream.servers
    return None, (forwards.target,)


def hops_between(route: Route, service: Service) -> Iterator[Hop]:
    """The ways in which a route arrives at a service."""
    for target in route.targets:
        if isinstance(target, Unknown):
            continue
        for bind in service.binds:
            if _arrives(target.value, bind, service):
                yield Hop(route, service, bind, target.value)
                break


def _arrives(target: Address, bind: Bind, service: Service) -> bool:
    if service.runs.container:
        return _arrives_in_container(target, bind, service)
    return not isinstance(bind.address, Unknown) and bool(reaches(target, bind.address.value))


def _arrives_in_container(target: Address, bind: Bind, service: Service) -> bool:
    """By a name of its network, through a published port, or from inside the container itself."""
    for published in service.runs.publishes:
        host_side, _, inside = published.value.rpartition(":")
        if host_side and target.is_loopback and target.port == host_side.rpartition(":")[2]:
            return isinstance(bind.address, Unknown) or bind.address.value.port == inside.partition("/")[0]
    if isinstance(bind.address, Unknown):
        return target.host in service.runs.names
    if target.host in service.runs.names:  # the container's own address: nothing on its loopback answers
        bound = bind.address.value
        return not (bound.is_unix or bound.is_loopback) and bool(reaches(tcp("0.0.0.0", target.port), bound))
    if target.is_name:
        return False  # somebody else's name
    return bool(reaches(target, bind.address.value)) and service.runs.manager == "compose"
