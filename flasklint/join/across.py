"""What deployments of one tree tell of each other, should they share a host."""

from collections.abc import Iterable, Iterator
from posixpath import normpath

from ..address import Address, overlaps
from ..deployment import Hop, Rival, Service, Stray
from ..deployment.target import is_plain
from ..value import Known
from .groups import Group


class Across:
    """Looks over all groups of a tree, each once."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self._at: dict[str, list[tuple[Group, Service]]] = {}
        self._hops: dict[int, list[Hop]] = {}  # by the service
        self._idle: list[Service] = []
        groups = list(groups)
        for group in groups:
            for hop in group.hops:
                self._hops.setdefault(id(hop.service), []).append(hop)
        for group in groups:
            services = [service for service in group.services if _is_of_host(service)]
            self._idle += services if len(services) == 1 and self._is_idle(services[0]) else []
            for service in services:
                for place in dict.fromkeys(address.path or address.port for _, address in service.known_binds):
                    self._index(place, group, service)

    def _index(self, place: str, group: Group, service: Service) -> None:
        """Keep the first service of two groups for a port or path: one is always another group's."""
        there = self._at.setdefault(place, [])
        if len(there) < 2 and all(other is not group for other, _ in there):
            there.append((group, service))

    def _is_idle(self, service: Service) -> bool:
        """Whether no nginx of the tree forwards to it, and nobody from elsewhere can ask it."""
        if id(service) in self._hops or service.sockets:
            return False
        closed = all(address.is_unix or address.is_loopback for _, address in service.known_binds)
        return service.all_binds_known and closed

    def rivals(self, group: Group) -> Iterator[Rival]:
        """Services of other groups that open an address which one of this group opens too."""
        for service in group.services:
            for _, address in service.known_binds if _is_of_host(service) else ():
                for other, rival in self._at.get(address.path or address.port, ()):
                    if other is not group and (found := _overlapping(rival, address)):
                        yield found

    def strays(self, group: Group) -> Iterator[Stray]:
        """Server blocks that hand out the files of an idle service, and forward to that of another site."""
        for hop in group.hops if self._idle else ():
            meant = [service for service in self._idle if _serves_files_of(hop, service)]
            others = (each for each in self._hops[id(hop.service)] if each.route.server is not hop.route.server)
            if len(meant) == 1 and not _serves_files_of(hop, hop.service) and any(others):
                yield Stray(hop, meant[0])


def _is_of_host(service: Service) -> bool:
    """Whether a unit starts it, once and for all."""
    return service.unit is not None and "@" not in service.unit.name and not service.for_development


def _overlapping(rival: Service, address: Address) -> Rival | None:
    for bind, its in rival.known_binds:
        if overlaps(its, address):
            return Rival(rival.name, its, bind.at or rival.runs.at)
    return None


def _serves_files_of(hop: Hop, service: Service) -> bool:
    """Whether the server block of a hop hands out files from the service's working directory."""
    directory = service.server.directory
    if not isinstance(directory, Known) or not is_plain(directory.value):
        return False
    start = f"{normpath(directory.value)}/"
    return any(
        location.files and location.files.path.value.startswith(start) for location in hop.route.server.locations
    )
