"""Where a server starts, and which modules it finds from there."""

from collections.abc import Iterable

from ..facts import App, Command, Runs, ServerFacts
from ..tree import Tree
from ..value import Default, Known, Unknown
from .paths import Mapper

_INSTALLERS = ("pyproject.toml", "setup.py", "setup.cfg")
_STATES = ("found", "no-import", "no-attribute", "no-call")


def in_root(app: App, server: ServerFacts, command: Command, runs: Runs, tree: Tree) -> App:
    """Return the application, as a missing module where it is surely looked for in `/`.

    systemd starts a service in / unless told otherwise, and sys.path then holds / and site-packages.
    The module may still be there as an installed distribution, and through PYTHONPATH or another root.
    """
    unit = runs.unit
    if (
        unit is None
        or not unit.lacks("Service", "WorkingDirectory")
        or app.state not in _STATES
        or server.kind not in ("gunicorn", "waitress")
    ):
        return app
    told = not isinstance(server.directory, Default) or server.search or unit.last("Service", "RootDirectory")
    through = command.through_shell or command.script is not None
    if told or through or command.environment.get("PYTHONPATH") is not None:
        return app
    if any(tree.named(file) for file in _INSTALLERS):
        return app
    module = server.spec.value.partition(":")[0] if not isinstance(server.spec, Unknown) else ""
    return app._replace(state="no-module", missing=module.partition(".")[0], why="looked for in /")


def started_in(server: ServerFacts, command: Command, mapper: Mapper, near: str, module: str) -> list[str]:
    """The folder that Gunicorn is started in, where `--chdir` names another: that comes before it on sys.path, and
    leaves it there (gunicorn/app/base.py: `load_config` calls `chdir` before and after it reads the options)."""
    started = command.directory
    if server.kind != "gunicorn" or server.directory == started or not isinstance(started, Known):
        return []
    folder = mapper.folder(started, near, module).folder
    return [] if folder is None else [folder]


def comes_first(app: App, search: Iterable[str], tree: Tree) -> bool:
    """Whether the module that lacks a name is found in the tree, before all that is installed."""
    top = app.missing.partition(".")[0]
    files = (f"{folder}/{file}".lstrip("/") for folder in search for file in (f"{top}.py", f"{top}/__init__.py"))
    return app.why.startswith("ImportError") and any(tree.is_file(file) for file in files)
