"""Compares flasklint with the programs that people use now: `python -m benchmarks.peers [--write]`.

All look at the same trees in one run and take turns, so that a busy moment of the machine touches all of
them alike; medians are shown. `--write` puts the tables into docs/benchmarks.md.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

from .finds import finds
from .page import LIMIT, SLOW, Sample, Times, page
from .tools import ENVIRONMENT, ROOT, TOOLS, Installed, install
from .trees import deployment, write, write_many, write_monorepo


def write_trees(folder: Path) -> dict[str, Path]:
    """Write the trees to look at; return them by the names that the page gives them."""
    trees = {name: folder / name for name in ("reference", "200", "2,000", "monorepo")}
    write(trees["reference"], deployment("flaskapp", 8000))
    write_many(trees["200"], 200, modules=10)
    write_many(trees["2,000"], 2000, modules=10)
    write_monorepo(trees["monorepo"], 5000)
    return trees


def measured(command: Sequence[str], output: Path) -> Sample:
    """Return what one run took; its wall time is infinite where it was ended."""
    small = [sys.executable, "-I", "-S", str(ROOT / "benchmarks" / "measure.py"), str(LIMIT), str(output)]
    done = subprocess.run([*small, *command], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    return Sample(*map(float, done.stdout.split()))


def compare(tools: Sequence[Installed], tree: Path, rounds: int) -> Times:
    """Let the tools look at a tree in turns, each time in another order: what one of them leaves behind (a warm
    cache, a processor that is slowed down) then meets all.

    The first turn warms the caches, and counts for what is slow.
    """
    commands = {one.tool.name: one.ask(tree) for one in tools}
    output = tree.with_suffix(".out")
    first = {name: measured(command, output) for name, command in commands.items()}
    samples = {name: [took] if took.wall > SLOW else [] for name, took in first.items()}
    for number in range(rounds):
        for name in Random(number).sample(list(commands), len(commands)):
            if first[name].wall <= SLOW:
                samples[name].append(measured(commands[name], output))
    return samples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--environments", type=Path, default=Path(tempfile.gettempdir(), "flasklint-benchmarks"))
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    wanted = parser.parse_args()
    tools = install(TOOLS, wanted.environments.absolute())
    with tempfile.TemporaryDirectory() as folder:
        trees = write_trees(Path(folder))
        found = finds(tools, Path(folder))
        times = {}
        for name, tree in trees.items():
            print(f"{name}: {tree}", file=sys.stderr)
            times[name] = compare(tools, tree, wanted.rounds)
        text = page(tools, times, found, wanted.rounds)
    print(text)
    if wanted.write:
        (ROOT / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
