"""Try the proofs and print a table; ends with 1 where one does not hold."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from flasklint import rule as rules
from flasklint.finding import Severity

from .format import name, paths, read
from .trial import AT_ONCE, ROOT, Trial, attempt, impossible

PAGE = ROOT / "docs" / "proofs.md"
TEXT = """# Proofs

`python -m tests.proofs --write` wrote this page. Each proof is a deployment that flasklint finds fault with, and a
repaired twin that it finds no error in; both were started for real, and the first was seen to fail, the second to
serve. *plain* proofs run as processes of one user below a temporary root, *systemd* ones on a machine in namespaces of
its own, with a real systemd as its first process, real users, permissions and sandboxing, and nginx on port 80.

{count} proofs of {proven} rules; of the {errors} rules that say *error*, {errors_proven} have one.

{table}
{without}"""
WITHOUT = """
Rules that say *error* and have no proof:

{names}
"""


def main() -> int:
    options = _options()
    chosen = [path for path in paths() if not options.words or any(word in name(path) for word in options.words)]
    proofs = [read(path) for path in chosen]
    if reason := next((reason for reason in map(impossible, proofs) if reason), ""):
        print(reason, file=sys.stderr)
        return 2
    trials = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for trial in pool.map(attempt, proofs):
            print(_row(trial), *trial.wrong, sep="\n    !! ", flush=True)
            if options.words:
                print(*trial.logs, sep="\n")
            trials.append(trial)
    if options.write:
        PAGE.write_text(page(trials), encoding="utf-8")
    return int(any(trial.wrong for trial in trials))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.proofs", description=__doc__)
    parser.add_argument(
        "words", nargs="*", help="only proofs whose name holds one of these words, with all that was said"
    )
    parser.add_argument("--write", action="store_true", help="write docs/proofs.md")
    options = parser.parse_args()
    if options.write and options.words:
        parser.error("--write is for all proofs")
    return options


def _row(trial: Trial) -> str:
    state = "does not hold" if trial.wrong else "holds"
    return f"{trial.proof.name:60} {trial.proof.seen.value:28} {trial.seconds:4.1f} s  {state}"


def page(trials: Iterable[Trial]) -> str:
    trials = list(trials)
    proven = {trial.proof.rule for trial in trials if not trial.wrong}
    errors = {one for one in rules.names() if rules.get(one).severity is Severity.ERROR}
    names = "\n".join(f"* `{one}`" for one in sorted(errors - proven))
    return TEXT.format(
        count=len(trials),
        proven=len(proven),
        errors=len(errors),
        errors_proven=len(errors & proven),
        table="\n".join(_table(trials)),
        without=WITHOUT.format(names=names) if names else "",
    )


def _table(trials: Iterable[Trial]) -> Iterator[str]:
    yield "| proof | engine | the broken one was seen as | in the words of the program | the repaired one | seconds each |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for trial in trials:
        proof = trial.proof
        cells = (
            f"[{proof.name}](../tests/proofs/{proof.name}.txt)",
            proof.engine,
            proof.seen.value,
            f"`{proof.words}`" if proof.words else "",
            "**does not hold**" if trial.wrong else "serves",
            f"{trial.seconds:.1f}",
        )
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    sys.exit(main())
