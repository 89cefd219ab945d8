"""Judge the corpus, every mutation and the held-out kinds, and write docs/agreement.md.

Ends with 1 where a mutation disagrees, or where an error of the held-out deployments is not seen.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from . import heldout, judge, mutations
from .agreement import Compared, rules, table
from .reasons import ONLY_WARNED, UNTOLD
from .run import run, worlds

PAGE = Path(__file__).parents[2] / "docs" / "agreement.md"
FIRST_CONTACT = Path(__file__).with_name("first_contact.md")
_UNKNOWN = "no reason is known: to be mended"
TEXT = """# Agreement with reality

`python -m tests.reality` wrote this page on {date}, all of it in one run but for the table of first contact. It starts deployments for real (nginx, the application servers, units as
systemd's own parser understands them), asks them for pages as a visitor does (over TLS where the site has it: `/`, a
deeper route, a static file, a redirect, source files; and what Flask saw of the request: path and script root, host,
scheme, client), and holds what was seen against what flasklint says. Every error has to fail in the way its message
says, told by the words of the programs that the message quotes (`tests/reality/foretold.py`), or be hidden behind an
earlier fault that is told as well; everything that is seen to fail has to be told, be it by a warning. The 502 of a
site whose own service does not run follows from that, and counts neither way. A wrong host, scheme or client is
looked at, and counted where flasklint calls it an error.

## The corpus and its mutations

{count} deployments: the corpus, and seeded mutations of its clean ones. flasklint and the judge were mended on these.
What was foretold (rows) and what was seen first (columns):

{table}

Deployments in which a rule spoke, and in which what it says was seen; in the others an earlier fault hid it, or it
is a warning of something that visitors do not notice at once:

{rules}

Disagreements: {wrong_count}.

{wrong}

Told by nothing stronger than a warning, though they fail: {warned}. Free of errors is therefore not yet safe to deploy.
Where the files prove the fault, a rule says error; these do not prove it:

| rule | deployments | why it is no error |
| --- | --- | --- |
{warnings}

Taken out, as no repository could show them ({taken_count} of the mutations):

{taken}

## Faults held back

{kinds} kinds of faults and harmless changes that had never been started before, and {pairs} pairs of the mutations
above with a seed of their own (`tests/reality/heldout.py`). What would be seen of each kind was written down before
the first was started.

### First contact

Started once, before anything was mended on them: flasklint at commit c5d18c5 with its 41 rules, the judge as it then
was, no miss excused. This table does not change any more.

{first}
Some of it was the judge's own doing: an exit text it did not know, a path it did not rewrite, a request that hung
because the service was down. The rest were misses of flasklint, and false words: of a socket path with a slash behind
it (another error than it said), of a unit whose socket unit is missing, of a line that a blank cuts in two, of a name
that a module of the application imports in vain.

### After mending

{again_count} deployments: {again_agree} agree, {again_false} hold an error that is not seen, {again_untold} fail and
nothing is said of it. This is no measure of faults that flasklint has never met: rules, judge and the reading of
messages were mended while looking at these, and rules of the catalogue that came since tell some of them.

| kind | deployments | agree | false | untold |
| --- | --- | --- | --- | --- |
{again}

What is not told, and why:

{reasons}

Told by nothing stronger than a warning: {again_warned}, for the reasons above.

Taken out, as no repository could show them ({again_taken_count} kinds):

{again_taken}

## How far this goes

Everything ran as one user: permissions, sandboxing, socket modes, reloads and restarts are judged on a machine with a
systemd of its own (`tests/proofs`). The templates of `ansible-role` were filled in, and the container of
`compose-project` was run as a service of the host. Certificates are signed by nobody.
"""


def main() -> int:
    if missing := judge.missing():
        print(f"{missing} is not installed", file=sys.stderr)
        return 2
    os.environ.setdefault("FLASKLINT_MUTATIONS", "10000")
    known: list[Compared] = []
    held: list[Compared] = []
    for found, chosen in ((known, worlds()), (held, heldout.held_out())):
        for one in run(chosen):
            found.append(one)
            print(f"{one.world.name:50} {one.outcome.verdict.value}", *one.disagreements, sep="\n    !! ", flush=True)
    PAGE.write_text(page(known, held), encoding="utf-8")
    return int(any(one.disagreements for one in known) or any(one.false for one in held))


def page(known: list[Compared], held: list[Compared]) -> str:
    wrong = [f"* {one.world.name}: {words}" for one in known for words in one.disagreements]
    kinds = {heldout.kind_of(one.world) for one in held}
    return TEXT.format(
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        count=len(known),
        table=table(known),
        rules=rules(known),
        wrong_count=len({one.world.name for one in known if one.disagreements}),
        warned=len(_only_warned(known)),
        warnings=_warnings(_only_warned(known) + _only_warned(held)),
        wrong="\n".join(wrong),
        taken_count=len(mutations.TAKEN_OUT),
        taken=_reasons(mutations.TAKEN_OUT),
        kinds=len(heldout.HELD),
        pairs=heldout.PAIRS,
        first=FIRST_CONTACT.read_text(encoding="utf-8"),
        again_count=len(held),
        again_agree=sum(not one.disagreements for one in held),
        again_false=sum(one.false for one in held),
        again_untold=sum(one.untold for one in held),
        again="\n".join(filter(None, (_row(kind, held) for kind in sorted(kinds)))),
        again_warned=len(_only_warned(held)),
        reasons=_why_untold(held),
        again_taken_count=len(heldout.TAKEN_OUT),
        again_taken=_reasons(heldout.TAKEN_OUT),
    )


def _row(kind: str, held: list[Compared]) -> str:
    """A kind that disagrees somewhere."""
    ours = [one for one in held if heldout.kind_of(one.world) == kind]
    count = Counter(agree=sum(not one.disagreements for one in ours))
    count.update(false=sum(one.false for one in ours), untold=sum(one.untold for one in ours))
    if count["agree"] == len(ours):
        return ""
    return f"| {kind} | {len(ours)} | {count['agree']} | {count['false'] or ''} | {count['untold'] or ''} |"


def _only_warned(compared: Iterable[Compared]) -> list[Compared]:
    return [one for one in compared if one.only_warned and not one.untold]


def _warnings(compared: Iterable[Compared]) -> str:
    """How often a rule did no more than warn, and why; a deployment counts for each of its rules."""
    counts = Counter(rule for one in compared for rule in one.warned_by)
    return "\n".join(f"| {rule} | {counts[rule]} | {ONLY_WARNED.get(rule, _UNKNOWN)} |" for rule in sorted(counts))


def _why_untold(held: Iterable[Compared]) -> str:
    """Each kind of which nothing is said, with the reason; pairs by what they are."""
    names = {(kind, one.world.name) for one in held if one.untold and (kind := heldout.kind_of(one.world))}
    kinds = {kind if kind != "pair" else name for kind, name in names}
    return "\n".join(f"* {kind}: {UNTOLD.get(kind, _UNKNOWN)}" for kind in sorted(kinds)) or "(nothing)"


def _reasons(taken: dict[str, str]) -> str:
    return "\n".join(f"* {name}: {why}" for name, why in taken.items())


if __name__ == "__main__":
    sys.exit(main())
