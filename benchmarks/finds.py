"""Which of the planted faults each tool finds."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from .faults import FAULTS, REFERENCE, Fault, planted
from .tools import ENVIRONMENT, FLASKLINT, Installed
from .trees import write

# Words that name a file or a place differ between two trees that are alike.
PLACE = re.compile(r"\S*[/\d]\S*|\S+\.\w\S*")


def finds(tools: Sequence[Installed], folder: Path) -> dict[str, list[Fault]]:
    """Return the faults that each tool finds.

    flasklint must name the rule that is meant. Of the others anything counts that they do not say of the
    reference deployment too, be it about the fault or not.
    """
    write(folder / "clean", REFERENCE)
    trees = [folder / f"fault{number}" for number in range(len(FAULTS))]
    for fault, tree in zip(FAULTS, trees, strict=True):
        write(tree, planted(fault))
    found: dict[str, list[Fault]] = {}
    for one in tools:
        known = _kinds(_said(one, folder / "clean"))
        said = [_said(one, tree) for tree in trees]
        found[one.tool.name] = [
            fault
            for fault, text in zip(FAULTS, said, strict=True)
            if (fault.rule in text if one.tool == FLASKLINT else _kinds(text) - known)
        ]
    return found


def _said(one: Installed, tree: Path) -> str:
    done = subprocess.run(one.ask(tree), env=ENVIRONMENT, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def _kinds(output: str) -> set[str]:
    """The lines of an output without what names a place."""
    return {" ".join(PLACE.sub("", line).split()) for line in output.splitlines()}
