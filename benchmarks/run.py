"""Cold wall times of flasklint beside bare Python: `python -m benchmarks.run [--rounds 10]`.

Every command runs in a new process; the commands take turns, so that a busy moment of the machine
touches all of them alike. Prints a Markdown table of medians.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from .trees import deployment, write, write_many, write_monorepo

BARE = "python -c pass"


def commands(folder: Path) -> dict[str, list[str]]:
    """Return the commands to time, by the name they have in the table."""
    write(folder / "one", deployment("flaskapp", 8000))
    write_many(folder / "many200", 200)
    write_many(folder / "many400", 400)
    write_monorepo(folder / "monorepo", 5000)
    flasklint = [str(Path(sys.executable).with_name("flasklint"))]
    return {
        BARE: [sys.executable, "-c", "pass"],
        "python -c 'import click'": [sys.executable, "-c", "import click"],
        "flasklint --version": [*flasklint, "--version"],
        "reference deployment": [*flasklint, str(folder / "one")],
        "200 deployments": [*flasklint, str(folder / "many200")],
        "400 deployments": [*flasklint, str(folder / "many400")],
        "monorepo, 5,000 Python files": [*flasklint, str(folder / "monorepo")],
    }


def timed(command: list[str]) -> float:
    """Return the wall time of one run in seconds. A run that fails ends the benchmark."""
    start = perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    took = perf_counter() - start
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout.decode()[-2000:]}")
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        table = commands(Path(name))
        for command in table.values():
            timed(command)
        times: dict[str, list[float]] = {name: [] for name in table}
        for _ in range(rounds):
            for name, command in table.items():
                times[name].append(timed(command))
    bare = median(times[BARE])
    print("| command | median, ms | times bare Python |\n| --- | ---: | ---: |")
    for name, found in times.items():
        print(f"| {name} | {median(found) * 1000:.0f} | {median(found) / bare:.1f} |")


if __name__ == "__main__":
    main()
