"""What several rules ask of a deployment, one rule after another, and is worked out for the first of them only."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

BATCH = 16  # deployments that a rule is asked about before it is the next rule's turn
_MOST = 4 * BATCH  # their services are asked about, too
_kept: list[dict[int, Any]] = []


def answered_once(work_out: Callable[[Asked], Answer]) -> Callable[[Asked], Answer]:
    """Remember the answers about the objects that were asked about last, until `forget`."""
    answers: dict[int, tuple[Asked, Answer]] = {}
    _kept.append(answers)

    @wraps(work_out)
    def answer(about: Asked) -> Answer:
        known = answers.get(id(about))
        if known is None or known[0] is not about:
            if len(answers) >= _MOST:
                answers.clear()
            answers[id(about)] = known = about, work_out(about)
        return known[1]

    return answer


def forget() -> None:
    """Let go of everything that was asked about, and with it of whole trees."""
    for answers in _kept:
        answers.clear()
