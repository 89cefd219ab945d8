"""Folders below /run: which a service needs, and whether they exist after a boot."""

from collections.abc import Iterator

from ..facts import Problem, Provisioning, Unit
from ..record import Record
from ..source import Span
from ..value import Known, has_hole
from .graph import Deployment
from .providers import users_of
from .service import Service
from .sockets import real_path, socket_files

# Made by systemd itself and by packages of distributions, whatever the units of the input say.
_GIVEN = frozenset(
    {"lock", "user", "shm", "systemd", "udev", "dbus", "network", "uwsgi", "nginx", "supervisor", "sshd", "sudo",
     "screen", "postgresql", "mysqld", "redis", "docker", "php", "apache2", "httpd", "log", "lirc", "host"}
)  # fmt: skip
_MAKERS = ("mkdir", "install", "systemd-tmpfiles", ".sh", "makedirs")
_FILES = {"pidfile": "pid file", "accesslog": "access log", "errorlog": "error log"}


class Need(Record):
    """A folder below /run that a service makes a file in: `what` the file is, `at` where its path is written."""

    folder: str
    what: str
    at: Span


def missing_folders(service: Service, unit: Unit, provisioning: Provisioning) -> Iterator[Need]:
    """The folders that a service needs and nothing makes again after a reboot, each once.

    None where the unit may make them itself: in a command before its own, in a shell script, in the
    server's configuration file.
    """
    lacking: dict[str, Need] = {}
    for need in _needs(service):
        name = need.folder.split("/")[2] if need.folder.startswith("/run/") else ""
        given = not name or name in _GIVEN or has_hole(need.folder)
        if not given and not provisioning.may_exist(need.folder):
            lacking.setdefault(need.folder, need)
    if lacking and _may_lack(service, unit):
        yield from lacking.values()


def made_in_vain(unit: Unit, problem: Problem, deployment: Deployment) -> Need | None:
    """What a service makes in a folder below /run that its unit names in a way systemd ignores, and that nothing
    else makes."""
    if not problem.message.startswith("RuntimeDirectory= path is absolute"):
        return None
    path = real_path(problem.at.text.rstrip("/"))
    made = {f"/run/{word}" for entry in unit.all("Service", "RuntimeDirectory") for word in entry.value.split()}
    for service in users_of(unit, deployment):
        for need in _needs(service) if not _has_maker(service, unit) else ():
            above = need.folder
            inside = f"{above}/".startswith(f"{path}/")
            if inside and above not in made and not deployment.provisioning.may_exist(above):
                return need
    return None


def _needs(service: Service) -> Iterator[Need]:
    for socket in socket_files(service):
        if socket.unit is None:  # systemd makes the folders of its own sockets
            yield Need(socket.folder, "socket", socket.at)
    for name, what in _FILES.items() if service.kind == "gunicorn" else ():
        value = service.setting(name)
        if isinstance(value, Known) and isinstance(value.value, str) and value.value.startswith(("/run/", "/var/run/")):
            yield Need(real_path(value.value).rpartition("/")[0], what, value.at)


def _may_lack(service: Service, unit: Unit) -> bool:
    """Whether the unit surely makes no folder but those of `RuntimeDirectory=`."""
    lines = [problem.at.source.line_text(problem.at.line) for problem in unit.problems]
    if any("RuntimeDirectory" in line for line in lines):
        return False
    if not unit.all("Service", "RuntimeDirectory") and not unit.lacks("Service", "RuntimeDirectory"):
        return False
    return not _has_maker(service, unit)


def _has_maker(service: Service, unit: Unit) -> bool:
    """Whether a command, a script or a configuration file of the service may make folders."""
    texts = [command.at.text for command in unit.commands]
    texts += [service.command.script.text] if service.command.script else []
    texts += [source.text for source in service.server.files]
    return any(maker in text for text in texts for maker in _MAKERS)
