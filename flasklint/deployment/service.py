"""Something that serves the web: who runs it, where, with what."""

from collections.abc import Callable, Mapping
from typing import Literal

from ..address import Address
from ..facts import App, Bind, Command, DotEnv, Problem, Requirements, Runs, ServerFacts, Unit
from ..record import Record
from ..value import Default, Known, Unknown, Value
from ..versions import NOTHING_TOLD, Behaviour


class Loaded(Record):
    """What a service loads when it starts, as far as the repository holds it.

    `folder` is the repository's folder that stands for its working directory, where one was found
    ("" is the root of the input; None: not mapped).
    """

    app: App | None = None
    folder: str | None = None
    static_folder: str | None = None  # the repository's folder of Flask's static files, None where untold
    dotenv: tuple[DotEnv, ...] = ()  # .env and .flaskenv of its folder
    module: str | None = None  # the repository's path of the file that holds the application, None where untold
    unprovided: Callable[[], tuple[Known[str], ...]] = tuple  # modules it imports and no requirement brings
    problems: tuple[Problem, ...] = ()  # what kept flasklint from telling


_NOT_READ = Unknown("not read")


class Service(Record):
    """Something a manager starts that serves the web: who runs it, where, with what.

    What it loads is looked up when somebody asks. `installed` says where the server's
    distribution comes from: "requirements" names it, "elsewhere" (a script, an image, Ansible)
    installs it, "no" (requirements are complete and nothing else installs it), or "unknown".
    `packages` says where scripts, playbooks and documents of the tree put Python packages: into a
    virtual environment, into the system's Python, or nothing that can be told (asked only for
    commands of systemd outside of a virtual environment).
    """

    runs: Runs
    command: Command
    server: ServerFacts
    requirements: Requirements | None = None
    loaded: Callable[[], Loaded] = Loaded
    installed: Literal["requirements", "elsewhere", "no", "unknown"] = "unknown"
    sockets: tuple[Unit, ...] = ()  # socket units that hand their descriptors to it
    packages: Literal["venv", "system", "unknown"] = "unknown"
    for_development: bool = False  # the file that starts it says by its name that it is not for production
    passed_over: tuple[Bind, ...] = ()  # binds of its own that it ignores, since socket units hand it theirs
    told: Mapping[str, str] = NOTHING_TOLD  # releases of programs that the user's settings name

    @property
    def name(self) -> str:
        return self.runs.name

    @property
    def app(self) -> App | None:
        return self.loaded().app

    @property
    def folder(self) -> str | None:
        return self.loaded().folder

    @property
    def static_folder(self) -> str | None:
        return self.loaded().static_folder

    @property
    def dotenv(self) -> tuple[DotEnv, ...]:
        return self.loaded().dotenv

    @property
    def module(self) -> str | None:
        return self.loaded().module

    @property
    def unprovided(self) -> Callable[[], tuple[Known[str], ...]]:
        return self.loaded().unprovided

    @property
    def kind(self) -> str:
        return self.server.kind

    @property
    def server_words(self) -> str:
        """The server as a sentence calls it: "gunicorn", but "the development server"."""
        return "the development server" if self.kind == "flask" else self.kind

    @property
    def unit(self) -> Unit | None:
        return self.runs.unit

    @property
    def binds(self) -> tuple[Bind, ...]:
        return self.server.binds

    @property
    def on_host(self) -> bool:
        """Whether it shares the host's network, rather than living in a container."""
        return not self.runs.container

    @property
    def known_binds(self) -> tuple[tuple[Bind, Address], ...]:
        """Binds whose address is told, written or by default."""
        binds = self.server.binds
        return tuple([(bind, bind.address.value) for bind in binds if not isinstance(bind.address, Unknown)])

    @property
    def all_binds_known(self) -> bool:
        return (
            bool(self.binds)
            and len(self.known_binds) == len(self.binds)
            and not any(address.has_hole for _, address in self.known_binds)
        )

    @property
    def names_no_host(self) -> bool:
        """Whether it is Waitress with no address named: then it listens on every interface."""
        settings = ("host", "listen", "unix_socket")
        return self.kind == "waitress" and all(isinstance(self.setting(name), Default) for name in settings)

    @property
    def binds_by_default(self) -> bool:
        """Whether it listens on the server's own default address, which nobody wrote."""
        return all(bind.at is None for bind in self.binds)

    def runs_beside(self, other: "Service") -> bool:
        """Whether both are surely meant to run at one time on one host.

        Two units that load the same application are alternatives, those of two folders may be of
        two hosts, a template or a unit that nobody enables may never run, `Conflicts=` says so.
        """
        one, two = self.unit, other.unit
        if one is None or two is None:
            return self.runs.manager == other.runs.manager == "supervisor" and _loads(self) != _loads(other)
        if one.source.path.rpartition("/")[0] != two.source.path.rpartition("/")[0]:
            return False
        if "@" in one.name + two.name or one.last("Unit", "Conflicts") or two.last("Unit", "Conflicts"):
            return False
        return all(unit.all("Install", "WantedBy") for unit in (one, two)) and _loads(self) != _loads(other)

    @property
    def has_requirements_only(self) -> bool:
        """Whether its packages are those of the requirements: not the system's, not an image's."""
        if self.runs.manager == "procfile":
            return True
        return self.runs.manager in ("systemd", "supervisor") and self.command.venv is not None

    def does(self, behaviour: Behaviour) -> bool | None:
        """Tell whether the release that it runs with behaves so; None where that cannot be told."""
        return behaviour.holds(self.requirements, self.told)

    def setting(self, name: str) -> Value[object]:
        return self.server.settings.get(name, _NOT_READ)


def _loads(service: Service) -> tuple[object, ...]:
    """What tells one application from another: where it runs and what it loads."""
    directory = service.server.directory
    return (None if isinstance(directory, Unknown) else directory.value, _text(service.server.spec))


def _text(value: Value[str]) -> str | None:
    return None if isinstance(value, Unknown) else value.value
