"""From a command that runs to a service of the web: its server, its settings, its application."""

from collections.abc import Iterable, Iterator, Mapping
from posixpath import normpath
from typing import Literal

from ..deployment import Service, Unserved
from ..facts import Command, Problem, Requirements, Runs, ServerFacts, Unit, internal
from ..read import command as commands
from ..tree import Tree
from ..value import Unknown
from .evidence import Evidence
from .loading import Loader, Loading, Started, module_of
from .paths import Mapped, Mapper
from .scripts import Scripts
from .stages import for_development
from .units import activated, sockets_of

# Programs that belong to a deployment and open no port for visitors.
_WORKERS = frozenset(
    {"celery", "rq", "rqworker", "dramatiq", "huey_consumer", "huey_consumer.py", "flower", "sleep", "true", "echo",
     "certbot", "alembic", "pg_dump", "redis-cli", "rsync", "curl", "ngrok", "cloudflared", "logrotate", "nginx"}
)  # fmt: skip


class Joined:
    """What a command came to: a service with what it loads, or a command that serves no web.

    `opaque`: it may serve all the same; `unserved`: it makes the application and ends.
    """

    __slots__ = ("loading", "opaque", "runs", "service", "unserved")

    def __init__(
        self,
        runs: Runs,
        service: Service | None,
        loading: Loading | None = None,
        *,
        opaque: bool = False,
        unserved: Unserved | None = None,
    ) -> None:
        self.runs = runs
        self.service = service
        self.loading = loading
        self.opaque = opaque
        self.unserved = unserved


class ServiceJoiner:
    """Makes services of the commands of one tree."""

    def __init__(
        self,
        tree: Tree,
        mapper: Mapper,
        evidence: Evidence,
        requirements: tuple[Requirements, ...],
        sockets: tuple[Unit, ...],
        told: Mapping[str, str],
    ) -> None:
        self._tree = tree
        self._mapper = mapper
        self._scripts = Scripts(tree, mapper)
        self._requirements = {one.folder: one for one in requirements}
        self._sockets = sockets
        self._evidence = evidence
        self._loader = Loader(tree, mapper, evidence, self._requirements)
        self._told = told

    def join_all(self, commands: Iterable[Runs]) -> tuple[list[Joined], tuple[Problem, ...]]:
        """Join every command; one that makes flasklint itself fail becomes a problem."""
        joined, failures = [], []
        for runs in commands:
            try:
                joined.append(self.join(runs))
            except Exception as error:
                failures.append(internal(error, runs.at))
                joined.append(Joined(runs, None, opaque=True))
        return joined, tuple(failures)

    def join(self, runs: Runs) -> Joined:
        near = self._tree.path_of(runs.at.source).rpartition("/")[0]
        start = self._mapper.folder(runs.directory, near)
        command = commands.unwrap(runs, self._tree, start.folder)
        if command.directory != runs.directory:
            start = self._mapper.folder(command.directory, near)
        requirements = self._nearest(start.folder, near)
        server = self._server(command, start, near, requirements)
        if not isinstance(server, ServerFacts):
            return self._no_service(runs, command, start, near)
        if (module := module_of(server.spec)) and not server.in_code and _starts_there(server, command):
            evident = self._mapper.folder(command.directory, near, module)
            if evident.folder != start.folder:
                requirements = self._nearest(evident.folder, near)
                again = self._server(command, evident, near, requirements)
                server = again if isinstance(again, ServerFacts) else server
            start = evident
        if not start.certain:
            start = self._by_config(server, command) or start
        server = self._without_guesses(server, start, runs)
        loading = Loading(self._loader, Started(runs, command, server, start, near, requirements))
        service = Service(
            runs=runs,
            command=command,
            server=server,
            requirements=requirements,
            loaded=loading,
            installed=self._installed(runs, server, command, requirements),
            sockets=sockets_of(runs.unit, self._sockets) if runs.unit else (),
            for_development=for_development(self._tree.path_of(runs.place.source), self._tree),
            packages=self._packages(runs, command),
            told=self._told,
        )
        return Joined(runs, activated(service), loading)

    def _without_guesses(self, server: ServerFacts, start: Mapped, runs: Runs) -> ServerFacts:
        """The server less what it is told of its config file where that may be there after all."""
        if not server.problems:
            return server
        untold = set()
        if _lacks_config(server) and (not start.certain or runs.container or self._writes_config(server)):
            untold.add("config-missing")
        if not (runs.unit and runs.unit.lacks("Service", "WorkingDirectory")):
            untold.add("config-in-root")
        return server._replace(problems=tuple(problem for problem in server.problems if problem.kind not in untold))

    def _by_config(self, server: ServerFacts, command: Command) -> Mapped | None:
        """The folder from which a config file with folders in its name (`deploy/gunicorn.conf.py`) was read."""
        for path in (self._tree.path_of(source) for source in server.files):
            for word in command.words:
                relative = normpath(word.text)
                if "/" in relative and (path == relative or path.endswith(f"/{relative}")):
                    return Mapped(path[: -len(relative)].rstrip("/"), True)
        return None

    def _no_service(self, runs: Runs, command: Command, start: Mapped, near: str) -> Joined:
        """A command that serves no web, that may do so, or that surely forgets to."""
        if (runs.unit is not None and runs.unit.is_oneshot) or _is_worker(command):
            return Joined(runs, None)
        made_at = self._scripts.unserved(command, start, near)
        if made_at is None:
            return Joined(runs, None, opaque=True)
        return Joined(runs, None, unserved=Unserved(runs, command, made_at))

    # ------------------------------------------------------------------------------------- server

    def _server(
        self, command: Command, start: Mapped, near: str, requirements: Requirements | None
    ) -> ServerFacts | Unknown | None:
        tree, folder = self._tree, start.folder
        match command.program:
            case "gunicorn":
                from ..read import gunicorn

                return gunicorn.read(command, tree, folder, self._version(requirements, "gunicorn"))
            case "waitress-serve":
                from ..read import waitress

                return waitress.read(command, tree, folder, self._version(requirements, "waitress"))
            case "flask" if any(word.text == "run" for word in command.words[1:]):
                from ..read import devserver

                return devserver.read_flask(command, tree, folder)
            case "uwsgi":
                from ..read import uwsgi

                return uwsgi.read(command, tree, folder)
        if command.program != "python" and not command.program.endswith(".py"):
            return Unknown("not a program that flasklint knows")
        return self._scripts.server(command, start, near)

    def _writes_config(self, server: ServerFacts) -> bool:
        """Whether something of the tree may make the config file that is missing."""
        missing = (problem.at.text for problem in server.problems if problem.kind == "config-missing")
        return any(self._evidence.writes(name.rpartition("/")[2]) for name in missing)

    # ------------------------------------------------------------------------------- requirements

    def _version(self, requirements: Requirements | None, name: str) -> str | None:
        """The release that requirements pin, else the one that the user names."""
        wanted = requirements.get(name) if requirements else None
        return (wanted.version if wanted else "") or self._told.get(name)

    def _nearest(self, folder: str | None, near: str) -> Requirements | None:
        """The requirements of the folder itself or of the nearest one above it."""
        for start in (folder, near):
            while start is not None:
                if start in self._requirements:
                    return self._requirements[start]
                start = start.rpartition("/")[0] if start else None
        return None

    def _installed(
        self, runs: Runs, server: ServerFacts, command: Command, requirements: Requirements | None
    ) -> Literal["requirements", "elsewhere", "no", "unknown"]:
        if requirements is None:
            return "unknown"
        if requirements.get(server.kind):
            return "requirements"
        if any(other.get(server.kind) for other in self._related(requirements)):
            return "elsewhere"
        managed = {"poetry", "pipenv", "uv"}.intersection(command.through)
        if managed or self._evidence.installs(server.kind, images=runs.manager != "procfile"):
            return "elsewhere"
        return "no" if requirements.complete else "unknown"

    def _related(self, requirements: Requirements) -> Iterator[Requirements]:
        """Other requirement files of the same project: in a folder above or below."""
        for folder, other in self._requirements.items():
            above, below = sorted((folder, requirements.folder), key=len)
            if not above or below == above or below.startswith(f"{above}/"):
                yield other

    def _packages(self, runs: Runs, command: Command) -> Literal["venv", "system", "unknown"]:
        """Where the tree installs packages; asked only for a program of the system that systemd starts."""
        outside = runs.manager == "systemd" and command.venv is None
        return self._evidence.packages if outside else "unknown"


def _is_worker(command: Command) -> bool:
    """Whether it opens no port: a known worker, or `flask db upgrade`."""
    migrates = command.program == "flask" and any(word.text == "db" for word in command.words[1:4])
    return command.program in _WORKERS or migrates


def _starts_there(server: ServerFacts, command: Command) -> bool:
    """Whether it looks for the application where it is started, as far as can be told."""
    return server.directory == command.directory or _lacks_config(server)


def _lacks_config(server: ServerFacts) -> bool:
    """Whether its config file is not where it was looked for: perhaps the wrong folder of the tree."""
    return any(problem.kind == "config-missing" for problem in server.problems)
