"""Who gives a service the variables of its environment, and what its application asks for."""

from collections.abc import Iterator

from ..facts import DotEnv, Unit, Variable, VariableRead
from ..source import Span
from ..value import Known, Unknown, has_hole
from .graph import Deployment
from .once import answered_once
from .service import Service
from .surroundings import MANY

# Variables that servers and frameworks read for themselves: whoever adds one changes more than the application.
READ_BY_SERVERS = frozenset(
    {"PORT", "WEB_CONCURRENCY", "GUNICORN_CMD_ARGS", "FORWARDED_ALLOW_IPS", "SENDFILE", "PATH", "PYTHONPATH", "HOME",
     "VIRTUAL_ENV", "LD_LIBRARY_PATH", "TZ"}
)  # fmt: skip
_BY_HAND = ("systemctl edit", "systemctl set-environment")  # a drop-in or a variable that no file of the tree holds
_DOCUMENTS = (".md", ".rst", ".txt", ".html")
_OF_THE_HOST = frozenset(
    {"HOME", "USER", "LOGNAME", "SHELL", "PATH", "PWD", "LANG", "TERM", "HOSTNAME", "TMPDIR", "TZ"}
)


def in_force(name: str, service: Service) -> Variable | None:
    """The assignment of a variable that the server starts with, where its value is known."""
    for variable in reversed(service.server.environment.variables):
        if variable.name == name:
            return variable if isinstance(variable.value, Known) else None
    return None


def is_unset(name: str, service: Service, deployment: Deployment) -> bool:
    """Whether the application surely does not find a variable when it is loaded.

    The manager's files are all seen, no config file of the server may set it, and no Python source of the
    tree reads files of variables or sets it.
    """
    unit = service.unit
    if service.runs.manager not in ("systemd", "compose") or service.for_development or name in _OF_THE_HOST:
        return False
    if service.server.environment.get(name) is not None or (unit is not None and unit.is_open):
        return False
    if service.kind == "gunicorn" and isinstance(service.setting("raw_env"), Unknown):
        return False
    around = deployment.surroundings
    if around.loads_env_files or around.may_set(name):
        return False
    return unit is None or not any(around.mentions(word) for word in _BY_HAND)


def is_promised(name: str, deployment: Deployment, *, documents: bool) -> bool:
    """Whether a file of the tree that is no Python speaks of a variable: it may be given where nobody sees it."""
    files = deployment.surroundings.mentions(name)
    return any(not path.endswith(".py") and (documents or not path.endswith(_DOCUMENTS)) for path in files)


def asked(service: Service) -> tuple[VariableRead, ...]:
    """What the application asks of its environment, where it was found."""
    return app.reads() if (app := service.app) and app.state == "found" else ()


def unread(service: Service, deployment: Deployment) -> Iterator[tuple[VariableRead, DotEnv, Variable]]:
    """Variables that the application asks for, finds nowhere, and that a `.env` in its folder holds."""
    for read in asked(service):
        for file in service.dotenv:
            variable = file.get(read.name)
            if variable and is_unset(read.name, service, deployment):
                yield read, file, variable


@answered_once
def wsgi_services(deployment: Deployment) -> tuple[Service, ...]:
    """Services for production: those that no development server serves."""
    return tuple(one for one in deployment.of_kind("gunicorn", "waitress", "uwsgi") if not one.for_development)


def quoted_arguments(service: Service) -> Known[str] | None:
    """`GUNICORN_CMD_ARGS` where quotes around all of it reach Gunicorn, which then takes it for one argument.

    None for one short option with its value, `'-w 3'`, which argparse takes apart all the same.
    """
    value = service.server.environment.known("GUNICORN_CMD_ARGS")
    text = value.value.strip() if value else ""
    quote, inner = text[:1], text[1:-1]
    if value is None or quote not in ("'", '"') or text[-1:] != quote or quote in inner or has_hole(text):
        return None
    words = inner.split()
    works = len(words) < 2 or (len(words) == 2 and inner[:1] == "-" and inner[1:2] != "-")
    return None if works or len(text) < 3 else value


def is_in_quotes(at: Span, service: Service) -> bool:
    """Whether a place lies in a `GUNICORN_CMD_ARGS` that is one argument for its quotes."""
    quoted = quoted_arguments(service) if service.kind == "gunicorn" else None
    return quoted is not None and quoted.at.source is at.source and quoted.at.start <= at.start <= quoted.at.end


def users_of(unit: Unit, deployment: Deployment) -> tuple[Service, ...]:
    """The services that a unit starts."""
    return tuple(service for service in deployment.services if service.unit is unit)


def is_named(word: str, deployment: Deployment, *, but: tuple[str, ...], documents: bool = True) -> bool:
    """Whether any file holds a word, `but` those of these paths; also where too many were not looked into."""
    files = (path for path in deployment.surroundings.mentions(word) if path not in but)
    return any(path == MANY or documents or not path.endswith(_DOCUMENTS) for path in files)
