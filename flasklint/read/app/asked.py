"""What is told of an application only when a rule asks: most runs have no rule that does."""

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any, TypeVar

from ...facts import VariableRead
from ...source import Span
from ...value import Known
from .glance import Glance
from .modules import Module
from .names import Follower

T = TypeVar("T")


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

    return {
        "reads": _once(reads, ()),
        "programs": _once(programs, ()),
        "needs": _once(needs, ()),
        "may_need": _once(lambda: glance().foreign, frozenset()),
    }


def _reads(follower: Follower, entry: Sequence[Module], made_at: Span | None) -> tuple[VariableRead, ...]:
    from .environ import reads

    return reads(follower, entry, made_at)


def _once(ask: Callable[[], T], nothing: T) -> Callable[[], T]:
    """Ask once; what is nested too deeply tells nothing."""

    @cache
    def answer() -> T:
        try:
            return ask()
        except (RecursionError, MemoryError):
            return nothing

    return answer
