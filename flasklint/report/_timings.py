"""Where the time of a run went."""

from collections.abc import Iterable

from ..timings import Spent
from ._screen import visible

LEAST = 0.0005  # seconds that a line is worth


def render(spent: Iterable[Spent]) -> str:
    """Return a line for all that took time, and one for the rest of each kind."""
    lines = ["  seconds   calls  of which"]
    for kind in ("stage", "reader", "rule"):
        all_of_kind = [one for one in spent if one.kind == kind]
        shown = [one for one in all_of_kind if one.seconds >= LEAST]
        rest = [one for one in all_of_kind if one.seconds < LEAST]
        lines += [f"{one.seconds:9.4f}  {one.calls:6}  {kind} {visible(one.name)}" for one in shown]
        if rest:
            seconds, calls = sum(one.seconds for one in rest), sum(one.calls for one in rest)
            lines.append(f"{seconds:9.4f}  {calls:6}  {len(rest)} more {kind}s")
    return "".join(f"{line}\n" for line in lines)
