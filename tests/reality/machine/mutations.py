"""Faults of permissions, sandboxing and start-up, and harmless changes beside them, put into clean deployments."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from ..verdict import Verdict
from ..world import World, corpus
from .plan import Mode, Plan

V = Verdict
UNIT, SITE, SOCKET = r"\.service$", r"/nginx/|^nginx/", r"\.socket$"
PLACE = "/srv/flaskapp"
HOME = ("", PLACE, "/home/flaskapp/site")
OWN_USER = (UNIT, r"User=www-data\nGroup=www-data", "User=flaskapp\nGroup=flaskapp")
IN_TMP = ("", r"/run/flaskapp/flaskapp\.sock", "/tmp/flaskapp.sock")
IN_RUN = ("", r"/run/flaskapp/flaskapp\.sock", "/run/flaskapp.sock")
BESIDE = ("", r"/run/flaskapp/flaskapp\.sock", "/srv/flaskapp/flaskapp.sock")
NO_RUNTIME = (UNIT, "RuntimeDirectory=.*\n", "")


class Mutation(NamedTuple):
    """A kind of change to a deployment of the corpus: pattern and replacement for the files whose path matches, in
    order, permissions of the host, and what is done. `verdict` is what is to be seen first."""

    kind: str
    verdict: Verdict
    reference: str
    changes: tuple[tuple[str, str, str], ...]
    modes: tuple[tuple[str, str], ...] = ()
    actions: tuple[str, ...] = ()
    users: bool = True
    members: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def name(self) -> str:
        return f"{self.reference}: {self.kind}"

    @property
    def plan(self) -> Plan:
        clean = corpus(self.reference)
        files = dict(clean.files)
        for path, pattern, replacement in self.changes:
            changed = {
                name: re.sub(pattern, replacement, text) if re.search(path, name) else text
                for name, text in files.items()
            }
            if changed == files:
                raise ValueError(f"{self.name}: {pattern!r} changes nothing")
            files = changed
        modes = tuple(Mode(path, mode, "") for path, mode in self.modes)
        return Plan(_moved(clean, files, self), modes, self.members, self.users, (), self.actions)


def _moved(clean: World, files: dict[str, str], mutation: Mutation) -> World:
    """The world with these files, at the place that the mutation moves it to."""
    moves = [change for change in mutation.changes if change[1] == PLACE]
    venvs = {_at(path, moves): ("flask", "gunicorn", "waitress") for path in clean.venvs}
    sites = tuple(site._replace(place=_at(site.place, moves), requests=("/",), secrets=()) for site in clean.sites)
    places = {_at(place, moves): folder for place, folder in clean.places.items()}
    return clean._replace(name=mutation.name, files=files, venvs=venvs, places=places, sites=sites)


def _at(path: str, moves: Iterable[tuple[str, str, str]]) -> str:
    for _, _, target in moves:
        path = path.replace(PLACE, target)
    return path


def _add(*lines: str) -> tuple[str, str, str]:
    return (UNIT, r"\[Service\]", "\n".join(("[Service]", *lines)))


MUTATIONS = (
    Mutation("socket folder 0700", V.PERMISSION, "gunicorn-socket", (OWN_USER, _add("RuntimeDirectoryMode=0700"))),
    Mutation("socket folder 0750", V.PERMISSION, "gunicorn-socket", (OWN_USER, _add("RuntimeDirectoryMode=0750"))),
    Mutation("socket folder 0750 of nginx's group", V.SERVES, "gunicorn-socket", (_add("RuntimeDirectoryMode=0750"),)),
    Mutation("home 0750", V.PERMISSION, "gunicorn-socket", (BESIDE, OWN_USER, HOME), (("/home/flaskapp", "0750"),)),
    Mutation("home 0700, port", V.STATIC, "gunicorn-tcp", (OWN_USER, HOME), (("/home/flaskapp", "0700"),)),
    Mutation("home 0711", V.SERVES, "gunicorn-socket", (BESIDE, OWN_USER, HOME), (("/home/flaskapp", "0711"),)),
    Mutation("home 0750, nginx in the group", V.SERVES, "gunicorn-socket", (BESIDE, OWN_USER, HOME), (("/home/flaskapp", "0750"),), members=(("www-data", ("flaskapp",)),)),
    Mutation("place below /root", V.CHDIR, "gunicorn-tcp", (("", PLACE, "/root/flaskapp"),)),
    Mutation("PrivateTmp, socket in /tmp", V.NO_SOCKET, "gunicorn-socket", (IN_TMP, _add("PrivateTmp=yes"))),
    Mutation("DynamicUser, socket in /tmp", V.NO_SOCKET, "gunicorn-socket", (IN_TMP, (UNIT, "User=.*\nGroup=.*", "DynamicUser=yes"))),
    Mutation("PrivateTmp, socket in /run", V.SERVES, "gunicorn-socket", (_add("PrivateTmp=yes"),)),
    Mutation("socket in /tmp", V.SERVES, "gunicorn-socket", (IN_TMP,)),
    Mutation("umask 077", V.PERMISSION, "gunicorn-socket", (OWN_USER, (UNIT, "gunicorn -w 3", "gunicorn -w 3 -m 077"))),
    Mutation("umask 007 of nginx's group", V.SERVES, "gunicorn-socket", ((UNIT, "User=www-data", "User=flaskapp"), (UNIT, "gunicorn -w 3", "gunicorn -w 3 -m 007"))),
    Mutation("UMask=0077", V.SERVES, "gunicorn-socket", (OWN_USER, _add("UMask=0077"))),
    Mutation("Waitress's own permissions", V.PERMISSION, "waitress-socket", (OWN_USER, (UNIT, " --unix-socket-perms 660", ""))),
    Mutation("SocketMode", V.PERMISSION, "socket-activation", ((SOCKET, "SocketUser=.*", "SocketMode=0600"),)),
    Mutation("SocketMode of nginx's group", V.SERVES, "socket-activation", ((SOCKET, "SocketUser=.*", "SocketMode=0660\nSocketGroup=www-data"),)),
    Mutation("socket in the service's RuntimeDirectory", V.NO_SOCKET, "socket-activation", (("", r"/run/gunicorn\.sock", "/run/gunicorn/g.sock"), _add("RuntimeDirectory=gunicorn")), actions=("restart gunicorn.service",)),
    Mutation("static folder 0700", V.STATIC, "gunicorn-tcp", (OWN_USER,), (("/srv/flaskapp/static", "0700"),)),
    Mutation("ProtectHome, place in a home", V.EXEC, "gunicorn-tcp", (HOME, _add("ProtectHome=yes"))),
    Mutation("ProtectHome=read-only, place in a home", V.SERVES, "gunicorn-tcp", (HOME, _add("ProtectHome=read-only"))),
    Mutation("ProtectHome, place in /srv", V.SERVES, "gunicorn-tcp", (_add("ProtectHome=yes"),)),
    Mutation("ProtectSystem=strict", V.CRASH, "gunicorn-tcp", (_add("ProtectSystem=strict"),)),
    Mutation("ProtectSystem=strict, PrivateTmp", V.SERVES, "gunicorn-socket", (_add("ProtectSystem=strict", "PrivateTmp=yes"),)),
    Mutation("ProtectSystem=full", V.SERVES, "gunicorn-socket", (_add("ProtectSystem=full"),)),
    Mutation("socket in /run", V.ADDRESS, "gunicorn-socket", (IN_RUN, NO_RUNTIME)),
    Mutation("no RuntimeDirectory", V.ADDRESS, "gunicorn-socket", (NO_RUNTIME,)),
    Mutation("port below 1024", V.ADDRESS, "gunicorn-tcp", (("", "127.0.0.1:8000", "127.0.0.1:800"),)),
    Mutation("port below 1024, capability", V.SERVES, "gunicorn-tcp", (("", "127.0.0.1:8000", "127.0.0.1:800"), _add("AmbientCapabilities=CAP_NET_BIND_SERVICE"))),
    Mutation("RestrictAddressFamilies", V.ADDRESS, "gunicorn-socket", (_add("RestrictAddressFamilies=AF_INET AF_INET6"),)),
    Mutation("PrivateNetwork", V.REFUSED, "gunicorn-tcp", (_add("PrivateNetwork=yes"),)),
    Mutation("ReadWritePaths of nothing", V.NAMESPACE, "gunicorn-tcp", (_add("ReadWritePaths=/var/lib/flaskapp"),)),
    Mutation("user that is not there", V.USER, "gunicorn-tcp", (OWN_USER,), users=False),
    Mutation("log that cannot be written", V.CRASH, "gunicorn-tcp", (OWN_USER, (UNIT, "gunicorn -w 3", "gunicorn -w 3 --error-logfile /var/log/flaskapp/error.log"))),
    Mutation("Type=notify, Waitress", V.TIMEOUT, "waitress-tcp", (_add("Type=notify"),)),
    Mutation("Type=forking", V.TIMEOUT, "gunicorn-tcp", (_add("Type=forking"),)),
    Mutation("reload, Waitress", V.STOPPED, "waitress-tcp", (_add("ExecReload=/bin/kill -HUP $MAINPID"),), actions=("reload flaskapp.service",)),
    Mutation("reload, Gunicorn", V.SERVES, "gunicorn-tcp", (_add("ExecReload=/bin/kill -HUP $MAINPID"),), actions=("reload flaskapp.service",)),
    Mutation("required unit that is not there", V.UNIT_REFUSED, "gunicorn-tcp", ((UNIT, "After=", "Requires=redis.service\nAfter="),)),
)  # fmt: skip
"""SERVES: the change is harmless, and flasklint may not call it an error."""
