"""What an application asks of its environment, and the files that may hold it."""

from ..record import Record
from ..source import Source, Span
from ..value import Known, Value
from .systemd import Variable


class VariableRead(Record):
    """A variable of the environment that the application's source asks for.

    `default` is None for `os.environ["X"]`, which raises KeyError where X is not set; else what the source
    goes on with then (`None` itself for `os.environ.get("X")`). `sure`: asked whenever a server imports
    the application. `chooses` is the configuration that the default names, "development" in
    `create_app(os.getenv("FLASK_CONFIG", "development"))`, "" where the value names none.
    """

    name: str
    at: Span
    default: Value[object] | None
    sure: bool
    chooses: str = ""


class DotEnv(Record):
    """A `.env` or `.flaskenv` of the application's folder, as python-dotenv reads it.

    `plain` is True where systemd reads the same from it: no `export`, no `$`, no comment behind a value.
    """

    source: Source
    variables: tuple[Variable, ...]
    plain: bool

    def get(self, name: str) -> Variable | None:
        return next((one for one in reversed(self.variables) if one.name == name), None)


class IdleConfig(Record):
    """A file that looks like Gunicorn's configuration and is not read. `path` is relative to the folder that
    Gunicorn starts in, `values` are the settings it would make."""

    source: Source
    path: str
    values: tuple[tuple[str, Known[object]], ...]
