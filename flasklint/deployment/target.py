"""Paths on the target, and which folders of the repository stand for them."""

from posixpath import basename, normpath

from ..facts import App, NginxLocation
from ..value import Known, Unknown, has_hole
from .once import answered_once
from .service import Service

# Folders that a build step fills: nobody commits them.
_BUILT = frozenset(
    {"dist", "build", "out", "output", "public", "bundle", "bundles", "compiled", "generated", "cache",
     "staticfiles", "static_root", "collected", "collected_static", "static_collected", "collectstatic"}
)  # fmt: skip


def is_built(path: str) -> bool:
    """Tell whether a folder of the repository is one that a build step fills, or a hidden one."""
    return any(part in _BUILT or part.startswith(".") for part in path.split("/"))


def is_plain(path: str) -> bool:
    """Tell whether a path is absolute and holds neither a variable of nginx nor one of a template."""
    return path.startswith("/") and path != "/" and "$" not in path and not has_hole(path)


def is_relative(path: str) -> bool:
    """Tell whether a path is surely a relative one, with neither a variable of nginx nor one of a template."""
    return path[:1] not in ("", "/", "~", "$", ".") and "$" not in path and ":" not in path and not has_hole(path)


def is_static(location: NginxLocation, app: App) -> bool:
    """Tell whether a prefix location is that of the application's static addresses."""
    url = app.static_url_path
    if url is None or isinstance(url, Unknown) or location.modifier not in ("", "^~"):
        return False
    path = url.value.strip("/")
    return bool(path) and location.pattern.strip("/") == path


def in_tree(path: str, service: Service) -> str | None:
    """Return the repository's path for one of the target that lies in a service's working directory, or
    beside it where both bear one name. None where that cannot be told."""
    start, folder = _start(service), service.folder
    if not start or folder is None:
        return None
    if path.startswith(f"{start}/"):
        return normpath(f"{folder}/{path[len(start) + 1 :]}").lstrip("/")
    above = start.rpartition("/")[0]
    if above and folder and basename(start) == basename(folder) and path.startswith(f"{above}/"):
        return normpath(f"{folder.rpartition('/')[0]}/{path[len(above) + 1 :]}").lstrip("/")
    return None


def lies_in(path: str, service: Service) -> bool:
    """Tell whether a path of the target surely lies below the working directory of a service."""
    start = _start(service)
    return bool(start) and normpath(path).startswith(f"{start}/")


def on_target(path: str, service: Service) -> str | None:
    """Return the target's path for one of the repository that lies in a service's folder."""
    start, folder = _start(service), service.folder
    if not start or folder is None or (folder and not path.startswith(f"{folder}/")):
        return None
    return f"{start}/{path[len(folder) + 1 if folder else 0 :]}"


def module_file(service: Service) -> str:
    """Return the host's path of the file that holds the application, "" where that cannot be told."""
    if not service.on_host or service.module is None:
        return ""
    return on_target(service.module, service) or ""


def folder_served(location: NginxLocation) -> str:
    """Return the target's folder that a prefix location's files come from, "" where that cannot be told,
    or where `root` doubles the location's own path."""
    files = location.files
    if not files or not is_plain(files.path.value):
        return ""
    folder, path = files.path.value.rstrip("/"), location.pattern.strip("/")
    if files.how == "root":
        return "" if folder.endswith(f"/{path}") else normpath(f"{folder}/{path}")
    return "" if files.inherited else normpath(folder)


@answered_once
def _start(service: Service) -> str:
    """The directory of the target that a service starts in, "" where that cannot be told."""
    start = service.server.directory
    return normpath(start.value) if isinstance(start, Known) and is_plain(start.value) else ""
