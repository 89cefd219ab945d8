"""Which server answers, chosen from the facts as nginx chooses, and which path it compares."""

import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from flasklint.facts import NginxConfig, NginxLocation, NginxServer
from flasklint.value import Known


class Site(NamedTuple):
    config: NginxConfig
    server: NginxServer
    folder: str
    port: int

    @property
    def locations(self) -> tuple[NginxLocation, ...]:
        return self.server.locations[1:]

    def upstream(self, name: str) -> frozenset[str] | None:
        for each in self.config.upstreams:
            if each.name.value == name:
                return frozenset(str(server.value) for server in each.servers if isinstance(server, Known))
        return None


# ------------------------------------------------------------------------------------------ servers


def choose_server(config: NginxConfig, port: int, host: str) -> NginxServer:
    """The server that answers for 127.0.0.1:port and a Host."""
    listening = [
        (server, listen) for server in config.servers for listen in server.listens if listen.address.port == str(port)
    ]
    exact = [each for each in listening if each[1].address.host in ("127.0.0.1", "localhost")]
    group = exact or listening
    host = host.partition(":")[0].lower()
    named = [(server, name.value.lower()) for server, _ in group for name in server.names]
    for matches in (_exactly, _wildcard_before, _wildcard_behind, _regex):
        found = [(len(name.strip("*")), server) for server, name in named if matches(name, host)]
        if found:
            longest = (
                max(length for length, _ in found) if matches in (_wildcard_before, _wildcard_behind) else found[0][0]
            )
            return next(server for length, server in found if length == longest)
    return next((server for server, listen in group if listen.default), group[0][0])


def _exactly(name: str, host: str) -> bool:
    return name == host or (name.startswith(".") and name[1:] == host)


def _wildcard_before(name: str, host: str) -> bool:
    return name.startswith(("*.", ".")) and host.endswith(name.lstrip("*")) and host != name.lstrip("*")


def _wildcard_behind(name: str, host: str) -> bool:
    return name.endswith(".*") and host.startswith(name[:-1])


def _regex(name: str, host: str) -> bool:
    return name.startswith("~") and re.search(name[1:], host) is not None


# ---------------------------------------------------------------------------------------- locations


def normal_path(raw: str) -> str | None:
    """Decode and resolve a request path; None where nginx answers 400."""
    path = unquote_to_bytes(raw).decode("latin-1")
    path = re.sub("/+", "/", path)
    parts: list[str] = []
    for part in path.split("/")[1:]:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    last = path.rpartition("/")[2]
    return "/" + "/".join(parts) + ("/" if last in (".", "..") and parts else "")


def adds_slash(site: Site, path: str) -> NginxLocation | None:
    """The location with proxy_pass to which nginx redirects a request that lacks only the last slash."""
    plain = [each for each in site.locations if each.modifier in ("", "=", "^~")]
    if any(each.pattern == path for each in plain):
        return None
    return next((each for each in plain if each.forwards and each.pattern == path + "/"), None)
