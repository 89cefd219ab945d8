"""The life of a socket file: who makes it, where it lies, whose it is and who may write to it.

Gunicorn makes its sockets with 0777 less its own `umask` setting (0), whatever `UMask=` says; Waitress
with `unix_socket_perms` (600); uWSGI with 0777 less the umask of the process (755) unless `chmod-socket`
says otherwise; systemd with `SocketMode=` (0666) for root. Observed with Gunicorn 20 to 27, Waitress 2.1
and 3.0, uWSGI 2.0.31 and systemd 252.
"""

from collections.abc import Iterator

from ..facts import Bind, Entry, Provisioning, Unit
from ..facts.provisioning import ANY
from ..record import Record
from ..source import Span
from ..value import Default, Known, Unknown, has_hole
from .graph import Deployment, Hop
from .once import answered_once
from .sandbox import sandbox_of
from .service import Service

_CHANGE_USER = frozenset({"sudo", "su", "runuser", "gosu", "su-exec", "setuidgid", "chpst", "doas", "setpriv"})
_GIVE_TMP = ("PrivateTmp", "DynamicUser")
_TMP = ("/tmp/", "/var/tmp/")  # noqa: S108 - looked for; nothing is written there


class SocketFile(Record):
    """A unix socket that a service listens on. `path` is absolute; `unit` is the socket unit that makes it,
    None where the server does so itself."""

    service: Service
    bind: Bind
    path: str
    at: Span
    unit: Unit | None

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0] or "/"

    @property
    def in_tmp(self) -> bool:
        return self.path.startswith(_TMP)


class Ownership(Record):
    """Whose a socket file is. `users` and `groups` are all that may be meant; `mode_at` is where its mode is
    written, None for a default."""

    users: frozenset[str]
    groups: frozenset[str]
    mode: int
    mode_at: Span | None


def real_path(path: str) -> str:
    """Return a path with the link /var/run followed."""
    return path.removeprefix("/var") if path.startswith("/var/run/") else path


@answered_once
def socket_files(service: Service) -> tuple[SocketFile, ...]:
    """The sockets that a service of the host listens on, where their paths are told."""
    return tuple(_socket_files(service)) if service.on_host else ()


def _socket_files(service: Service) -> Iterator[SocketFile]:
    for bind, address in service.known_binds:
        if address.is_unix and address.path.startswith("/") and not address.has_hole:
            units = (unit for unit in service.sockets if bind.at and bind.at.source in unit.files)
            yield SocketFile(service, bind, real_path(address.path), bind.at or service.runs.at, next(units, None))


def hops_through(socket: SocketFile, deployment: Deployment) -> tuple[Hop, ...]:
    """The ways of nginx into a service that go through a socket."""
    return tuple(hop for hop in deployment.hops_to(socket.service) if hop.bind is socket.bind)


class PrivateTmp(Record):
    """What puts a socket in /tmp out of nginx's sight: `said`, of the server's unit or (`of_nginx`) of nginx's."""

    said: Entry
    of_nginx: bool


def private_tmp(socket: SocketFile, deployment: Deployment) -> PrivateTmp | None:
    """Why the server and nginx do not see the same file at a path in /tmp; None where they do, or may."""
    nginx, server = deployment.nginx_unit, socket.service.unit if socket.unit is None else None
    units = [(unit, unit is nginx) for unit in (server, nginx) if unit]
    if not socket.in_tmp or any(unit.all("Unit", "JoinsNamespaceOf") for unit, _ in units):
        return None
    # `told`: a drop-in will do, as lines that nobody sees hardly show the common /tmp again.
    hidden = ((sandbox_of(unit)._replace(told=True).hides(socket.path), of_nginx) for unit, of_nginx in units)
    found = ((mount.said, of_nginx) for mount, of_nginx in hidden if mount and mount.said.key in _GIVE_TMP)
    return next((PrivateTmp(*each) for each in found), None)


def denied_families(unit: Unit) -> tuple[Entry, bool] | None:
    """What keeps a service from making unix sockets: the line, and whether AF_UNIX is on a list of what is
    forbidden. None where they are allowed; systemd.exec(5), `RestrictAddressFamilies=`."""
    entries = unit.all("Service", "RestrictAddressFamilies")
    if not entries:
        return None
    forbids = entries[0].value.startswith("~")
    listed: set[str] = set()
    named = entries[-1]
    for entry in entries:
        words = set(entry.value.removeprefix("~").split())
        if "AF_UNIX" in words:
            named = entry
        listed = listed | words if entry.value.startswith("~") == forbids else listed - words
    if any("{" in word or "$" in word or "%" in word for word in listed):
        return None
    return (named, forbids) if ("AF_UNIX" in listed) == forbids else None


def owner_at_bind(service: Service) -> Known[str] | None:
    """The user other than root whom a server makes its sockets as; None where it is root or cannot be told."""
    user = service.runs.user
    if not isinstance(user, Known) or user.value in ("", "root", "0") or has_hole(user.value):
        return None
    return None if _CHANGE_USER & set(service.command.through) else user


def ownership(socket: SocketFile, provisioning: Provisioning) -> Ownership | None:
    """Whose the file is once it is made; None where that cannot be told."""
    if socket.unit is not None:
        return _of_unit(socket.unit)
    found = _mode(socket.service)
    users = _users(socket.service)
    if found is None or users is None:
        return None
    groups = _groups(socket.service, users, provisioning)
    return Ownership(users, groups, *found) if groups is not None else None


def _of_unit(unit: Unit) -> Ownership | None:
    mode, user, group = (unit.last("Socket", f"Socket{what}") for what in ("Mode", "User", "Group"))
    owner = user.value if user else "root"
    try:
        bits = int(mode.value, 8) if mode else 0o666
    except ValueError:
        return None
    names = (owner, group.value if group else owner)
    if unit.partial or any(map(has_hole, names)):
        return None
    return Ownership(frozenset(names[:1]), frozenset(names[1:]), bits, mode.at if mode else None)


def _mode(service: Service) -> tuple[int, Span | None] | None:
    name, base = {"gunicorn": ("umask", 0o777), "waitress": ("unix_socket_perms", 0)}.get(service.kind, ("", 0))
    if service.kind == "uwsgi":
        return _mode_of_uwsgi(service)
    value = service.setting(name)
    if isinstance(value, Unknown) or not isinstance(value.value, int):
        return None
    return (base & ~value.value if base else value.value), value.at if isinstance(value, Known) else None


def _mode_of_uwsgi(service: Service) -> tuple[int, Span | None] | None:
    settings, unit = service.server.settings, service.unit
    if unit is None or {"chown-socket", "umask", "emperor", "master-fifo"} & set(settings):
        return None
    told = settings.get("chmod-socket")
    umask = unit.last("Service", "UMask")
    try:
        if told is not None:
            return (int(str(told.value), 8), told.at) if isinstance(told, Known) else None
        return (0o777 & ~int(umask.value, 8), umask.at) if umask else (0o755, None)
    except ValueError:
        return None


def _users(service: Service) -> frozenset[str] | None:
    """Whom the server makes the socket as: the unit's user, or the one it changes to."""
    told = _account(service, {"gunicorn": "user", "uwsgi": "uid"}.get(service.kind, ""))
    if told is None or isinstance(service.runs.user, Unknown) or _CHANGE_USER & set(service.command.through):
        return None
    users = {told} if told else {service.runs.user.value}
    if service.kind == "uwsgi":  # before it changes its user, or after
        users.add(service.runs.user.value)
    return None if any(map(has_hole, users)) else frozenset(users)


def _groups(service: Service, users: frozenset[str], provisioning: Provisioning) -> frozenset[str] | None:
    """The groups that the file may be of: what is written, else the first group of the user."""
    told = _account(service, {"gunicorn": "group", "uwsgi": "gid"}.get(service.kind, ""))
    if told is None or isinstance(service.runs.group, Unknown):
        return None
    if told:
        groups = {told}
    elif isinstance(service.runs.group, Default) or not service.runs.group.value:
        groups = set(users).union(*(provisioning.groups_of(user) for user in users))
    else:
        groups = {service.runs.group.value}
    return None if ANY in groups or any(map(has_hole, groups)) else frozenset(groups)


def _account(service: Service, name: str) -> str | None:
    """The account that the server itself is told to change to, "" for none, None where that cannot be told.

    A configuration file that is named may set it; one that nobody mentions hardly does.
    """
    setting = service.server.settings.get(name)
    if isinstance(setting, Unknown):
        return None if setting.at is not None else ""
    return str(setting.value) if isinstance(setting, Known) and setting.value else ""
