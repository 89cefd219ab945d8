"""From a spec to the application. Gunicorn and Waitress import a module: a spec that names its file is refused."""

from collections.abc import Sequence
from posixpath import join, normpath

from ...facts import App
from ...facts.app import is_file
from ...tree import Tree
from ...value import Known, has_hole
from .modules import Module, find
from .resolve import Resolver

_IMPORT_MODULES = frozenset({"gunicorn", "waitress"})


def resolve(
    spec: Known[str], tree: Tree, search: Sequence[str], server: str, *, call: bool = False, certain: bool = True
) -> App:
    """Resolve an application spec as `server` would, without importing anything.

    `search` are folders of the tree in the order of sys.path. `call` is waitress-serve's `--call`.
    With `certain` False the folders were guessed, so that a missing module proves nothing.
    """
    search = tuple(dict.fromkeys(search)) or ("",)
    path, _, name = spec.value.partition(":")
    refused = server in _IMPORT_MODULES and is_file(spec.value) and not has_hole(spec.value)
    if not refused or ("/" not in path and isinstance(find(path, tree, search), Module)):
        return _resolved(spec, tree, search, server, call, certain)
    dotted = _dotted(path, tree, search)
    why = _said(spec.value, server, there=tree.is_file(join(search[0], path)))
    if not dotted:
        return App("refused", spec, missing=path, why=why)
    name = name or "application"
    app = _resolved(Known(f"{dotted}:{name}", spec.at), tree, search, server, call, certain)
    return app._replace(state="refused", spec=spec, missing=path, why=why, meant=_meant(app, dotted, name, server))


def spec_for(path: str, spec: Known[str], tree: Tree, folder: str, server: str) -> str:
    """The spec by which a server that starts in `folder` loads the application of a file below it, by the name
    that `spec` gives it or as its only one. "" where that cannot be told."""
    dotted = _dotted(path.removeprefix(f"{folder}/") if folder else path, tree, (folder,))
    name = spec.value.partition(":")[2].partition("(")[0] or "application"
    if not dotted:
        return ""
    return _meant(resolve(Known(f"{dotted}:{name}", spec.at), tree, [folder], server), dotted, name, server)


def _resolved(spec: Known[str], tree: Tree, search: tuple[str, ...], server: str, call: bool, certain: bool) -> App:
    try:
        return Resolver(spec, tree, search, server, call, certain).app()
    except (RecursionError, MemoryError):
        return App("unknown", spec, why="nested too deeply to be read")


def _dotted(path: str, tree: Tree, search: tuple[str, ...]) -> str:
    """The module of a file in the folder that the server starts in, "" where there is none."""
    inside = normpath(path).removesuffix(".py").removesuffix("/__init__")
    dotted = inside.replace("/", ".")
    if not all(part.isidentifier() for part in dotted.split(".")):
        return ""
    return dotted if isinstance(find(dotted, tree, search[:1]), Module) else ""


def _meant(app: App, dotted: str, name: str, server: str) -> str:
    """The spec that the server would take for the file: of the name that is written, or of its only application."""
    if app.state == "found":
        return f"{dotted}:{name}"
    if app.state == "no-call" and server == "gunicorn" and not app.why:
        return f"{dotted}:{name}()"
    only = app.candidates[0].value if len(app.candidates) == 1 else ""
    return f"{dotted}:{only}" if only and (server == "gunicorn" or not only.endswith(")")) else ""


def _said(spec: str, server: str, *, there: bool) -> str:
    """What the server says; Gunicorn has a guess where the file is there (gunicorn/util.py, import_app)."""
    path, _, name = spec.partition(":")
    if server == "waitress":
        return f"invalid format: {spec!r}" if "/" in path else f"No module named {path!r}"
    if path.startswith("."):
        return f"TypeError: the 'package' argument is required to perform a relative import for {path!r}"
    if there and path.endswith(".py"):
        return f"ImportError: Failed to find application, did you mean '{path[:-3]}:{name or 'application'}'?"
    return f"ModuleNotFoundError: No module named {path!r}"
