"""How systemd and a server speak to each other: readiness, reload, the process that counts.

From systemd.service(5), sd_notify(3) and systemd 252, tried with Gunicorn 27, Waitress 3.0.2, bash 5.2 and dash 0.5.12.
"""

from itertools import pairwise

from ..facts import Entry, Exec, Unit, Word
from ..value import Unknown
from ..versions import NOTIFIES, TYPE_EXEC
from .graph import Deployment
from .sandbox import is_on
from .service import Service

# Programs that stay as the parent of what they start, and those that give way to it.
_PARENTS = frozenset({"timeout", "time", "setsid", "su", "runuser", "sudo", "tini", "dumb-init", "uv"})
_GIVE_WAY = frozenset({"env", "nice", "nohup", "stdbuf", "ionice", "exec"})
_LEAVE = ("none", "process")  # KillMode= that leaves the other processes of a service alone
# Words of those who speak to systemd themselves.
_NOTIFIERS = ("sd_notify", "sdnotify", "systemd-notify", "READY=1", "NOTIFY_SOCKET", "cysystemd", "systemd.daemon")
_HUP = frozenset({"HUP", "SIGHUP", "1"})


def awaits_ready(unit: Unit) -> Entry | None:
    """The `Type=` by which systemd waits until the service itself says that it is up, or None."""
    kind = unit.last("Service", "Type")
    return kind if kind and kind.value in ("notify", "notify-reload") else None


def silent_type(deployment: Deployment) -> str:
    """The `Type=` of a service that says nothing to systemd: "exec", before release 240 "simple"."""
    return "simple" if deployment.does(TYPE_EXEC) is False else "exec"


def hears_children(unit: Unit) -> bool:
    """Whether a message of any process of the service counts, not of the main one alone."""
    access = unit.last("Service", "NotifyAccess")
    return access is not None and access.value not in ("main", "none")


def parent(service: Service) -> str:
    """The program that stays as the parent of the server, so that systemd takes it for the main process.

    "" where the server is the main process itself.
    """
    command = service.command
    above = [name for name in command.through if name in _PARENTS]
    if command.child:
        script = next((name[7:] for name in command.through if name.startswith("script:")), "")
        return script or next((name for name in reversed(command.through) if name.endswith("sh")), "the shell")
    return above[-1] if above else ""


def hup_on_reload(unit: Unit) -> Exec | None:
    """The `ExecReload=` that sends SIGHUP to the main process, or None."""
    return next((one for one in unit.commands if one.key == "ExecReload" and _sends_hup(one.words)), None)


def _sends_hup(words: tuple[Word, ...]) -> bool:
    texts = [word.text for word in words]
    name = texts[0].rpartition("/")[2]
    if name in ("sh", "bash", "dash") and len(texts) == 3 and texts[1].endswith("c"):
        texts = texts[2].removeprefix("exec ").split()
        name = texts[0].rpartition("/")[2] if texts else ""
    signals = [text.lstrip("-") for text in texts[1:] if text.startswith("-")]
    signals += [after for option, after in pairwise(texts) if option in ("-s", "--signal")]
    to_main = any(text in ("$MAINPID", "${MAINPID}") for text in texts)
    return name == "kill" and to_main and not _HUP.isdisjoint(signals)


def sends_ready(service: Service, deployment: Deployment) -> bool:
    """Whether the server, or something of the tree, may tell systemd that it is up.

    Gunicorn does since 20.0, uWSGI does; Waitress and the development server never do, but an application may.
    """
    if service.kind not in ("gunicorn", "waitress", "flask"):
        return True
    if service.kind == "gunicorn" and service.does(NOTIFIES) is not False:
        return True
    return not _is_seen(service) or any(deployment.surroundings.mentions(word) for word in _NOTIFIERS)


def catches_hup(service: Service, deployment: Deployment) -> bool:
    """Whether the process that systemd sends SIGHUP to may survive it: Gunicorn, uWSGI, and a shell that traps it."""
    if service.kind not in ("waitress", "flask"):
        script = service.command.script
        traps = script is not None and "trap " in script.text
        return not service.command.child or service.kind != "gunicorn" or traps
    return not _is_seen(service) or bool(deployment.surroundings.mentions("SIGHUP"))


def _is_seen(service: Service) -> bool:
    """Whether the application's own source is there to be searched."""
    return service.server.in_code or (service.app is not None and service.app.state == "found")


def forks(unit: Unit) -> bool:
    """Whether systemd waits for the program to put itself into the background: `Type=forking`."""
    kind = unit.last("Service", "Type")
    return kind is not None and kind.value == "forking"


def is_kept(service: Service) -> bool:
    """Whether a server that goes into the background stays alive there.

    `Type=forking` with a pid file, `RemainAfterExit=`, `KillMode=process`, a shell that has more to do. (Without a
    pid file systemd guesses the main process, and in five of six starts took Gunicorn's second for it, which ends.)
    """
    if service.command.child and not service.command.child.last:
        return True
    unit = service.unit
    if unit is None:
        return False
    guess, mode = unit.last("Service", "GuessMainPID"), unit.last("Service", "KillMode")
    if is_on(unit.last("Service", "RemainAfterExit")) or (mode is not None and mode.value in _LEAVE):
        return True
    told = unit.last("Service", "PIDFile") is not None or (guess is not None and not is_on(guess)) or unit.is_open
    return told and forks(unit)


def stays_in_foreground(service: Service) -> bool:
    """Whether the server surely never leaves the foreground: nothing but `env` and the like stands before it."""
    if service.kind not in ("gunicorn", "waitress", "flask") or service.command.through_shell:
        return False
    daemon = service.setting("daemon")
    told = service.kind != "gunicorn" or (not isinstance(daemon, Unknown) and daemon.value is False)
    return told and set(service.command.through) <= _GIVE_WAY
