"""What several rules ask of one deployment, one after another, and is worked out for the first of them only."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


def answered_once(work_out: Callable[[Asked], Answer]) -> Callable[[Asked], Answer]:
    """Remember the answer about the object that was asked about last, so that no more than one is kept alive.

    That is enough, as every rule is asked about one deployment before the next one's turn.
    """
    last: tuple[Asked, Answer] | None = None

    @wraps(work_out)
    def answer(about: Asked) -> Answer:
        nonlocal last
        known = last  # another thread may ask meanwhile
        if known is None or known[0] is not about:
            last = known = about, work_out(about)
        return known[1]

    return answer
