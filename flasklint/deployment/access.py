"""Who nginx's workers are, and where they get in: sockets, homes, runtime directories.

To connect to a unix socket a process needs the right to write to it, and to search every folder of its
path (unix(7), path_resolution(7)). Homes are 0750 on Ubuntu since 21.04 and 0700 on Fedora and its kin,
/root is 0700 everywhere.
"""

from posixpath import normpath

from ..facts import NginxConfig, Provisioning, Unit
from ..record import Record
from ..source import Span
from ..value import Known, has_hole
from .graph import Deployment
from .sockets import Ownership

# What the packages of Debian, nginx.org, Arch, Alpine, SUSE and a build of one's own run workers as.
_USUAL = frozenset({"www-data", "nginx", "http", "www", "wwwrun", "nobody", "apache"})
_DEBIAN = "www-data"


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


def runs_on_host(config: NginxConfig, deployment: Deployment) -> bool:
    """Whether a configuration is surely of a nginx on the host, rather than of one in a container."""
    routes = [route for route in deployment.routes if route.config is config]
    services = [hop.service for hop in deployment.hops if hop.route.config is config]
    if services or not deployment.containers:
        local = all(service.on_host for service in services)
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
    parts = normpath(path).split("/")
    if parts[:2] == ["", "root"] and len(parts) > 2:
        return "/root"
    return "/".join(parts[:3]) if parts[:2] == ["", "home"] and len(parts) > 3 and not has_hole(parts[2]) else ""


def home_is_closed(home: str, worker: Worker, provisioning: Provisioning) -> bool:
    """Whether nginx does not get into a home as distributions make it, and nothing visible lets it in."""
    owner = home.rpartition("/")[2]
    if worker.users & {"root", "*", owner} or provisioning.may_open(home) or worker.is_in(owner, provisioning):
        return False
    return home == "/root" or not provisioning.open_homes


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
