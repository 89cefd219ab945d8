"""The frozen graph: who talks to whom in one deployment."""

from collections.abc import Mapping

from ..address import Address, reaches
from ..facts import (
    Bind,
    Command,
    Compose,
    Forwards,
    NginxConfig,
    NginxLocation,
    NginxServer,
    NginxUpstream,
    Problem,
    Provisioning,
    Runs,
    Unit,
)
from ..record import Record
from ..source import Source, Span
from ..value import Known, Value
from ..versions import NOTHING_TOLD, Behaviour
from .once import answered_once
from .service import Service
from .surroundings import Surroundings


class Route(Record):
    """A location of nginx that forwards, with the addresses it may reach.

    `targets` are the members of the upstream it names, else the address itself.
    """

    config: NginxConfig
    server: NginxServer
    location: NginxLocation
    forwards: Forwards
    upstream: NginxUpstream | None
    targets: tuple[Value[Address], ...]


class Hop(Record):
    """A route that arrives at a service."""

    route: Route
    service: Service
    bind: Bind
    address: Address  # the address nginx connects to


class Unserved(Record):
    """A command that makes a Flask application (`made_at`) and ends without serving it."""

    runs: Runs
    command: Command
    made_at: Span


class Stray(Record):
    """A hop to the service of another site: its server block hands out files of `meant`, which nobody asks."""

    hop: Hop
    meant: Service


class Rival(Record):
    """A service of another deployment that opens an address which one of this deployment opens too."""

    name: str
    address: Address
    at: Span


class RuleSettings(Record):
    """What rules may ask of the user's settings. `server` is the one the project has chosen, `targets` are the
    releases of programs on the target, as far as the user names them, `python_version` that of Python."""

    cores: int | None = None
    server: str = ""
    targets: Mapping[str, str] = NOTHING_TOLD
    python_version: str = ""


class Deployment(Record):
    """One deployment: what was found to belong together.

    `nginx` may be several configurations. `others` are commands that serve no web as far as can be
    told (workers, timers); those of them that may listen all the same, on an address nobody can
    tell, are `opaque` too. `units` are all units of its folders, also those of `others`.
    `containers` is True where container files lie anywhere in the tree: something may listen that
    is started from an image. `whole` is True where the input holds the application's source.
    `proxy_elsewhere` names a file that mentions another reverse proxy ("" where none does, and
    where nobody needed to know). `taken` are addresses that services of other deployments in the
    tree open. `unseen` is what was not in the input, for the summary.
    """

    name: str
    nginx: tuple[NginxConfig, ...] = ()
    services: tuple[Service, ...] = ()
    others: tuple[Runs, ...] = ()
    opaque: tuple[Runs, ...] = ()
    units: tuple[Unit, ...] = ()
    routes: tuple[Route, ...] = ()
    hops: tuple[Hop, ...] = ()
    compose: tuple[Compose, ...] = ()
    problems: tuple[Problem, ...] = ()
    windows: tuple[Known[str], ...] = ()  # Gunicorn as started by Windows scripts
    containers: bool = False
    whole: bool = False
    proxy_elsewhere: str = ""
    taken: tuple[Address, ...] = ()
    host_names: frozenset[str] = frozenset()  # every name that a compose file of the tree gives
    unseen: tuple[str, ...] = ()
    settings: RuleSettings = RuleSettings()
    folders: frozenset[str] = frozenset()  # every folder of the tree, and links that may stand for one
    unserved: tuple[Unserved, ...] = ()
    left_alone: str = ""  # why it is plainly not Flask's, and no rule about Flask is asked
    strays: tuple[Stray, ...] = ()
    rivals: tuple[Rival, ...] = ()  # on one host only one of the two can have it
    surroundings: Surroundings = Surroundings()  # what the rest of the tree says of the environment
    nginx_unit: Unit | None = None  # nginx.service of the tree, or drop-ins of it, wherever they lie
    provisioning: Provisioning = Provisioning()  # asked only where it uses unix sockets or files below a home

    def does(self, behaviour: Behaviour) -> bool | None:
        """Tell whether systemd or nginx of the target behaves so; None where its release cannot be told."""
        return behaviour.holds(None, self.settings.targets)

    @property
    def files(self) -> tuple[Source, ...]:
        """Every file that had a part in it, once."""
        found = [source for config in self.nginx for source in config.files]
        found += [source for unit in self.units for source in unit.files]
        for service in self.services:
            found += [service.runs.place.source, service.server.at.source, *service.server.files]
            found += service.app.read if service.app else ()
            found += service.requirements.files if service.requirements else ()
        found += [runs.place.source for runs in self.others]
        found += [project.source for project in self.compose]
        return tuple({id(source): source for source in found}.values())

    @property
    def sites(self) -> tuple[tuple[NginxConfig, NginxServer], ...]:
        return _sites(self)

    @property
    def locations(self) -> tuple[tuple[NginxServer, NginxLocation], ...]:
        return _locations(self)

    @property
    def dead_ends(self) -> tuple[tuple[Route, Known[Address]], ...]:
        """Targets that nobody answers, of this host or of a container by its name.

        Nothing of this host where a service or a command may listen on an address that nobody can
        tell, or where the address belongs to another deployment of the tree.
        """
        return _dead_ends(self)

    def meant_by(self, route: Route, target: Known[Address]) -> Service | None:
        """The one service that a dead end must have meant: the container it names, or the only service of
        the host that nobody forwards to."""
        named = self.container(target.value)
        if named or self.hops_of(route):
            return named
        idle = [service for service in self.services if service.on_host and not self.hops_to(service)]
        return idle[0] if len(idle) == 1 else None

    def container(self, target: Address) -> Service | None:
        """The container of that name, where all it listens on is told and nobody forwards to it.

        A bind written with a variable does not count, even with a default: the `.env` of the host may set it.
        """
        if target.is_unix:
            return None
        named = [service for service in self.services if target.host in service.runs.names]
        if len(named) != 1 or named[0].on_host or named[0].for_development:
            return None
        if any(bind.at and "$" in bind.at.text for bind in named[0].binds):
            return None
        return named[0] if named[0].all_binds_known and not self.hops_to(named[0]) else None

    def may_run_in_image(self, at: Span) -> bool:
        """Whether a line may also be in force in a container, where nobody else reaches a loopback address: it is
        no manager's of the host, and the tree has files of containers."""
        of_host = (unit.files for unit in self.units)
        return self.containers and not any(at.source is file for files in of_host for file in files)

    def may_be_meant_for(self, service: Service) -> bool:
        """Whether some route may arrive at the service though nobody can tell: a variable, a template."""
        return any(
            not isinstance(target, Known)
            or any(reaches(target.value, address) is not False for _, address in service.known_binds)
            for route in self.routes
            for target in route.targets
        )

    def hops_to(self, service: Service) -> tuple[Hop, ...]:
        return tuple([hop for hop in self.hops if hop.service is service])

    def hops_of(self, route: Route) -> tuple[Hop, ...]:
        return tuple([hop for hop in self.hops if hop.route is route])

    def of_kind(self, *kinds: str) -> tuple[Service, ...]:
        return tuple([service for service in self.services if service.server.kind in kinds])

    @property
    def web_units(self) -> tuple[tuple[Service, Unit], ...]:
        """Services that the system's systemd keeps running, with their units."""
        return _web_units(self)


@answered_once
def _sites(deployment: Deployment) -> tuple[tuple[NginxConfig, NginxServer], ...]:
    return tuple([(config, server) for config in deployment.nginx for server in config.servers])


@answered_once
def _locations(deployment: Deployment) -> tuple[tuple[NginxServer, NginxLocation], ...]:
    return tuple([(server, location) for _, server in deployment.sites for location in server.locations])


@answered_once
def _web_units(deployment: Deployment) -> tuple[tuple[Service, Unit], ...]:
    kept = [(service, service.unit) for service in deployment.services]
    return tuple(
        (service, unit)
        for service, unit in kept
        if unit and unit.scope == "system" and not unit.partial and not unit.is_oneshot
    )


@answered_once
def _dead_ends(deployment: Deployment) -> tuple[tuple[Route, Known[Address]], ...]:
    hopped = {(id(hop.route), hop.address) for hop in deployment.hops}
    open_ends = [
        (route, target)
        for route in deployment.routes
        for target in route.targets
        if isinstance(target, Known) and (id(route), target.value) not in hopped and not target.value.has_hole
    ]
    if not open_ends:
        return ()
    told = not deployment.opaque and all(service.all_binds_known for service in deployment.services)
    return tuple((route, target) for route, target in open_ends if _is_missed(target.value, told, deployment))


def _is_missed(target: Address, told: bool, deployment: Deployment) -> bool:
    if is_no_socket(target):
        return False  # told by malformed-unix-upstream
    if _is_local(target):
        return told and not _is_taken(target, deployment)
    return deployment.container(target) is not None


def is_no_socket(target: Address) -> bool:
    """Whether nginx takes a socket's path that can be no socket's: relative, or with a `/`, a `:` or an assignment
    that was meant otherwise. (With a URI part `proxy_pass` ends the path at a colon, an upstream's `server` never.)
    """
    path = target.path
    odd = not path.startswith("/") or path.endswith(("/", ":")) or ":/" in path or "=/" in path
    return target.is_unix and odd and not target.has_hole and "$" not in path


def _is_local(target: Address) -> bool:
    return target.is_unix or target.is_loopback or target.is_wildcard


def _is_taken(target: Address, deployment: Deployment) -> bool:
    """Whether something else answers there: another deployment of the tree, or nginx itself."""
    listens = [listen.address for _, server in deployment.sites for listen in server.listens]
    return any(reaches(target, address) is not False for address in (*deployment.taken, *listens))
