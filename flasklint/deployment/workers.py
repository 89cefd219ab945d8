"""Gunicorn's workers: how many requests a service answers at a time, and for how long."""

from ..value import Default, Known, Unknown
from .service import Service

_SYNC = frozenset({"sync", "gunicorn.workers.sync.SyncWorker", "egg:gunicorn#sync"})


def is_sync(service: Service) -> bool:
    """Tell whether each worker surely answers one request at a time; with threads they are gthread workers."""
    kind, threads = service.setting("worker_class"), service.setting("threads")
    if service.kind != "gunicorn" or isinstance(kind, Unknown) or isinstance(threads, Unknown):
        return False
    return kind.value in _SYNC and threads.value in (1, "1", None)


def timeout(service: Service) -> Known[int] | Default[int] | None:
    """Return the seconds after which a sync worker is killed; None where that cannot be told, or never happens.

    In any other worker it is the heartbeat that counts, not the request.
    """
    value = service.setting("timeout")
    if isinstance(value, Unknown) or not isinstance(value.value, int) or value.value <= 0 or not is_sync(service):
        return None
    return Known(value.value, value.at) if isinstance(value, Known) else Default(value.value, value.source)
