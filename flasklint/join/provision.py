"""What a tree does to its host, read only where somebody has to know."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from ..deployment import Service
from ..facts import NginxServer, Provisioning, Runs, Unit
from ..facts.provisioning import ANY
from ..read.systemd import expand
from ..tree import Tree
from ..value import Known, has_hole
from .groups import Group

_HOMES = ("/home/", "/root/")
_RUN = ("/run/", "/var/run/")


class Host:
    """The host that the deployments of one tree share."""

    def __init__(self, tree: Tree, units: Iterable[Unit]) -> None:
        self._tree = tree
        self._units = tuple(units)

    def seen_by(self, group: Group) -> Provisioning:
        """What is done to the host, for a deployment whose rules may ask."""
        return self._provisioning if _may_ask(group) else Provisioning()

    @cached_property
    def _provisioning(self) -> Provisioning:
        from ..read.provisioning import read

        found = read(self._tree)
        return found._replace(
            at_boot=found.at_boot.union(*(runtime_folders(unit) for unit in self._units)),
            unit_names=found.unit_names.union(unit.name for unit in self._units),
        )


def runtime_folders(unit: Unit) -> Iterator[str]:
    """The folders below /run that a unit's `RuntimeDirectory=` makes, with those above them; `ANY` where untold."""
    for entry in unit.all("Service", "RuntimeDirectory"):
        for word in expand(unit.name, entry.value, unit.scope).split():
            path = f"/run/{word.partition(':')[0].rstrip('/')}"
            if has_hole(word):
                yield ANY
            while path != "/run":
                yield path
                path = path.rpartition("/")[0]


def _may_ask(group: Group) -> bool:
    """Whether it has unix sockets, files in /run, or files below a home that nginx reads or a service starts from."""
    return (
        any(unit.kind == "socket" for unit in group.units)
        or any(map(_uses_run, group.services))
        or any(_starts_at_home(joined.runs) for joined in group.joined)
        or any(_serves_a_home(server) for config in group.configs for server in config.servers)
    )


def _uses_run(service: Service) -> bool:
    if any(address.path for _, address in service.known_binds):
        return True
    files = (service.setting(name) for name in ("pidfile", "errorlog", "accesslog"))
    return any(isinstance(file, Known) and str(file.value).startswith(_RUN) for file in files)


def _starts_at_home(runs: Runs) -> bool:
    if isinstance(runs.directory, Known) and f"{runs.directory.value}/".startswith(_HOMES):
        return True
    return bool(runs.words) and runs.words[0].text.startswith(_HOMES)


def _serves_a_home(server: NginxServer) -> bool:
    return any(one.files and one.files.path.value.startswith(_HOMES) for one in server.locations)
