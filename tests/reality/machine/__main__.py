"""Boot a machine for each mutation and write docs/machine.md; ends with 1 where flasklint and a machine disagree."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..verdict import Verdict
from . import testing
from .agreement import UNTOLD, Compared, run
from .mutations import MUTATIONS

PAGE = Path(__file__).parents[3] / "docs" / "machine.md"
TEXT = """# Permissions, sandboxing and start-up

`python -m tests.reality.machine` wrote this page. Each line is a change to a clean deployment of `corpus/`, started on a
machine of its own: a real systemd in private namespaces, with real users and permissions and nginx on port 80. The
first page and a static file were asked for. What was seen first is held against what flasklint says of the repository
alone: an error that is not seen is a false alarm, a fault that is seen and not told is a miss.

{table}

{faults} of the {count} changes break something, {told} of these are told; {false} errors were said of what was not seen.
Not told, and why:

{untold}
"""


def main() -> int:
    if reason := testing.impossible():
        print(reason, file=sys.stderr)
        return 2
    compared = []
    for one in run(MUTATIONS):
        compared.append(one)
        print(f"{one.mutation.name:60} {one.outcome.verdict.value}", *one.disagreements, sep="\n    !! ", flush=True)
    PAGE.write_text(page(compared), encoding="utf-8")
    return int(any(one.disagreements for one in compared))


def page(compared: list[Compared]) -> str:
    faults = [one for one in compared if one.outcome.verdict is not Verdict.SERVES]
    silent = [one for one in faults if not one.told]
    return TEXT.format(
        table="\n".join(_table(compared)),
        count=len(compared),
        faults=len(faults),
        told=len(faults) - len(silent),
        false=sum(words.startswith("not seen") for one in compared for words in one.disagreements),
        untold="\n".join(f"* {one.mutation.kind}: {UNTOLD.get(one.mutation.kind, '**unknown**')}" for one in silent),
    )


def _table(compared: Iterable[Compared]) -> Iterator[str]:
    yield "| deployment | change | seen | told by |"
    yield "| --- | --- | --- | --- |"
    for one in compared:
        rules = ", ".join(f"`{rule}`" for rule in one.told)
        yield f"| {one.mutation.reference} | {one.mutation.kind} | {one.outcome.verdict.value} | {rules} |"


if __name__ == "__main__":
    sys.exit(main())
