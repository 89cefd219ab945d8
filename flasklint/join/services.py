"""From a command that runs to a service of the web: its server, its settings, its application."""

from collections.abc import Iterable, Iterator, Mapping
from posixpath import normpath
from typing import Literal

from ..deployment import Service, Unserved
from ..facts import App, Command, Problem, Requirements, Runs, ServerFacts, Unit, internal
from ..read import app as applications
from ..read import command as commands
from ..tree import Tree
from ..value import Default, Known, Unknown, Value, has_hole
from .dotenv import env_files
from .evidence import Evidence
from .imports import unprovided
from .paths import Mapped, Mapper
from .scripts import Scripts
from .stages import for_development
from .start import comes_first, in_root, started_in
from .units import activated, sockets_of

# Programs that belong to a deployment and open no port for visitors.
_WORKERS = frozenset(
    {"celery", "rq", "rqworker", "dramatiq", "huey_consumer", "huey_consumer.py", "flower", "sleep", "true", "echo",
     "certbot", "alembic", "pg_dump", "redis-cli", "rsync", "curl", "ngrok", "cloudflared", "logrotate", "nginx"}
)  # fmt: skip


class Joined:
    """What a command came to: a service, or a command that serves no web.

    `opaque`: it may serve all the same; `unserved`: it makes the application and ends.
    """

    __slots__ = ("opaque", "runs", "service", "unserved")

    def __init__(
        self, runs: Runs, service: Service | None, *, opaque: bool = False, unserved: Unserved | None = None
    ) -> None:
        self.runs = runs
        self.service = service
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
        if (module := _module(server.spec)) and not server.in_code and _starts_there(server, command):
            evident = self._mapper.folder(command.directory, near, module)
            if evident.folder != start.folder:
                requirements = self._nearest(evident.folder, near)
                again = self._server(command, evident, near, requirements)
                server = again if isinstance(again, ServerFacts) else server
            start = evident
        if not start.certain:
            start = self._by_config(server, command) or start
        server = self._without_guesses(server, start, runs)
        app, app_folder = self._app(server, near, start, command)
        app = in_root(app, server, command, runs, self._tree) if app else None
        service = Service(
            runs=runs,
            command=command,
            server=server,
            app=app,
            requirements=requirements,
            folder=app_folder,
            installed=self._installed(runs, server, command, requirements),
            sockets=sockets_of(runs.unit, self._sockets) if runs.unit else (),
            for_development=for_development(self._tree.path_of(runs.place.source), self._tree),
            packages=self._packages(runs, command),
            static_folder=self._static_folder(app),
            dotenv=env_files(self._tree, app_folder),
            module=self._tree.relative(app.module.real) if app and app.module else None,
            unprovided=unprovided(runs, app, requirements, self._requirements, self._evidence, self._tree),
            told=self._told,
        )
        return Joined(runs, activated(service))

    def _without_guesses(self, server: ServerFacts, start: Mapped, runs: Runs) -> ServerFacts:
        """The server less what it is told of its config file where that may be there after all."""
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

    # -------------------------------------------------------------------------------- application

    def _app(self, server: ServerFacts, near: str, start: Mapped, command: Command) -> tuple[App | None, str | None]:
        if server.in_code:
            return self._app_in_code(server), start.folder
        if not isinstance(server.spec, Known) or has_hole(server.spec.value):
            return None, start.folder
        mapped = start
        if server.directory != command.directory:
            mapped = self._mapper.folder(server.directory, near, _module(server.spec))
        if mapped.folder is None:
            return None, None
        search = [mapped.folder]
        certain = mapped.certain
        for extra in server.search:
            more = self._mapper.folder(extra, mapped.folder)
            certain = certain and more.folder is not None
            search += [more.folder] if more.folder is not None else []
        search += started_in(server, command, self._mapper, near, _module(server.spec))
        app = applications.resolve(server.spec, self._tree, search, server.kind, call=server.call, certain=certain)
        fails = app.state in ("no-module", "no-import")
        if fails and self._evidence.makes(app.missing):
            app = app._replace(state="unknown", why=f"something of the input speaks of {app.missing}.py")
        first = server.kind == "gunicorn" and comes_first(app, search, self._tree)
        if fails and not first and self._may_be_installed(app.missing, server.directory):
            app = app._replace(state="unknown", why="it may be an installed package")
        if app.state == "no-module" and (path := self._mapper.only_application(mapped.folder)):
            app = app._replace(meant=applications.spec_for(path, server.spec, self._tree, mapped.folder, server.kind))
        return app, mapped.folder

    def _writes_config(self, server: ServerFacts) -> bool:
        """Whether something of the tree may make the config file that is missing."""
        missing = (problem.at.text for problem in server.problems if problem.kind == "config-missing")
        return any(self._evidence.writes(name.rpartition("/")[2]) for name in missing)

    def _may_be_installed(self, module: str, directory: Value[str]) -> bool:
        """Whether a module that the tree lacks is a distribution's: the requirements have one of its name, or
        nobody says where the application lies."""
        top = module.partition(".")[0].lower()
        wanted = (want.name for one in self._requirements.values() for want in one.wanted)
        return isinstance(directory, Default) or any(top in (name, *name.split("-")) for name in wanted)

    def _app_in_code(self, server: ServerFacts) -> App | None:
        """The object that a script hands to `serve()` or calls `run()` on."""
        path = self._tree.relative(server.at.source.real)
        if path is None or not isinstance(server.spec, Known) or not server.spec.value.isidentifier():
            return None
        folder, _, name = path.rpartition("/")
        spec = Known(f"{name.removesuffix('.py')}:{server.spec.value}", server.spec.at)
        return applications.resolve(spec, self._tree, [folder], "script", certain=False)

    def _static_folder(self, app: App | None) -> str | None:
        """Flask's static folder in the repository: beside the file that makes the Flask object."""
        if app is None or app.made_at is None or app.static_folder is None or isinstance(app.static_folder, Unknown):
            return None
        path, static = self._tree.relative(app.made_at.source.real), app.static_folder.value
        if path is None or not static or static.startswith("/") or has_hole(static):
            return None
        folder = normpath(f"{path.rpartition('/')[0]}/{static}").lstrip("/")
        return None if folder.startswith("..") else folder

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


def _module(spec: Value[str]) -> str:
    """The module that a spec names, or the file `shop/wsgi.py`; `shop/wsgi` is as good as shop.wsgi."""
    name = "" if isinstance(spec, Unknown) else spec.value.partition(":")[0].strip()
    return name if name.startswith("/") or name.endswith(".py") else name.removeprefix("./").replace("/", ".")
