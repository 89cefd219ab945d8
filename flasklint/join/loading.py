"""What a service loads: its application, looked up in the repository when somebody asks."""

from collections.abc import Callable, Mapping
from typing import Any

from ..deployment.service import Loaded
from ..facts import App, Command, Requirements, Runs, ServerFacts, internal
from ..read import app as applications
from ..record import Record
from ..tree import Tree, normpath
from ..value import Default, Known, Unknown, Value, has_hole
from .dotenv import env_files
from .evidence import Evidence
from .imports import unprovided
from .paths import Mapped, Mapper
from .start import comes_first, in_root, started_in

# What an application tells when asked, and what one does that tells nothing.
_ASKED: Mapping[str, Any] = {
    name: nothing for name, nothing in App("unknown", Unknown(""))._asdict().items() if callable(nothing)
}


class Started(Record):
    """How a server is started. `start` is the folder of the tree, `near` the one of the file that says so."""

    runs: Runs
    command: Command
    server: ServerFacts
    start: Mapped
    near: str
    requirements: Requirements | None


class Loading:
    """What one service loads, found when it is asked for the first time.

    Another process may have found it: `told` is what can be sent from there to here, where `take` keeps it.
    """

    __slots__ = ("_loaded", "_loader", "_started", "_whole")

    def __init__(self, loader: "Loader", started: Started) -> None:
        self._loader = loader
        self._started = started
        self._loaded: Loaded | None = None
        self._whole: Loaded | None = None

    def __call__(self) -> Loaded:
        if self._loaded is None:
            self._loaded = self._find()
        return self._loaded

    def told(self) -> Loaded:
        """All but what is only answered when asked for."""
        found = self()
        return found._replace(app=found.app and found.app._replace(**_ASKED), unprovided=tuple)

    def take(self, told: Loaded) -> None:
        """Keep what was found elsewhere; what it does not hold is still looked for here."""
        answers: dict[str, Any] = {name: self._answer(name) for name in _ASKED}
        app = told.app and told.app._replace(**answers)
        self._loaded = told._replace(app=app, unprovided=lambda: self._find().unprovided())

    def _answer(self, name: str) -> Callable[[], Any]:
        return lambda: getattr(self._find().app, name)()

    def _find(self) -> Loaded:
        if self._whole is None:
            self._whole = self._loader.load(self._started)
        return self._whole


class Loader:
    """Finds what the services of one tree load."""

    def __init__(
        self, tree: Tree, mapper: Mapper, evidence: Evidence, requirements: Mapping[str, Requirements]
    ) -> None:
        self._tree = tree
        self._mapper = mapper
        self._evidence = evidence
        self._requirements = requirements

    def load(self, started: Started) -> Loaded:
        """Find what is loaded; where that makes flasklint itself fail, it is a problem."""
        try:
            return self._loaded(started)
        except Exception as error:
            return Loaded(problems=(internal(error, started.runs.at),))

    def _loaded(self, started: Started) -> Loaded:
        runs, command, server = started.runs, started.command, started.server
        app, folder = self._app(started)
        app = in_root(app, server, command, runs, self._tree) if app else None
        return Loaded(
            app,
            folder,
            static_folder=self._static_folder(app),
            dotenv=env_files(self._tree, folder),
            module=self._tree.relative(app.module.real) if app and app.module else None,
            unprovided=unprovided(runs, app, started.requirements, self._requirements, self._evidence, self._tree),
            problems=tuple(filter(None, map(applications.syntax_problem, app.read if app else ()))),
        )

    def _app(self, started: Started) -> tuple[App | None, str | None]:
        server, start, near, command = started.server, started.start, started.near, started.command
        if server.in_code:
            return self._app_in_code(server), start.folder
        if not isinstance(server.spec, Known) or has_hole(server.spec.value):
            return None, start.folder
        mapped = start
        if server.directory != command.directory:
            mapped = self._mapper.folder(server.directory, near, module_of(server.spec))
        if mapped.folder is None:
            return None, None
        search = [mapped.folder]
        certain = mapped.certain
        for extra in server.search:
            more = self._mapper.folder(extra, mapped.folder)
            certain = certain and more.folder is not None
            search += [more.folder] if more.folder is not None else []
        search += started_in(server, command, self._mapper, near, module_of(server.spec))
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

    def _app_in_code(self, server: ServerFacts) -> App | None:
        """The object that a script hands to `serve()` or calls `run()` on."""
        path = self._tree.relative(server.at.source.real)
        if path is None or not isinstance(server.spec, Known) or not server.spec.value.isidentifier():
            return None
        folder, _, name = path.rpartition("/")
        spec = Known(f"{name.removesuffix('.py')}:{server.spec.value}", server.spec.at)
        return applications.resolve(spec, self._tree, [folder], "script", certain=False)

    def _may_be_installed(self, module: str, directory: Value[str]) -> bool:
        """Whether a module that the tree lacks is a distribution's: the requirements have one of its name, or
        nobody says where the application lies."""
        top = module.partition(".")[0].lower()
        wanted = (want.name for one in self._requirements.values() for want in one.wanted)
        return isinstance(directory, Default) or any(top in (name, *name.split("-")) for name in wanted)

    def _static_folder(self, app: App | None) -> str | None:
        """Flask's static folder in the repository: beside the file that makes the Flask object."""
        if app is None or app.made_at is None or app.static_folder is None or isinstance(app.static_folder, Unknown):
            return None
        path, static = self._tree.relative(app.made_at.source.real), app.static_folder.value
        if path is None or not static or static.startswith("/") or has_hole(static):
            return None
        folder = normpath(f"{path.rpartition('/')[0]}/{static}").lstrip("/")
        return None if folder.startswith("..") else folder


def module_of(spec: Value[str]) -> str:
    """The module that a spec names, or the file `shop/wsgi.py`; `shop/wsgi` is as good as shop.wsgi."""
    name = "" if isinstance(spec, Unknown) else spec.value.partition(":")[0].strip()
    return name if name.startswith("/") or name.endswith(".py") else name.removeprefix("./").replace("/", ".")
