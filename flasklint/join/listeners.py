"""Who listens where in a whole tree, found by port, by socket path or by name."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..address import Address, tcp
from ..deployment import Service
from ..facts import Runs

if TYPE_CHECKING:
    from .groups import Group


class Listeners:
    """An index, so that looking for the service behind an address does not ask every service."""

    def __init__(self) -> None:
        self._at: dict[str, list[tuple[Group, Service]]] = {}
        self._open: list[tuple[Group, Address]] = []  # a template variable: may be any address
        self._published: dict[str, list[tuple[Group, Address]]] = {}

    def add(self, group: "Group", service: Service) -> None:
        keys = {f"@{name}" for name in service.runs.names}
        for _, address in service.known_binds:
            keys.add(address.path or address.port)
            if address.has_hole:
                self._open.append((group, address))
        for key in keys | {address.port for address in published(service.runs)}:
            self._at.setdefault(key, []).append((group, service))

    def add_published(self, group: "Group", runs: Runs) -> None:
        """Note the ports that a container opens on the host, whatever it runs."""
        for address in published(runs):
            self._published.setdefault(address.port, []).append((group, address))

    def candidates(self, target: Address) -> list[tuple["Group", Service]]:
        """Services that may answer at an address; a target with a template variable is found by its text."""
        by_place = self._at.get(target.path or target.port, [])
        by_name = self._at.get(f"@{target.host}", []) if target.host else []
        return by_place if not by_name else [*by_place, *(one for one in by_name if one not in by_place)]

    def others(self, target: Address, group: "Group") -> Iterator[Address]:
        """Addresses like the target that other groups open, or may open."""
        for other, service in self._at.get(target.path or target.port, ()):
            if other.whole is not group:
                yield from (address for _, address in service.known_binds)
        yield from (address for other, address in self._open if other.whole is not group)
        yield from (address for other, address in self._published.get(target.port, ()) if other.whole is not group)


def published(runs: Runs) -> list[Address]:
    """The host's side of a container's published ports."""
    if not runs.publishes:
        return []
    sides = (port.value.rpartition(":")[0].rpartition(":")[2] for port in runs.publishes)
    return [tcp("0.0.0.0", side) for side in sides if side]
