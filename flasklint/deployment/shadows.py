"""Modules of the application whose names other modules have: which of the two an import gets.

Gunicorn looks into its working directory before anything else (gunicorn/app/base.py, `chdir`), Waitress after all
that is installed (waitress/runner.py: `sys.path.append(os.getcwd())`).
"""

from typing import Literal

from ..record import Record
from ..source import Span
from ..value import Known
from .graph import Deployment
from .service import Service

# What Python, Gunicorn and Waitress have imported before the application, in every release: it stays what it is.
_LOADED = frozenset(
    {"abc", "builtins", "codecs", "collections", "enum", "errno", "functools", "importlib", "io", "itertools",
     "keyword", "logging", "operator", "os", "posixpath", "re", "select", "selectors", "socket", "stat", "string",
     "sys", "textwrap", "threading", "time", "traceback", "types", "warnings", "weakref"}
)  # fmt: skip
# Further ones of the standard library, by which people call modules of their own.
_STANDARD = _LOADED | {
    "calendar", "code", "copy", "email", "html", "http", "inspect", "json", "numbers", "platform", "profile", "queue",
    "random", "sched", "secrets", "site", "statistics", "token", "uuid",
}  # fmt: skip
# No module of the standard library has one of these.
_CALLABLES = frozenset({"app", "application", "create_app", "make_app", "wsgi_app", "flask_app"})
_DISTRIBUTIONS = frozenset({"flask", "werkzeug", "jinja2", "click", "markupsafe", "itsdangerous", "blinker"})


class Shadow(Record):
    """A name that two modules have. `file` is the tree's, as its path relative to the input.

    `how`: "standard" and "flask" (the standard library's, or Flask itself, is loaded in its place), "hides" (the
    tree's is imported in the place of a distribution's, and lacks what is asked of it at `at`), "package" (a package
    of that name lies beside the file, and is what is loaded).
    """

    name: str
    file: str
    how: Literal["standard", "flask", "hides", "package"]
    at: Span


def shadow(service: Service, deployment: Deployment) -> Shadow | None:
    """The name of the application, or of what it is made with, that surely means another module than the tree's."""
    app = service.app
    if app is None or not isinstance(app.spec, Known) or service.kind not in ("gunicorn", "waitress"):
        return None
    if app.state == "no-import":
        return _hiding(service, deployment) if service.kind == "gunicorn" else None
    module, _, name = app.spec.value.partition(":")
    path, top = service.module or "", module.partition(".")[0]
    if top == "flask" and service.kind == "waitress":
        own = name in _CALLABLES and "flask.py" in deployment.surroundings.files_below(service.folder or "")
        return Shadow(top, "flask.py", "flask", app.spec.at) if own else None
    if app.state not in ("found", "no-call") or not path:
        return None
    if top in (_LOADED if service.kind == "gunicorn" else _STANDARD):
        plain = name.partition("(")[0] in _CALLABLES
        return Shadow(top, path, "standard", app.spec.at) if plain else None
    beside = f"{path.removesuffix('/__init__.py')}.py"
    if module == top and path.endswith(f"{top}/__init__.py") and _makes_flask(beside, deployment):
        return Shadow(top, beside, "package", app.spec.at)
    return None


def _makes_flask(file: str, deployment: Deployment) -> bool:
    """Whether a file of the tree is there, and makes an application of its own."""
    files = deployment.surroundings.mentions("Flask(")
    return any(f"/{path}".endswith(f"/{file}") for path in files)


def _hiding(service: Service, deployment: Deployment) -> Shadow | None:
    """A module of the tree that is imported for one of the distributions that the application is made with."""
    app = service.app
    if app is None or app.made_at is None or not app.why.startswith("ImportError: cannot import name"):
        return None
    named = {want.name.replace("-", "_") for want in service.requirements.wanted} if service.requirements else set()
    top = app.missing.partition(".")[0]
    if top not in _DISTRIBUTIONS | named:
        return None
    folder, own = f"{service.folder}/" if service.folder else "", f"{top}.py"
    file = own if own in deployment.surroundings.files_below(service.folder or "") else f"{top}/__init__.py"
    return Shadow(top, f"{folder}{file}", "hides", app.made_at)
