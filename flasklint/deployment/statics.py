"""Flask's static files on the host: what is surely missing where nginx looks for them."""

from posixpath import basename, normpath

from ..facts import NginxLocation
from .graph import Deployment
from .providers import is_named
from .service import Service
from .target import is_built, lies_in


def may_exist(meant: str, static: str, deployment: Deployment) -> bool:
    """Whether the folder is there, is built later, or is right on a target laid out otherwise."""
    if meant in deployment.folders or meant.endswith(f"/{static}") or is_built(meant):
        return True
    name = basename(meant)
    return name != basename(static) and any(basename(folder) == name for folder in deployment.folders)


def is_meant_here(path: str, location: NginxLocation, service: Service, deployment: Deployment) -> bool:
    """Whether a relative path is surely that of the application's static folder, and nginx is not started in it."""
    static, folder = service.static_folder or "", service.folder or ""
    named = normpath(path) in (static, static.removeprefix(f"{folder}/"))
    return named and _answers_itself(location, service, deployment) and not is_named("nginx -p", deployment, but=())


def is_surely_missing(served: str, location: NginxLocation, service: Service, deployment: Deployment) -> bool:
    """Whether a folder that the tree lacks is surely not filled on the host either: nothing builds files, and only
    nginx names it."""
    if not lies_in(served, service) or not _answers_itself(location, service, deployment):
        return False
    return not deployment.surroundings.is_built and not is_named(basename(served), deployment, but=(location.at.path,))


def _answers_itself(location: NginxLocation, service: Service, deployment: Deployment) -> bool:
    """Whether nginx leaves no file that it does not find to Flask, which has files there."""
    static = service.static_folder
    there = static is not None and bool(deployment.surroundings.files_below(static))
    return there and not location.falls_back
