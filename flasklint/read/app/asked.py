"""What is told of an application only when a rule asks: most runs have no rule that does."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from ...facts import Rendered, VariableRead
from ...source import Span
from ...value import Known
from .glance import Glance
from .modules import Module
from .names import Follower

T = TypeVar("T")


class Once(Generic[T]):
    """A question that is asked once, cheaper to make than a cached function."""

    __slots__ = ("_answer", "_ask")

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask: Callable[[], T] | None = ask
        self._answer: T

    def __call__(self) -> T:
        if self._ask:
            self._answer = self._ask()
            self._ask = None
        return self._answer


def _once(ask: Callable[["Asked"], Iterable[T]]) -> Callable[["Asked"], tuple[T, ...]]:
    """Ask once; what is nested too deeply tells nothing."""

    def answer(asked: "Asked") -> tuple[T, ...]:
        if ask not in asked.told:
            try:
                asked.told[ask] = tuple(ask(asked))
            except (RecursionError, MemoryError):
                asked.told[ask] = ()
        return asked.told[ask]

    return answer


class Asked:
    """Answers by the names that `App` has for them.

    Only what has to keeps the follower, and with it all syntax trees that it has opened.
    """

    __slots__ = ("_entry", "_glance", "_made_at", "_reader", "_search", "_tree", "told")

    def __init__(
        self, follower: Follower, entry: Sequence[Module], made_at: Span | None, glance: Callable[[], Glance]
    ) -> None:
        texts = [scope.code.source.text for scope in follower.opened()]
        self._reader = follower if any("environ" in text or "getenv" in text for text in texts) else None
        self._tree, self._search = follower.tree, follower.search
        self._entry = entry
        self._made_at = made_at
        self._glance = glance
        self.told: dict[object, tuple[Any, ...]] = {}

    @_once
    def reads(self) -> tuple[VariableRead, ...]:
        if self._reader is None:
            return ()
        from .environ import reads

        return reads(self._reader, self._entry, self._made_at)

    @_once
    def programs(self) -> tuple[Known[str], ...]:
        if not self._glance().starts_programs:
            return ()
        from .programs import programs

        return programs(self._tree, self._search, self._entry)

    @_once
    def needs(self) -> tuple[Known[str], ...]:
        from .foreign import foreign

        return foreign(self._tree, self._search, self._entry)

    @_once
    def lacks(self) -> tuple[Rendered, ...]:
        if not self._glance().rendered:
            return ()
        from .templates import lacking

        return lacking(self._tree, self._search, self._entry, self._glance().rendered, self._glance().foreign)

    def may_need(self) -> frozenset[str]:
        try:
            return self._glance().foreign
        except (RecursionError, MemoryError):
            return frozenset()
