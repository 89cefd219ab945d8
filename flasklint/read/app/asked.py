"""What is told of an application only when a rule asks: most runs have no rule that does."""

from collections.abc import Callable, Sequence
from functools import partial
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


def answers(
    follower: Follower, entry: Sequence[Module], made_at: Span | None, glance: Callable[[], Glance]
) -> dict[str, Callable[[], Any]]:
    """Return what answers, by the names that `App` has for it.

    Only what has to keeps the follower, and with it all syntax trees that it has opened.
    """
    tree, search = follower.tree, follower.search
    texts = (scope.code.source.text for scope in follower.opened())
    reads: Callable[[], tuple[VariableRead, ...]] = tuple
    if any("environ" in text or "getenv" in text for text in texts):
        reads = partial(_reads, follower, entry, made_at)

    def programs() -> tuple[Known[str], ...]:
        if not glance().starts_programs:
            return ()
        from .programs import programs

        return programs(tree, search, entry)

    def needs() -> tuple[Known[str], ...]:
        from .foreign import foreign

        return foreign(tree, search, entry)

    def lacks() -> tuple[Rendered, ...]:
        if not glance().rendered:
            return ()
        from .templates import lacking

        return lacking(tree, search, entry, glance().rendered, glance().foreign)

    return {
        "reads": _once(reads, ()),
        "programs": _once(programs, ()),
        "needs": _once(needs, ()),
        "lacks": _once(lacks, ()),
        "may_need": _once(lambda: glance().foreign, frozenset()),
    }


def _reads(follower: Follower, entry: Sequence[Module], made_at: Span | None) -> tuple[VariableRead, ...]:
    from .environ import reads

    return reads(follower, entry, made_at)


def _once(ask: Callable[[], T], nothing: T) -> Callable[[], T]:
    """Ask once; what is nested too deeply tells nothing."""

    def answer() -> T:
        try:
            return ask()
        except (RecursionError, MemoryError):
            return nothing

    return Once(answer)
