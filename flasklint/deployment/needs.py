"""The files of the host that a service cannot do without: what it is started from, and what it writes.

The symptoms are those of systemd 252, Gunicorn 27 and SQLite, each seen when the file was out of reach.
"""

from collections.abc import Iterator
from posixpath import join, normpath

from ..facts import Runs, Unit
from ..record import Record
from ..source import Span
from ..value import Known, Unknown, Value, has_hole
from .service import Service

# Where Python's tempfile looks before the current directory; nothing is written there here.
_TEMPORARY = ("/tmp", "/var/tmp", "/usr/tmp")  # noqa: S108 - looked for; nothing is written there
_TEMPORARY_TOLD = ("TMPDIR", "TEMP", "TMP")  # what it asks first (Lib/tempfile.py)
HEARTBEAT = "the heartbeat file of its workers"
_SQLITE = "sqlite:///"
# Settings of Flask and its extensions that name a folder which is written to.
_FOLDERS = ("UPLOAD_FOLDER", "UPLOADS_DEFAULT_DEST", "SESSION_FILE_DIR", "CACHE_DIR")
_DATABASES = ("SQLALCHEMY_DATABASE_URI", "DATABASE", "DATABASE_URI", "DATABASE_PATH")
_MISSING = "No such file or directory"
_NO_DATABASE = "unable to open database file, or attempt to write a readonly database"
_READ_ONLY = "Read-only file system"


class Need(Record):
    """An absolute path of the host, what it is to the service, and what is seen where it is out of reach.

    `relative` is True where it was written relative: then a part of it was guessed.
    """

    what: str
    path: str
    at: Span
    symptom: str
    relative: bool = False


def started_from(runs: Runs, unit: Unit, service: Service | None = None) -> Iterator[Need]:
    """What a unit's command is started from: its program, its directory, its virtual environment, its config file."""
    folder = unit.last("Service", "WorkingDirectory")
    if folder and isinstance(runs.directory, Known) and not folder.value.startswith("-"):
        yield from _need("its working directory", runs.directory, "status=200/CHDIR")
    program = runs.words[0] if runs.words else None
    if program and program.fixed:
        yield from _need("its program", Known(program.text, program.at), "status=203/EXEC")
    if service is None:
        return
    if isinstance(service.server.directory, Known) and service.server.directory != runs.directory:
        yield from _need("the directory it changes to", service.server.directory, _MISSING)
    if service.command.venv and service.command.through_shell:
        yield from _need("its virtual environment", service.command.venv, _MISSING)
    for word in runs.words[1:]:
        if word.fixed:
            yield from _need("a file of its command", Known(word.text, word.at), _MISSING)
    config = service.setting("config")
    if isinstance(config, Known) and isinstance(config.value, str):
        yield from _need("its config file", Known(config.value, config.at), _MISSING)


def logs_of(service: Service) -> Iterator[Need]:
    """The log files that a service writes itself, as far as literal paths tell."""
    if service.kind == "gunicorn":
        for name, what in (("errorlog", "its error log"), ("accesslog", "its access log")):
            yield from _written(service.setting(name), what, service.server.directory, "isn't writable")


def written_by(service: Service) -> Iterator[Need]:
    """What a service writes as far as literal paths tell: logs, pid file, socket, database, uploads."""
    directory = service.server.directory
    yield from logs_of(service)
    if service.kind == "gunicorn":
        yield from _written(service.setting("pidfile"), "its pid file", directory, _READ_ONLY)
    if not service.sockets:
        for bind, address in service.known_binds:
            if address.is_unix and bind.at and address.path.startswith("/") and not address.has_hole:
                yield Need("its socket", address.path, bind.at, _READ_ONLY)
    config = app.config if (app := service.app) and app.state == "found" else {}
    for name in _DATABASES:
        value = config.get(name)
        if isinstance(value, Known) and isinstance(value.value, str):
            path = _database(value.value)
            if path and (path.startswith("/") or not _moves_instance(service)):
                yield from _written(Known(path, value.at), "its database", directory, _NO_DATABASE)
    for name in _FOLDERS:
        if name in config:
            yield from _written(config[name], name, directory, _READ_ONLY)


def lacks_temporary_folder(service: Service) -> tuple[str, ...]:
    """The folders one of which a worker of Gunicorn needs for its heartbeat file; none where another is told."""
    told = service.setting("worker_tmp_dir")
    directory = service.server.directory
    if service.kind != "gunicorn" or isinstance(told, Known | Unknown) or isinstance(directory, Unknown):
        return ()
    if any(service.server.environment.get(name) is not None for name in _TEMPORARY_TOLD):
        return ()
    return (*_TEMPORARY, normpath(directory.value))


def _need(what: str, path: Known[str], symptom: str) -> tuple[Need, ...]:
    if path.value.startswith("/") and not has_hole(path.value) and "$" not in path.value:
        return (Need(what, normpath(path.value), path.at, symptom),)
    return ()


def _written(value: Value[object], what: str, directory: Value[str], symptom: str) -> tuple[Need, ...]:
    if not isinstance(value, Known) or not isinstance(value.value, str) or value.value in ("", "-"):
        return ()
    path = value.value
    if has_hole(path) or isinstance(directory, Unknown) or has_hole(directory.value) or path.startswith(("~", "$")):
        return ()
    return (Need(what, normpath(join(directory.value, path)), value.at, symptom, not path.startswith("/")),)


def _database(text: str) -> str:
    """The file of an SQLite database, by its path or by SQLAlchemy's `sqlite:////srv/shop/shop.db`; "" of any other."""
    if text.startswith(_SQLITE):
        path = text[len(_SQLITE) :].partition("?")[0]
        return "" if path == ":memory:" else path
    return text if text.endswith((".db", ".sqlite", ".sqlite3")) and ":" not in text else ""


def _moves_instance(service: Service) -> bool:
    """Whether the application names its instance folder, which Flask-SQLAlchemy puts a relative database in."""
    made = service.app.made_at if service.app else None
    return made is not None and "instance_path" in made.source.text
