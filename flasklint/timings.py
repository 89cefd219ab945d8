"""How long each reader and each rule takes.

The functions are replaced by timed ones for as long as somebody measures, so that nobody else pays. Modules are
imported before, and all work is done in this process: what is measured is the work alone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from time import perf_counter
from typing import Any

from .record import Record
from .rule import Rule

STAGES = {
    "find files": ("flasklint.run", "_tree"),
    "tell their kinds": ("flasklint.run", "discover"),
    "join": ("flasklint.join", "join"),
    "sift": ("flasklint.run", "sift"),
}
READERS = {
    "nginx": ("flasklint.read.nginx", "read"),
    "systemd": ("flasklint.read.systemd", "read"),
    "compose": ("flasklint.read.compose", "read"),
    "supervisor": ("flasklint.read.supervisor", "read"),
    "procfile": ("flasklint.read.procfile", "read"),
    "dockerfile": ("flasklint.read.dockerfile", "read"),
    "requirements": ("flasklint.read.requirements", "read"),
    "windows": ("flasklint.read.windows", "read"),
    "command": ("flasklint.read.command", "unwrap"),
    "gunicorn": ("flasklint.read.gunicorn", "read"),
    "waitress": ("flasklint.read.waitress", "read"),
    "uwsgi": ("flasklint.read.uwsgi", "read"),
    "application": ("flasklint.read.app", "resolve"),
}


class Spent(Record):
    """Seconds spent in something itself, without what else is measured inside, and in how many calls.

    `kind` is "stage", "reader" or "rule".
    """

    kind: str
    name: str
    seconds: float
    calls: int


class Timings:
    """Measures what happens in the block."""

    def __init__(self) -> None:
        self._spent: dict[tuple[str, str], tuple[float, int]] = {}
        self._inner = [0.0]  # of each call under way, the seconds that others take inside

    @property
    def spent(self) -> list[Spent]:
        """What took longest comes first."""
        found = [Spent(kind, name, seconds, calls) for (kind, name), (seconds, calls) in self._spent.items()]
        return sorted(found, key=lambda one: -one.seconds)

    @contextmanager
    def measuring(self) -> Iterator[None]:
        replaced = []
        for kind, functions in (("stage", STAGES), ("reader", READERS)):
            for name, (module, attribute) in functions.items():
                replaced.append(self._replace(module, attribute, self._timer(kind, name)))
        replaced.append(self._replace("flasklint.rule", "load", self._load))
        replaced.append(self._replace("flasklint.aside", "_is_possible", lambda _: lambda: False))
        try:
            yield
        finally:
            for module, attribute, original in replaced:
                setattr(module, attribute, original)

    def _replace(self, name: str, attribute: str, change: Callable[[Any], Any]) -> tuple[Any, str, Any]:
        module = import_module(name)
        original = getattr(module, attribute)
        setattr(module, attribute, change(original))
        return module, attribute, original

    def _timer(self, kind: str, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Return what makes a timed function of one; what a generator yields is made at once."""

        def change(function: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(function)
            def timed(*args: Any, **kwargs: Any) -> Any:
                self._inner.append(0.0)
                started = perf_counter()
                try:
                    result = function(*args, **kwargs)
                    return list(result) if isinstance(result, Iterator) else result
                finally:
                    took = perf_counter() - started
                    inner = self._inner.pop()
                    self._inner[-1] += took
                    seconds, calls = self._spent.get((kind, name), (0.0, 0))
                    self._spent[kind, name] = seconds + took - inner, calls + 1

            return timed

        return change

    def _load(self, load: Callable[..., tuple[Rule, ...]]) -> Callable[..., tuple[Rule, ...]]:
        def loaded(*args: Any) -> tuple[Rule, ...]:
            return tuple(one._replace(check=self._timer("rule", one.name)(one.check)) for one in load(*args))

        return loaded
