"""Mutates the files of the corpus and lints them: `python -m tests.hostile.fuzz [--seconds N] [--seed S]`.

Reports what crashes, what is slow, and what reports itself as an internal error; each with the seed that makes it again.
"""

import argparse
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import count, takewhile
from pathlib import Path

from flasklint.report import formats, render
from flasklint.run import lint
from flasklint.settings import Settings

from .child import ROOT

SLOW = 2.0  # seconds
MOST = 12_000  # bytes of a mutated file
TOKEN = re.compile(rb"\w+|\s+|[^\w\s]")
ODD = [b"", b"\0", b"\xff", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\\", b"\\\n", b"'", b'"', b"{", b"}", b"{{", b"}}", b"{%", b"%}", b"${", b"$",
       b"%", b"%(", b"%i", b"[", b"]", b"(", b")", b";", b"#", b":", b"=", b"@", b"-", b"/", b"../", b"*", b"&a ", b"*a", b"<<:", b"|", b">", b"!!x",
       b"::", b"0", b"-1", b"9" * 30, b"\xc3\xa4", b"\xe2\x80\xa8", b"lambda", b"await", b"match", b":=", b"~", b",", b".", b"...", b"\t", b"None"]  # fmt: skip
Mutation = Callable[[random.Random, list[bytes]], None]


def _drop(dice: random.Random, tokens: list[bytes]) -> None:
    at = dice.randrange(len(tokens))
    del tokens[at : at + dice.choice((1, 1, 2, 5, 30))]


def _repeat(dice: random.Random, tokens: list[bytes]) -> None:
    at = dice.randrange(len(tokens))
    piece = tokens[at : at + dice.choice((1, 2, 8, 40))]
    tokens[at:at] = piece * dice.choice((1, 1, 3, 50))


def _swap(dice: random.Random, tokens: list[bytes]) -> None:
    one, two = dice.randrange(len(tokens)), dice.randrange(len(tokens))
    tokens[one], tokens[two] = tokens[two], tokens[one]


def _insert(dice: random.Random, tokens: list[bytes]) -> None:
    tokens.insert(dice.randrange(len(tokens) + 1), dice.choice(ODD) * dice.choice((1, 1, 1, 2, 100)))


def _replace(dice: random.Random, tokens: list[bytes]) -> None:
    tokens[dice.randrange(len(tokens))] = dice.choice(ODD)


def _flip(dice: random.Random, tokens: list[bytes]) -> None:
    at = dice.randrange(len(tokens))
    tokens[at] = bytes(byte ^ (1 << dice.randrange(8)) for byte in tokens[at])


def _cut(dice: random.Random, tokens: list[bytes]) -> None:
    del tokens[dice.randrange(len(tokens)) :]


MUTATIONS: list[Mutation] = [_drop, _repeat, _swap, _insert, _insert, _replace, _replace, _flip, _cut]


def mutate(dice: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """Return a file's content with a few changes; sometimes with a piece of another file."""
    tokens = TOKEN.findall(data)
    for _ in range(dice.choice((1, 1, 2, 3, 8))):
        if tokens:
            dice.choice(MUTATIONS)(dice, tokens)
    if dice.random() < 0.1:
        tokens[len(tokens) // 2 : len(tokens) // 2] = TOKEN.findall(dice.choice(others))
    return b"".join(tokens)[:MOST]


def deployments() -> list[dict[str, bytes]]:
    """The corpus, and the examples of the rules, as files by their names."""
    from flasklint import rule as rules

    found = []
    for folder in sorted((ROOT / "corpus").iterdir()):
        files = {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file()}
        found.append({name: path.read_bytes() for name, path in files.items() if path.stat().st_size < MOST})
    for one in rules.load():
        found.append({name: text.encode() for name, text in rules.example(one.bad or "-- x --").files.items()})
    return [files for files in found if files]


def trial(seed: int, originals: list[dict[str, bytes]], folder: Path) -> str:
    """Lint one mutated deployment; return what went wrong, empty if nothing did."""
    dice = random.Random(seed)
    files = dict(dice.choice(originals))
    others = list(dice.choice(originals).values())
    for name in dice.sample(sorted(files), min(len(files), dice.choice((1, 1, 2, 9)))):
        files[name] = mutate(dice, files[name], others)
    root = folder / "root"
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    before, started = os.getcwd(), time.process_time()
    os.chdir(root)
    signal.setitimer(signal.ITIMER_REAL, 5 * SLOW)
    try:
        result = lint(["."], Settings())
        for form in formats():
            render(form, result, Settings())
        wrong = "; ".join(f"{one.at.path}: {one.message}" for one in result.findings if one.rule == "internal-error")
    except Exception as error:
        wrong = f"{type(error).__name__}: {error}"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        os.chdir(before)
        shutil.rmtree(root)
    seconds = time.process_time() - started
    return wrong or (f"takes {seconds:.1f} s" if seconds > SLOW else "")


def run(seeds: Iterable[int]) -> Iterator[str]:
    """Try one mutated deployment for each seed; yield what goes wrong, `seed: what`."""

    def late(*_: object) -> None:
        raise TimeoutError("does not end")

    previous = signal.signal(signal.SIGALRM, late)
    originals = deployments()
    try:
        with tempfile.TemporaryDirectory() as folder:
            for seed in seeds:
                wrong = trial(seed, originals, Path(folder))
                if wrong:
                    yield f"{seed}: {wrong}"
    finally:
        signal.signal(signal.SIGALRM, previous)


def until(seconds: float, seed: int) -> Iterator[int]:
    """Seeds, one after another from `seed` on, for so long."""
    end = time.monotonic() + seconds
    return takewhile(lambda _: time.monotonic() < end, count(seed))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.fuzz", description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    given = parser.parse_args()
    print(f"from seed {given.seed}")
    found = 0
    for wrong in run(until(given.seconds, given.seed)):
        print(wrong, flush=True)
        found += 1
    print(f"{found} found")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
