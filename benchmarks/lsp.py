"""From a change in the editor to its diagnostics: `python -m benchmarks.lsp [--rounds 50]`.

A client opens the unit of the reference deployment, moves the server to another port and back, without saving, and
waits until the fault is reported in nginx's file, or taken back. The pause that the server waits for further keystrokes
is part of every time. Prints a Markdown table; ends with 1 where the median is above the limit.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from flasklint.lsp.desk import DELAY
from tests.lsp.client import ROOT, Client

LIMIT = 0.150  # seconds
REFERENCE = ROOT / "corpus" / "gunicorn-tcp"
NGINX, UNIT = "nginx/flaskapp.conf", "systemd/flaskapp.service"


def times(folder: Path, rounds: int) -> Iterator[float]:
    """Yield the seconds from a change to the diagnostics that it leads to."""
    unit, nginx = folder / UNIT, (folder / NGINX).as_uri()
    good = unit.read_text()
    wrong = good.replace("127.0.0.1:8000", "127.0.0.1:8001")
    with Client() as client:
        client.start(folder)
        client.open(unit)
        client.quiet()
        for version in range(2, 2 * rounds + 2):
            is_wrong = version % 2 == 0
            start = perf_counter()
            client.change(unit, wrong if is_wrong else good, version)
            client.wait(partial(_is_told, client, nginx, is_wrong))
            yield perf_counter() - start
            client.quiet(0.05)
        client.end()


def _is_told(client: Client, uri: str, wanted: bool) -> bool:
    return bool(client.codes(uri)) == wanted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        found = sorted(times(Path(shutil.copytree(REFERENCE, Path(name, "shop"))), rounds))
    worst = found[len(found) * 95 // 100]
    print("| change to diagnostics | median, ms | 95 of 100 below, ms | of which the pause, ms |")
    print("| --- | ---: | ---: | ---: |")
    print(f"| reference deployment | {median(found) * 1000:.0f} | {worst * 1000:.0f} | {DELAY * 1000:.0f} |")
    sys.exit(int(median(found) > LIMIT))


if __name__ == "__main__":
    main()
