"""Who nginx's workers are, and where they get in: sockets, homes, runtime directories.

To connect to a unix socket a process needs the right to write to it, and to search every folder of its
path (unix(7), path_resolution(7)). Homes are 0750 on Ubuntu since 21.04 and 0700 on Fedora and its kin,
/root is 0700 everywhere.
"""

from collections.abc import Iterator
from posixpath import normpath

from ..facts import NginxConfig, Provisioning, Unit
from ..record import Record
from ..source import Span
from ..value import Known, has_hole
from .graph import Deployment
from .service import Service
from .sockets import Ownership, SocketFile, hops_through, ownership, socket_files

# What the packages of Debian, nginx.org, Arch, Alpine, SUSE and a build of one's own run workers as.
_USUAL = frozenset({"www-data", "nginx", "http", "www", "wwwrun", "nobody", "apache"})
_DEBIAN = "www-data"
# Users of cloud images whose homes nobody else enters, in every release that is still supported.
_CLOSED_HOMES = frozenset({"ubuntu", "ec2-user", "fedora", "rocky", "almalinux", "cloud-user", "opc"})
# Folders of /home that are no user's home, but somebody made them there for sites.
_NO_HOMES = frozenset({"www", "web", "sites", "site", "apps", "app", "webapps", "projects", "project", "data", "shared",
                       "public", "html", "code", "git", "src", "srv", "opt", "services", "docker"})  # fmt: skip


class Worker(Record):
    """The account of nginx's workers. `users` are all that it may be; `at` is where it is written."""

    users: frozenset[str]
    group: str
    at: Span | None

    @property
    def name(self) -> str:
        """The likeliest name, for a sentence."""
        return next(iter(self.users)) if len(self.users) == 1 else _DEBIAN

    @property
    def told(self) -> bool:
        return self.at is not None

    def is_in(self, group: str, provisioning: Provisioning) -> bool:
        """Whether it may be a member of the group."""
        own = {self.group} if self.group else self.users
        return group in own or any(provisioning.may_join(user, group) for user in self.users)


def worker(config: NginxConfig, provisioning: Provisioning) -> Worker:
    """Who nginx's workers are: told by the main configuration, else any of the usual accounts."""
    if isinstance(config.user, Known) and config.user.value not in provisioning.accounts - {config.user.value}:
        return Worker(frozenset({config.user.value}), config.group, config.user.at)
    return Worker(_USUAL | provisioning.accounts, "", None)


def in_container(service: Service, deployment: Deployment) -> bool:
    """Whether a service lives in a container, or may: a supervisor beside container files mostly runs in an image."""
    return not service.on_host or (service.runs.manager == "supervisor" and deployment.containers)


def runs_on_host(config: NginxConfig, deployment: Deployment) -> bool:
    """Whether a configuration is surely of a nginx on the host, rather than of one in a container."""
    routes = [route for route in deployment.routes if route.config is config]
    services = [hop.service for hop in deployment.hops if hop.route.config is config]
    if services or not deployment.containers:
        local = not any(in_container(service, deployment) for service in services)
        return local and not any(
            isinstance(target, Known) and target.value.is_name for route in routes for target in route.targets
        )
    return False


def is_shut_out(worker: Worker, owned: Ownership, provisioning: Provisioning) -> bool:
    """Whether nginx surely cannot write to a file."""
    if worker.users & {"root", "*"} or worker.users & owned.users:
        return bool(worker.users <= owned.users) and not owned.mode & 0o200 and "root" not in worker.users
    if owned.mode & 0o002:
        return False
    return not owned.mode & 0o020 or not any(worker.is_in(group, provisioning) for group in owned.groups)


def home_of(path: str) -> str:
    """Return the home folder that a path lies in, "" where it lies in none."""
    if "/home" not in path and "/root" not in path:
        return ""
    parts = normpath(path).split("/")
    if parts[:2] == ["", "root"] and len(parts) > 2:
        return "/root"
    return "/".join(parts[:3]) if parts[:2] == ["", "home"] and len(parts) > 3 and not has_hole(parts[2]) else ""


def home_is_closed(home: str, worker: Worker, provisioning: Provisioning) -> bool:
    """Whether nginx does not get into a home as its distribution makes it, and nothing visible lets it in.

    False where no distribution is told: Debian and Raspberry Pi OS left homes open until lately.
    """
    owner = home.rpartition("/")[2]
    if owner in _NO_HOMES:
        return False
    if worker.users & {"root", "*", owner} or provisioning.may_open(home) or worker.is_in(owner, provisioning):
        return False
    told = provisioning.closed_homes or owner in _CLOSED_HOMES
    return home == "/root" or (told and not provisioning.open_homes)


def closed_runtime_folder(path: str, unit: Unit, worker: Worker, provisioning: Provisioning) -> Span | None:
    """The `RuntimeDirectoryMode=` that keeps nginx out of the folder that a unit makes for its socket."""
    mode = unit.last("Service", "RuntimeDirectoryMode")
    user, group = unit.last("Service", "User"), unit.last("Service", "Group")
    made = [f"/run/{word}" for entry in unit.all("Service", "RuntimeDirectory") for word in entry.value.split()]
    if mode is None or user is None or not any(path.startswith(f"{folder}/") for folder in made):
        return None
    try:
        bits = int(mode.value, 8)
    except ValueError:
        return None
    groups = frozenset({group.value}) if group else frozenset({user.value}) | provisioning.groups_of(user.value)
    names = {user.value, *groups}
    if bits & 0o001 or "*" in names or any(has_hole(name) for name in names):
        return None
    # Searching a folder takes the bits that writing to a file does not have: they are looked at in its place.
    searched = Ownership(frozenset({user.value}), groups, (bits & 0o111) << 1, mode.at)
    return mode.at if is_shut_out(worker, searched, provisioning) else None


class ShutOut(Record):
    """A socket that nginx connects to and must not write to."""

    socket: SocketFile
    owned: Ownership
    nginx: Worker
    asked: Span  # where nginx names it

    @property
    def owner(self) -> str:
        return f"{min(self.owned.users)}:{min(self.owned.groups)}"

    @property
    def because(self) -> list[tuple[Span, str]]:
        told = [(self.nginx.at, f"nginx runs as {self.nginx.name}")] if self.nginx.at else []
        return [(self.asked, "nginx connects to it"), *told]


def shut_out(deployment: Deployment, *kinds: str, by_unit: bool) -> Iterator[ShutOut]:
    """The sockets of servers of these kinds that are surely closed to nginx: those that socket units make, or
    those that the servers make themselves."""
    known = deployment.provisioning
    for service in deployment.of_kind(*kinds):
        for socket in socket_files(service):
            hops = hops_through(socket, deployment)
            if bool(socket.unit) is not by_unit or not hops or not runs_on_host(hops[0].route.config, deployment):
                continue
            nginx, owned = worker(hops[0].route.config, known), ownership(socket, known)
            if owned and is_shut_out(nginx, owned, known):
                yield ShutOut(socket, owned, nginx, hops[0].route.forwards.written.at)
