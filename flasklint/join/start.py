"""Whether a unit without a working directory can find its application at all."""

from ..facts import App, Command, Runs, ServerFacts
from ..tree import Tree
from ..value import Default, Unknown

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
