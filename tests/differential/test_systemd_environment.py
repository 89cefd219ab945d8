"""A real systemd starts services with generated environment files; the reader tells the same variables."""

import os
from pathlib import Path
from random import Random

from flasklint.facts import Unit
from flasklint.read import systemd
from flasklint.tree import Tree
from flasklint.value import Known
from tests.reality.machine import oneshots
from tests.reality.machine.testing import need_machine

from .environment_cases import Case, case

EXAMPLES = int(os.environ.get("FLASKLINT_EXAMPLES", "200"))
BATCH = 250
RUN = "ExecStart=/usr/bin/env -0 THERE=yes"
# What systemd itself sets, and what tells that the service began to run.
OWN = {"THERE", "INVOCATION_ID", "SYSTEMD_EXEC_PID", "LANG", "LC_ALL", "PATH", "HOME", "USER", "LOGNAME", "SHELL"}


def read(one: Case, folder: Path) -> Unit:
    unit = f"etc/systemd/system/{one.name}.service"
    text = f"[Service]\n{one.settings}\n{RUN}\n"
    for path, data in {f"/{unit}": text.encode(), **one.files}.items():
        (folder / path[1:]).parent.mkdir(parents=True, exist_ok=True)
        (folder / path[1:]).write_bytes(data)
    tree = Tree(str(folder))
    source = tree.read(unit)
    assert source is not None
    return systemd.read([source], tree)[0]


def difference(unit: Unit, written: bytes | None) -> str:
    """Say in what the reader differs from what the service had; empty where it does not."""
    refused = [problem.message for problem in unit.problems if problem.kind == "refused-env-file"]
    unread = any(not file.files for file in unit.env_files)
    if not written:
        return "" if refused or unread else "systemd refuses to start it, nothing is said"
    if refused:
        return f"systemd starts it, told: {refused}"
    really = dict(text.partition("=")[::2] for text in written.decode("utf-8", "surrogateescape").split("\0") if text)
    variables = {each.name: each.value for each in unit.environment.variables}
    told = {name: value.value for name, value in variables.items() if isinstance(value, Known)}
    expected = {name: value for name, value in really.items() if name in told or name not in OWN | set(variables)}
    if unread:
        return ""
    return "" if told == expected else f"{_only(expected, told)}, told: {_only(told, expected)}"


def _only(one: dict[str, str], other: dict[str, str]) -> dict[str, str]:
    return {name: value[:200] for name, value in one.items() if other.get(name) != value}


def test_services_have_the_variables_that_are_told(tmp_path: Path) -> None:
    need_machine()
    dice = Random(252)
    cases = [case(dice, number) for number in range(EXAMPLES)]
    wrong = []
    for start in range(0, EXAMPLES, BATCH):
        batch = cases[start : start + BATCH]
        files = {path: data for one in batch for path, data in one.files.items()}
        written = oneshots.run({one.name: f"{one.settings}\n{RUN}" for one in batch}, files)
        for one in batch:
            why = difference(read(one, tmp_path / one.name), written.get(one.name))
            wrong += [f"{why}\n{one.settings}\n{list(one.files.values())}"] if why else []
    assert not wrong, f"{len(wrong)} of {EXAMPLES}\n\n" + "\n\n".join(wrong[:12])
