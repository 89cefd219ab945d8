"""An application server's settings: what its command line, environment and config file come to."""

from collections.abc import Mapping
from typing import Literal

from ..address import Address
from ..record import Record
from ..source import Source, Span
from ..value import Value
from .environ import IdleConfig
from .problem import Problem
from .systemd import Environment


class Bind(Record):
    """One address an application server opens. `address` is Unknown where it cannot be told.

    `written` is the text it came from, `relative` the path as written where a relative socket path
    was made absolute. `protocol` is what uWSGI speaks on this one ("http", "uwsgi", "" where it cannot be told).
    """

    address: Value[Address]
    written: str
    at: Span | None  # None for a built-in default
    relative: str = ""
    protocol: str = ""


class ServerFacts(Record):
    """What a server's command line, environment and config file come to.

    `kind` is "gunicorn", "waitress", "flask" (the development server), "uwsgi", "uvicorn" or "gevent".
    `settings` are by the server's own setting names (gunicorn: "workers", "timeout"; waitress: "threads",
    "trusted_proxy"; flask: "debug"). `spec` is the application spec as the server gets it. `directory` is the
    one in force when the application is imported. `search` are further folders that the server puts on
    sys.path (--pythonpath, PYTHONPATH).
    """

    kind: Literal["gunicorn", "waitress", "flask", "uwsgi", "uvicorn", "gevent"]
    at: Span
    binds: tuple[Bind, ...]
    spec: Value[str]
    settings: Mapping[str, Value[object]]
    directory: Value[str]
    environment: Environment
    search: tuple[Value[str], ...] = ()
    problems: tuple[Problem, ...] = ()
    files: tuple[Source, ...] = ()  # config files that were read
    call: bool = False  # waitress-serve --call
    in_code: bool = False  # waitress.serve(...) or app.run(...) in a Python file
    ignored: tuple[Problem, ...] = ()  # what it passes over in silence, though it looks like a setting
    idle: tuple[IdleConfig, ...] = ()  # what looks like a config file of Gunicorn, where it reads none
