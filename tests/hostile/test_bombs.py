"""Inputs that are small to write and large to read cost less than 2 s and 200 MB, and nobody else's findings."""

import os
import resource
import signal
import time
from pathlib import Path

import pytest

from flasklint.report import render
from flasklint.run import lint
from flasklint.settings import Settings

from . import bombs, python_bombs
from .trees import NEIGHBOUR, NEIGHBOUR_FAULTS, TREES, put

assert bombs
assert python_bombs
SECONDS = 2.0
MEGABYTES = 200
DEADLINE = 15  # seconds


def resident() -> float:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6


def lint_here() -> str:
    """Lint the current folder; return what went wrong."""
    result = lint(["."], Settings())
    for form in ("text", "json"):
        render(form, result, Settings())
    found = {(one.rule, one.at.path) for one in result.findings}
    wrong = [one.message for one in result.findings if one.rule == "internal-error"]
    return "\n".join([*wrong, *(f"{fault} is not told" for fault in NEIGHBOUR_FAULTS if fault not in found)])


def in_a_child(folder: Path) -> tuple[str, float, float]:
    """Return what went wrong, the CPU seconds and the megabytes that it took; forked, so that nothing is loaded again."""
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            signal.alarm(DEADLINE)
            os.chdir(folder)
            before = resident()
            said = lint_here()
            took = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3 - before
            os.write(writer, f"{took:.0f}\n{said}".encode()[:4000])
        except BaseException as error:
            os.write(writer, f"0\n{type(error).__name__}: {error}".encode()[:4000])
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader, encoding="utf-8", errors="replace") as file:
        megabytes, _, said = file.read().partition("\n")
    _, status, usage = os.wait4(pid, 0)
    if status:
        said = f"killed by signal {os.WTERMSIG(status)}"
    return said, usage.ru_utime + usage.ru_stime, float(megabytes or 0)


# Those that were too much once; of the others every twentieth, and all of them with FLASKLINT_EXAMPLES.
ONCE = ["nginx one line", "nginx globs", "systemd words from a variable", "systemd shell", "systemd unknown keys",
        "supervisor programs", "pyproject keys", "pyproject poetry", "pyproject numbers", "gunicorn nested lists",
        "gunicorn taints", "gunicorn wrong arguments", "application many returns", "application bindings",
        "application helpers", "script elifs"]  # fmt: skip
CHOSEN = list(TREES) if os.environ.get("FLASKLINT_EXAMPLES") else sorted({*ONCE, *list(TREES)[::20]})


@pytest.mark.parametrize("name", CHOSEN)
def test_costs_little(tmp_path: Path, name: str):
    TREES[name](tmp_path)
    for path, text in NEIGHBOUR.items():
        put(tmp_path, path, text)
    said, seconds, megabytes = in_a_child(tmp_path)
    if seconds > SECONDS:  # a machine that others use
        time.sleep(0.2)
        said, seconds, megabytes = in_a_child(tmp_path)
    print(f"{seconds:.2f} s, {megabytes:.0f} MB")
    assert not said
    assert seconds < SECONDS
    assert megabytes < MEGABYTES
