"""What was joined, and why: the answer to "how does it come to that?"."""

from collections.abc import Iterator

from ..deployment import Deployment, Route, Service
from ..facts import Bind, NginxConfig
from ..hints import pinned
from ..result import Result
from ..settings import Settings
from ..source import Span
from ..value import Default, Unknown, Value
from ._screen import beginning, visible


def render(result: Result, settings: Settings) -> str:
    """Return a paragraph for every deployment."""
    lines = [f"settings: {visible(settings.config_file)}" if settings.config_file else "settings: no file"]
    lines += [f"  {visible(folder)} on the target is {visible(inside)}/" for folder, inside in settings.paths.items()]
    for deployment in result.deployments:
        lines += ["", *_deployment(deployment, settings)]
    return "".join(f"{line}\n" for line in (*lines, ""))


def _deployment(deployment: Deployment, settings: Settings) -> Iterator[str]:
    yield f"deployment {beginning(deployment.name)}"
    if deployment.left_alone:
        yield f"  left alone: {visible(deployment.left_alone)}"
    for service in deployment.services:
        yield from (f"  {line}" for line in _service(service))
    for runs in deployment.others:
        opaque = "may listen somewhere" if runs in deployment.opaque else "serves no web"
        yield f"  command {visible(runs.name)} ({_place(runs.at)}): {opaque}"
    for config in deployment.nginx:
        yield from (f"  {line}" for line in _nginx(config, deployment, settings))
    yield from (f"  not seen: {visible(name)}" for name in deployment.unseen)


def _service(service: Service) -> Iterator[str]:
    yield f"service {visible(service.name)} ({_place(service.runs.at)}), started by {service.runs.manager}"
    binds = [f"{visible(bind.written) or _default(bind)}{_origin(bind.at)}" for bind in service.binds]
    yield f"  {service.server_words} listens on {', '.join(binds) or 'what cannot be told'}"
    app = service.app
    loads = f"  loads {_value(service.server.spec)}"
    found = f" from {visible(app.module.path)}" if app and app.module else ""
    yield f"{loads}{found}{f' ({app.state})' if app and app.state != 'found' else ''}"
    yield f"  its working directory {_value(service.server.directory)} is {_folder(service.folder)}"
    if service.requirements:
        files = ", ".join(visible(file.path) for file in service.requirements.files)
        yield f"  its requirements are those of {files or visible(service.requirements.folder)}"


def _nginx(config: NginxConfig, deployment: Deployment, settings: Settings) -> Iterator[str]:
    routes = [route for route in deployment.routes if route.config is config]
    reached = any(hop.route.config is config for hop in deployment.hops)
    why = "it forwards to a service here" if reached else "it lies nearest"
    if settings.deployments and pinned(settings)(config.files[0].real):
        why = "the settings say so"
    yield f"nginx {', '.join(visible(file.path) for file in config.files)}, here since {why}"
    for route in routes:
        yield f"  {_location(route)} forwards to {visible(route.forwards.written.value)}, {_arrives(route, deployment)}"


def _location(route: Route) -> str:
    location = route.location
    name = "server" if location.modifier == "server" else f"location {location.modifier} {location.pattern}"
    return f"{visible(' '.join(name.split()))} ({_place(location.at)})"


def _arrives(route: Route, deployment: Deployment) -> str:
    hops = deployment.hops_of(route)
    if hops:
        return ", ".join(f"which is {visible(hop.service.name)} at {visible(str(hop.address))}" for hop in hops)
    known = [target for target in route.targets if not isinstance(target, Unknown)]
    return "where nobody of the input listens" if known else "which cannot be told"


def _value(value: Value[str]) -> str:
    if isinstance(value, Unknown):
        return f"(unknown: {visible(value.why)})"
    return f"{visible(value.value)}{' (default)' if isinstance(value, Default) else _origin(value.at)}"


def _origin(at: Span | None) -> str:
    return f" ({_place(at)})" if at else " (default)"


def _folder(folder: str | None) -> str:
    if folder is None:
        return "not in the input"
    return f"{visible(folder)}/ of the input" if folder else "the root of the input"


def _default(bind: Bind) -> str:
    return "what cannot be told" if isinstance(bind.address, Unknown) else visible(str(bind.address.value))


def _place(at: Span) -> str:
    return f"{visible(at.path)}:{at.line}"
