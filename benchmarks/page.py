"""The tables: what each tool took and found, and whether flasklint is as quick as it is meant to be."""

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from statistics import median
from typing import NamedTuple

from .faults import FAULTS, Fault
from .tools import FLASKLINT, GIXY_NG, SINGLE_FILE, Installed

SLOW = 8  # seconds; a run that takes longer is not repeated
LIMIT = 60  # seconds; a run that takes longer is ended


class Sample(NamedTuple):
    """What one run took: seconds, seconds of the processors, MiB at the peak."""

    wall: float
    cpu: float
    memory: float


Times = Mapping[str, Sequence[Sample]]
HEAD = """# Benchmarks

Made by `python -m benchmarks.peers --write` on {date}, on a machine with {cores} cores, with Python {python}.
Every run is a process of its own; the programs take turns, {rounds} rounds, each in
another order; medians. A run of more than {slow} s is
not repeated, one of more than {limit} s is ended. The programs that look at single files are given the names of
all their files at once, those that take a folder the folder. What a program does not read it does not look at:
only flasklint and flask-production-mcp look at the whole deployment.

{versions}
"""
TREES = {
    "reference": "One deployment: the reference, a site, a unit, an application of one module",
    "200": "200 deployments, each a site, a unit, an application and ten modules",
    "2,000": "2,000 such deployments",
    "monorepo": "Two deployments in a repository of 5,000 Python files",
}
FOUND = """## Faults found

{count} variations of the reference deployment, each with one fault, chosen by the makers of flasklint: they are what
flasklint is for. flasklint must name the rule that is meant; of the others anything counts that they do not say of
the reference deployment too.
"""


def page(tools: Sequence[Installed], times: Mapping[str, Times], found: Mapping[str, list[Fault]], rounds: int) -> str:
    """Return the page in Markdown."""
    versions = "\n".join(f"- {one.tool.name} {one.version}" for one in tools)
    head = HEAD.format(
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        cores=os.cpu_count(),
        python=platform.python_version(),
        rounds=rounds,
        slow=SLOW,
        limit=LIMIT,
        versions=versions,
    )
    parts = [head, _goals(times)]
    parts += [f"## {title}\n\n{_times(times[name])}" for name, title in TREES.items()]
    parts.append(FOUND.format(count=len(FAULTS)) + "\n" + _found(found))
    return "\n".join(parts)


def middle(samples: Sequence[Sample]) -> Sample:
    """The median of each column."""
    return Sample(*map(median, zip(*samples, strict=True)))


def _times(times: Times) -> str:
    own = middle(times[FLASKLINT.name])
    rows = []
    for name, samples in times.items():
        took = middle(samples)
        if took.wall == float("inf"):
            rows.append((name, "ended", "", "", ""))
        else:
            cells = f"{took.wall:.3f}", f"{took.cpu:.3f}", f"{took.memory:.0f}", f"{took.wall / own.wall:.2f}"
            rows.append((name, *cells))
    return _table(("program", "wall, s", "CPU, s", "peak, MiB", "times flasklint"), rows)


def _goals(times: Mapping[str, Times]) -> str:
    rows = [
        (goal, f"{value:.{digits}f} {unit}", f"{limit:.{digits}f} {unit}", "yes" if value <= limit else "**no**")
        for goal, value, limit, unit, digits in _measured_goals(
            {name: {tool: middle(samples) for tool, samples in tree.items()} for name, tree in times.items()}
        )
    ]
    return "## Goals\n\n" + _table(("goal", "flasklint", "at most", "met"), rows)


def _measured_goals(took: Mapping[str, Mapping[str, Sample]]) -> Iterator[tuple[str, float, float, str, int]]:
    """Yield each goal with what flasklint takes, the limit, the unit and how many digits tell."""
    own = {name: tree[FLASKLINT.name] for name, tree in took.items()}
    if GIXY_NG.name in took["200"]:
        for name, title in ("reference", "reference deployment"), ("200", "200 deployments"):
            goal = f"{title}: no slower than gixy-ng on the nginx files alone"
            yield goal, own[name].wall, took[name][GIXY_NG.name].wall, "s", 3
    yield "200 deployments", own["200"].wall, 0.4, "s", 3
    together = [took["200"][name].wall for name in SINGLE_FILE if name in took["200"]]
    yield f"200 deployments: a tenth of {' + '.join(SINGLE_FILE)}", own["200"].wall, sum(together) / 10, "s", 3
    yield "monorepo", own["monorepo"].wall, 0.5, "s", 3
    yield "2,000 deployments: memory", own["2,000"].memory, 150, "MiB", 0
    yield "2,000 deployments: times 200 deployments", own["2,000"].wall / own["200"].wall, 11, "", 1


def _found(found: Mapping[str, list[Fault]]) -> str:
    counts = _table(("program", f"found of {len(FAULTS)}"), [(name, str(len(all_))) for name, all_ in found.items()])
    others = {name: faults for name, faults in found.items() if name != FLASKLINT.name}
    rows = [
        (
            fault.name,
            f"`{fault.rule}`" if fault in found[FLASKLINT.name] else "",
            ", ".join(name for name, faults in others.items() if fault in faults),
        )
        for fault in FAULTS
    ]
    return f"{counts}\n{_table(('fault', 'flasklint', 'also found by'), rows)}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; columns of numbers are set to the right."""
    numbers = [all(not row[column] or row[column][0].isdigit() for row in rows) for column in range(len(head))]
    ruler = ["---:" if number else "---" for number in numbers]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ruler, *rows))
