"""Judge many deployments, a few at a time."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from .agreement import Compared, compare, told
from .judge import judge
from .mutations import mutations
from .world import World, corpus, names

AT_ONCE = 3


def worlds() -> list[World]:
    """The corpus, and as many mutations as FLASKLINT_MUTATIONS says."""
    return [*(corpus(name) for name in names()), *mutations(int(os.environ.get("FLASKLINT_MUTATIONS", "40")))]


def run(chosen: Iterable[World]) -> Iterator[Compared]:
    chosen = list(chosen)
    findings = [told(world) for world in chosen]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for world, said, outcome in zip(chosen, findings, pool.map(judge, chosen), strict=True):
            yield compare(world, said, outcome)
