"""The prefix below which an application is reached, and what is left of it when a request arrives."""

from collections.abc import Iterator
from typing import Literal

from ..record import Record
from ..value import Known, has_hole
from .graph import Deployment, Hop
from .providers import in_force
from .service import Service


class Missed(Record):
    """A hop whose requests reach Gunicorn without the prefix that SCRIPT_NAME tells it to take off their paths.

    `seen` is the path of a request for the location itself. `which`: "all" that the location forwards, or those
    "outside" of the prefix, where nginx forwards everything as it is.
    """

    hop: Hop
    prefix: Known[str]
    seen: str
    which: Literal["all", "outside"]


def missed(service: Service, deployment: Deployment) -> Iterator[Missed]:
    """The hops to a service that surely miss its SCRIPT_NAME."""
    variable = in_force("SCRIPT_NAME", service) if service.kind == "gunicorn" else None
    prefix = variable.value if variable else None
    if not isinstance(prefix, Known) or has_hole(prefix.value) or "$" in prefix.value or not prefix.value.strip("/"):
        return
    for hop in filter(_is_plain, deployment.hops_to(service)):
        asked, uri = hop.route.location.pattern, hop.route.forwards.uri
        seen = asked if uri is None else uri
        if seen.startswith(prefix.value):
            continue
        if asked != seen or not prefix.value.startswith(asked):
            yield Missed(hop, prefix, seen, "all")
        elif _is_first(hop):
            yield Missed(hop, prefix, seen, "outside")


def _is_plain(hop: Hop) -> bool:
    """Whether the path that arrives is told by the location and `proxy_pass`, and no header sets another prefix."""
    location, forwards = hop.route.location, hop.route.forwards
    told = location.modifier in ("", "^~", "=") and not forwards.condition and not location.internal
    changed = "rewrite" in location.at.source.text or "$" in (forwards.uri or "") or "$" in forwards.written.value
    return told and not changed and forwards.headers.complete and not forwards.headers.get("SCRIPT_NAME")


def _is_first(hop: Hop) -> bool:
    """Whether visitors ask this site themselves, and nginx does not answer who asks for its root."""
    ports = {listen.address.port for listen in hop.route.server.listens}
    exact = any(one.modifier == "=" and one.pattern == hop.route.location.pattern for one in hop.route.server.locations)
    return not exact and bool(ports & {"80", "443"})
