"""Socket activation: which sockets a server is handed, and what it then ignores."""

from collections.abc import Iterator

from ..address import Address, reaches
from ..facts import Bind, Unit
from ..record import Record
from ..source import Span
from ..value import Known, has_hole
from .graph import Deployment
from .once import answered_once
from .providers import is_named
from .service import Service

_PULLS = ("Requires", "Wants", "BindsTo", "Requisite")
_NEEDS = ("Requires", "BindsTo", "Requisite")
# Socket units that packages of the distributions bring, beside those called systemd-*.
_OF_THE_HOST = frozenset(
    {"docker.socket", "podman.socket", "dbus.socket", "syslog.socket", "uuidd.socket", "snapd.socket", "cups.socket",
     "avahi-daemon.socket", "libvirtd.socket", "pcscd.socket", "rpcbind.socket", "lxd.socket", "nscd.socket"}
)  # fmt: skip


def pulls_in(service: Unit, socket: Unit) -> bool:
    """Whether starting the service starts the socket unit first."""
    named = [entry.value for entry in service.all("Service", "Sockets")]
    named += [entry.value for key in _PULLS for entry in service.all("Unit", key)]
    return any(socket.name in value.split() for value in named)


def is_activated(service: Service) -> bool:
    """Whether a server surely gets its sockets from systemd: dash forks, and the descriptors are not for the child."""
    unit = service.unit
    if unit is None or not service.sockets or service.kind != "gunicorn" or service.command.through_shell:
        return False
    return all(pulls_in(unit, socket) or socket.all("Install", "WantedBy") for socket in service.sockets)


def ignored_bind(service: Service, target: Address) -> Bind | None:
    """The bind of its own at which nginx would have reached the server."""
    for bind in service.passed_over:
        value = getattr(bind.address, "value", None)
        if isinstance(value, Address) and reaches(target, value):
            return bind
    return None


class Estranged(Record):
    """A service and a socket unit that belong together and do not name each other.

    `at` is the name that no unit bears, or the heading of the socket unit where none is written; `missing` is that
    name, `meant` the unit's that it should be.
    """

    service: Service
    socket: Unit
    at: Span
    missing: str
    meant: str

    def is_for(self, target: Address) -> bool:
        """Whether nginx connects to what the socket unit is to listen on."""
        listens = {entry.value for entry in self.socket.all("Socket", "ListenStream")}
        return bool(listens & ({target.path} if target.is_unix else {str(target), target.port}))


@answered_once
def estranged(deployment: Deployment) -> tuple[Estranged, ...]:
    """Pairs of which one names a unit that is nowhere in the tree, nor in a script of it."""
    sockets = [unit for unit in deployment.units if unit.kind == "socket" and not unit.partial]
    if not sockets:
        return ()
    pairs = [_estranged(service, unit, sockets, deployment) for service, unit in deployment.web_units]
    return tuple(pair for pair in pairs if pair)


def _estranged(service: Service, unit: Unit, sockets: list[Unit], deployment: Deployment) -> Estranged | None:
    near = [socket for socket in sockets if _folder(socket) == _folder(unit)]
    found = next(_missing_socket(service, unit, near, deployment), None)
    return found or next(_missing_service(service, unit, near, deployment), None)


def _missing_socket(service: Service, unit: Unit, near: list[Unit], deployment: Deployment) -> Iterator[Estranged]:
    """`Requires=x.socket`, and the socket unit has another name."""
    named = any(pulls_in(unit, socket) for socket in near)  # then another one was not meant to be this
    for entry in (*unit.all("Service", "Sockets"), *(e for key in _PULLS for e in unit.all("Unit", key))):
        for name in entry.value.split():
            if name.endswith(".socket") and _is_nowhere(name, deployment) and len(near) == 1 and not named:
                start = entry.at.text.find(name)
                at = entry.at.part(start, start + len(name)) if start >= 0 else entry.at
                yield Estranged(service, near[0], at, name, near[0].name)


def unaccompanied(deployment: Deployment) -> Iterator[tuple[Unit, Known[str]]]:
    """Services that cannot start without a socket unit of their own name, of which nothing else in the tree speaks."""
    for _, unit in deployment.web_units:
        name = f"{unit.name.removesuffix('.service')}.socket"
        for entry in unit.entries:
            if entry.key not in _NEEDS or entry.section != "Unit" or name not in entry.value.split():
                continue
            start = entry.at.text.find(name)
            if start >= 0 and _is_nowhere(name, deployment):
                files = tuple(source.path for source in deployment.files)
                if not is_named(name, deployment, but=files):
                    yield unit, Known(name, entry.at.part(start, start + len(name)))


def _missing_service(service: Service, unit: Unit, near: list[Unit], deployment: Deployment) -> Iterator[Estranged]:
    """A socket unit for a service of another name, which the service or nginx counts on."""
    for socket in near:
        named = socket.last("Socket", "Service")
        name = named.value if named else f"{socket.name.removesuffix('.socket')}.service"
        accept = socket.last("Socket", "Accept")
        alone = not service.sockets and service.kind == "gunicorn" and not (accept and accept.value in ("yes", "true"))
        others = [one for one in deployment.services if one.unit and _folder(one.unit) == _folder(unit)]
        wanted = pulls_in(unit, socket) or any(socket.name in e.value.split() for e in unit.all("Unit", "After"))
        if alone and wanted and len(others) == 1 and _is_nowhere(name, deployment):
            yield Estranged(service, socket, named.at if named else socket.at, name, unit.name)


def _is_nowhere(name: str, deployment: Deployment) -> bool:
    known = deployment.provisioning
    plain = "@" not in name and "%" not in name and not has_hole(name)
    of_host = name in _OF_THE_HOST or name.startswith("systemd-")
    return known.complete and plain and not of_host and name not in known.unit_names


def _folder(unit: Unit) -> str:
    return unit.source.path.rpartition("/")[0]


def is_passed_by(deployment: Deployment, service: Service | None, target: Address) -> bool:
    """Whether nobody listens at an address because of a socket unit, which rules about socket units tell: the
    server ignores its own bind there, or the socket unit and its service do not name each other."""
    ignored = service is not None and ignored_bind(service, target) is not None
    return ignored or any(pair.is_for(target) for pair in estranged(deployment))
