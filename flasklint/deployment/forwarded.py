"""What of a visitor's address, scheme and host gets through Waitress to the application.

Waitress lets the `X-Forwarded-*` headers of `trusted_proxy` through that `trusted_proxy_headers` lists, and puts
them into the WSGI environment itself. Release 3 takes those of everybody else away
(waitress/proxy_headers.py; `clear_untrusted_proxy_headers`), so that ProxyFix has nothing to read.
"""

from collections.abc import Sequence

from ..facts import Header
from ..finding import Edit
from ..value import Known, Unknown, has_hole
from ..versions import CLEARS_FORWARDED_HEADERS
from .graph import Deployment, Hop
from .service import Service

# What Waitress can be told to trust, and the argument of ProxyFix that reads it.
READ_BY = {
    "x-forwarded-for": "x_for",
    "x-forwarded-proto": "x_proto",
    "x-forwarded-host": "x_host",
    "x-forwarded-port": "x_port",
}


def clears(service: Service) -> bool | None:
    """Tell whether Waitress takes away what it does not trust; None where its release cannot be told."""
    written = service.setting("clear_untrusted_proxy_headers")
    if isinstance(written, Known):
        return bool(written.value)
    if isinstance(written, Unknown) and written.at is not None:
        return None
    return service.does(CLEARS_FORWARDED_HEADERS)


def trusted_proxy(service: Service) -> Known[str] | None:
    """The proxy that Waitress is told to trust, where that is written out."""
    value = service.setting("trusted_proxy")
    if service.kind != "waitress" or not isinstance(value, Known) or not value.value or has_hole(str(value.value)):
        return None
    return Known(str(value.value), value.at)


def misses_visitors(service: Service) -> bool:
    """Tell whether the application learns nothing of its visitors where Waitress trusts no proxy.

    Otherwise its own ProxyFix may read what an older Waitress lets through.
    """
    app = service.app
    without = app is not None and app.state == "found" and app.kind == "flask" and app.proxy_fix is None
    return clears(service) is True or without


def sent(deployment: Deployment, service: Service) -> dict[str, Header]:
    """The headers of `READ_BY` that nginx sends to a service on every way to it, in lower case."""
    ways = [
        {header.name.lower(): header for header in hop.route.forwards.headers.sent if header.value.strip("\"' ")}
        for hop in _ways(deployment, service)
    ]
    return {name: ways[0][name] for name in READ_BY if ways and all(name in way for way in ways)}


def peer(deployment: Deployment, service: Service) -> str:
    """What Waitress takes for the address of nginx (`REMOTE_ADDR`), "" where that cannot be told.

    On a unix socket it is the word `localhost` (waitress/server.py).
    """
    addresses = {hop.address for hop in _ways(deployment, service)}
    peers = {
        "localhost" if address.is_unix else "127.0.0.1" if address.host.startswith("127.") else ""
        for address in addresses
        if service.on_host
    }
    return peers.pop() if len(peers) == 1 else ""


def trust(service: Service, proxy: str, headers: Sequence[str]) -> Edit | None:
    """The edit that makes Waitress trust `headers` of a proxy; None where it cannot be made exactly.

    With `proxy` empty one is trusted already, and only the headers are added.
    """
    from ..edits import add_words

    spec, names = service.server.spec, " ".join(headers)
    if not isinstance(spec, Known) or not headers:
        return None
    if service.server.in_code:
        first = f", trusted_proxy={proxy!r}" if proxy else ""
        end = spec.at.source.span(spec.at.end, spec.at.end)
        return Edit(end, f"{first}, trusted_proxy_headers={names!r}") if spec.at.text.isidentifier() else None
    if service.command.through_shell and not (service.runs.shell or service.command.script):
        return None  # within the quotes of `sh -c`
    first = f"--trusted-proxy={proxy} " if proxy else ""
    return add_words(service.command.words, spec, f'{first}--trusted-proxy-headers="{names}"')


def _ways(deployment: Deployment, service: Service) -> tuple[Hop, ...]:
    return tuple(hop for hop in deployment.hops_to(service) if hop.route.forwards.protocol in ("http", "https"))
