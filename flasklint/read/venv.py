"""The virtual environment of a command: of its executable, an activation, PATH or VIRTUAL_ENV."""

from posixpath import isabs, join, normpath

from ..deployment.venv import entries
from ..facts import Environment, Word
from ..value import Known, Unknown, Value

IN_VENVS = frozenset(
    {"gunicorn", "waitress-serve", "uvicorn", "hypercorn", "uwsgi", "flask", "python", "newrelic-admin",
     "ddtrace-run", "opentelemetry-instrument"}
)  # fmt: skip
# Folders whose `bin` is no virtual environment's.
_SYSTEM = frozenset(
    {"", "/", "/usr", "/usr/local", "/opt", "/snap", "/opt/homebrew", "/opt/local", "/home/linuxbrew/.linuxbrew"}
)


def venv_of(
    tool: Word | None,
    activated: Known[str] | None,
    environment: Environment,
    directory: Value[str],
    searches: bool,
) -> Known[str] | None:
    """Return the virtual environment's folder: of the executable's path, else of an activation, PATH or VIRTUAL_ENV.

    `tool` is the executable that may lie in one. With `searches` the program is looked up in PATH.
    """
    if tool is not None and "/" in tool.text:
        return _of_tool(tool, directory)
    if activated is not None:
        return activated
    path = environment.known("PATH") if searches else None
    for entry in entries(path) if path is not None else ():
        folder, _, last = entry.value.rstrip("/").rpartition("/")
        if last == "bin" and not _is_system(folder):
            return Known(folder, entry.at)
    return environment.known("VIRTUAL_ENV")


def _of_tool(tool: Word, directory: Value[str]) -> Known[str] | None:
    folder, _, last = normpath(tool.text).rpartition("/")[0].rpartition("/")
    if last not in ("bin", "Scripts") or (not folder and isabs(tool.text)):
        return None
    path = absolute(folder or ".", directory)
    return None if _is_system(path) else Known(path, tool.at)


def _is_system(folder: str) -> bool:
    return folder in _SYSTEM or folder.endswith("/.local") or folder.startswith("$")


def absolute(path: str, directory: Value[str]) -> str:
    """Return the path from the root where the directory it is relative to is known, else as it is written."""
    if isabs(path) or isinstance(directory, Unknown) or path.startswith(("{{", "~", "$")):
        return normpath(path)
    return normpath(join(directory.value, path))
