"""A configuration that Gunicorn does not read, and what it would have set."""

from collections.abc import Iterator

from ..address import Address
from ..facts import IdleConfig
from ..record import Record
from ..value import Default, Known
from .graph import Deployment, Route
from .providers import is_named
from .service import Service


class PassedOver(Record):
    """The one file that looks like a service's configuration and that nothing names; `lost` are its settings that
    are written nowhere else and differ from Gunicorn's defaults."""

    config: IdleConfig
    lost: tuple[tuple[str, Known[object]], ...]


def passed_over(service: Service, deployment: Deployment) -> PassedOver | None:
    """Return the configuration that a service surely does not read, though it is meant for it."""
    if service.kind != "gunicorn" or len(service.server.idle) != 1 or not service.app or service.app.state != "found":
        return None
    config = service.server.idle[0]
    lost = tuple((name, value) for name, value in config.values if _is_lost(name, value, service))
    stem = config.path.rpartition("/")[2].removesuffix(".py")
    if not lost or is_named(stem, deployment, but=(config.source.path,), documents=False):
        return None
    return PassedOver(config, lost)


def binds_in_vain(service: Service, address: Address, deployment: Deployment) -> bool:
    """Whether the configuration that a service does not read binds an address where nothing listens now."""
    if not service.server.idle or not service.binds_by_default:
        return False
    found = passed_over(service, deployment)
    return found is not None and any(name == "bind" and _is(value, address) for name, value in found.lost)


def missed_by(service: Service, deployment: Deployment) -> Iterator[tuple[Route, Known[Address]]]:
    """Routes of nginx to an address that only the configuration which is not read would bind."""
    for route, target in deployment.dead_ends:
        if deployment.meant_by(route, target) is service and binds_in_vain(service, target.value, deployment):
            yield route, target


def _is_lost(name: str, value: Known[object], service: Service) -> bool:
    current = service.setting(name)
    if not isinstance(current, Default):
        return False
    listed = value.value if isinstance(value.value, tuple | list) else (value.value,)
    return current.value not in (value.value, tuple(listed))


def _is(value: Known[object], address: Address) -> bool:
    return value.value == str(address) or (isinstance(value.value, tuple | list) and str(address) in value.value)
