"""Judge the corpus and every mutation and write docs/agreement.md; ends with 1 where there is a disagreement."""

import os
import sys
from pathlib import Path

from . import judge
from .agreement import Compared, rules, table
from .run import run, worlds

PAGE = Path(__file__).parents[2] / "docs" / "agreement.md"
TEXT = """# Agreement with reality

`python -m tests.reality` wrote this page: {count} deployments, the corpus and seeded mutations of its clean ones, were
started for real (nginx, the application servers, units as systemd's own parser understands them), asked for pages,
and what was seen was held against what flasklint says. A rule that says *error* has to be seen to fail in the way
its message says, or to be hidden behind an earlier fault that is told as well; a fault that is seen has to be told.

What was foretold (rows) and what was seen first (columns):

{table}

Deployments in which a rule spoke, and in which what it says was seen; in the others an earlier fault hid it, or it
is a warning of something that visitors do not notice at once:

{rules}

## Disagreements

Said as an error and not seen, or seen, not told and not known before: {new}.

{disagreements}

Seen to fail and not told, known: {untold} of {count} deployments. The tests let them pass by name (`UNTOLD` in
`tests/reality/agreement.py`, written after they were seen); they are misses all the same:

{reasons}

## How far this goes

The mutations are those on which flasklint and the judge were mended: no deployment was held back, and these
counts say nothing of faults of other kinds. Wrong host, scheme or client is never counted as a disagreement.
Everything ran as one user, without permissions of others, sandboxing or restarts; TLS was taken out of
`package-tls`, the templates of `ansible-role` were filled in, and the container of `compose-project` was run as a
service of the host.
"""


def main() -> int:
    if missing := judge.missing():
        print(f"{missing} is not installed", file=sys.stderr)
        return 2
    os.environ.setdefault("FLASKLINT_MUTATIONS", "10000")
    compared = []
    for one in run(worlds()):
        compared.append(one)
        print(f"{one.world.name:50} {one.outcome.verdict.value}", *one.disagreements, sep="\n    !! ", flush=True)
    PAGE.write_text(page(compared), encoding="utf-8")
    return int(any(one.disagreements for one in compared))


def page(compared: list[Compared]) -> str:
    wrong = [f"* {one.world.name}: {words}" for one in compared for words in one.disagreements]
    reasons = [(pattern, sum(one.excuse == pattern for one in compared)) for pattern in UNTOLD]
    return TEXT.format(
        count=len(compared),
        table=table(compared),
        rules=rules(compared),
        untold=sum(count for _, count in reasons),
        reasons="\n".join(f"* {pattern} ({count}): {UNTOLD[pattern]}" for pattern, count in reasons if count),
        new=len({one.world.name for one in compared if one.disagreements}),
        disagreements="\n".join(wrong),
    )


if __name__ == "__main__":
    sys.exit(main())
