"""systemd units as commands that run."""

from ..deployment import Service
from ..facts import Bind, Environment, Exec, Runs, Unit, Word
from ..read.systemd import expand, expand_each
from ..value import Default, Known, Unknown, Value

SYSTEMD = "systemd's default"


def runs(unit: Unit) -> Runs | None:
    """Return what a service unit runs; None without a command (the unit is refused then)."""
    commands = unit.exec_start
    if not commands:
        return None
    command = commands[-1]
    return Runs(
        name=unit.name,
        manager="systemd",
        words=_words(command, unit.environment),
        at=command.at,
        place=unit.at,
        user=_user(unit, command),
        group=_text(unit, "Group", Default("", "the user's own group")),
        directory=_directory(unit),
        environment=unit.environment,
        unit=unit,
    )


def _words(command: Exec, environment: Environment) -> tuple[Word, ...]:
    """The words that the program gets.

    `$HOST:$PORT`, which systemd drops because no variable has such a name, stays as a word that cannot
    be told: what the rest comes to without it is not what anybody meant. So does a `\\` that a blank keeps
    from continuing the line.
    """
    if not any("$" in word.text or word.text == "\\" for word in command.words):
        return command.words
    words: list[Word] = []
    for word, got in expand_each(command, environment):
        odd = word.text.startswith("$") and not word.text[1:].isidentifier()
        if word.text == "\\":
            got = [word._replace(fixed=False)]
        words += got or ([word._replace(fixed=False)] if odd else [])
    return tuple(words)


def sockets_of(unit: Unit, sockets: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """The socket units of the same folder that hand their descriptors to a service."""
    folder = unit.source.path.rpartition("/")[0]
    return tuple(
        socket for socket in sockets if socket.source.path.rpartition("/")[0] == folder and _serves(socket) == unit.name
    )


def activated(service: Service) -> Service:
    """Gunicorn takes the descriptors of its socket units and ignores every other bind."""
    if not service.sockets or service.kind != "gunicorn":
        return service
    from .sockets import binds_of

    binds: list[Bind] = [bind for socket in service.sockets for bind in binds_of(socket)]
    if not binds:
        return service
    return service._replace(server=service.server._replace(binds=tuple(binds)), passed_over=service.binds)


def _serves(socket: Unit) -> str:
    named = socket.last("Socket", "Service")
    return named.value if named else socket.name.removesuffix(".socket") + ".service"


def _user(unit: Unit, command: Exec) -> Value[str]:
    if unit.scope == "user":
        return Unknown("the user whose manager runs it")
    if "+" in command.prefixes or command.prefixes.count("!") == 1:
        return Default("root", "the prefix of the command")  # `!!` keeps to User= (systemd.service(5))
    dynamic = unit.last("Service", "DynamicUser")
    if dynamic and dynamic.value.lower() in ("yes", "true", "1", "on") and not unit.last("Service", "User"):
        return Known(unit.name.removesuffix(".service"), dynamic.at)
    return _text(unit, "User", Default("root", SYSTEMD))


def _directory(unit: Unit) -> Value[str]:
    entry = unit.last("Service", "WorkingDirectory")
    if entry is None or not entry.value:
        if unit.scope == "user":
            return Unknown("the home of the user whose manager runs it")
        return Default("/", SYSTEMD)
    path = expand(unit.name, entry.value, unit.scope).removeprefix("-")
    if path == "~":
        return Unknown("the home of the service's user", entry.at)
    return Known(path.rstrip("/") or "/", entry.at)


def _text(unit: Unit, key: str, default: Value[str]) -> Value[str]:
    entry = unit.last("Service", key)
    return Known(expand(unit.name, entry.value, unit.scope), entry.at) if entry and entry.value else default
