"""What a shell proposes for the words of a command line. No rule is imported for it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click


def rule_names(ctx: "click.Context", param: "click.Parameter", incomplete: str) -> list[str]:
    """Propose the built-in rules."""
    from ..rule import names

    return _beginning(incomplete, names())


def selectors(ctx: "click.Context", param: "click.Parameter", incomplete: str) -> list[str]:
    """Propose rules and groups for the last name of a comma list."""
    from ..rule import names

    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in _beginning(last, [*_groups(), *names()])]


def levels(ctx: "click.Context", param: "click.Parameter", incomplete: str) -> list[str]:
    """Propose RULE=LEVEL: the rules first, then the levels."""
    from ..settings import LEVELS

    name, equals, level = incomplete.rpartition("=")
    if not equals:
        return [f"{rule}=" for rule in selectors(ctx, param, incomplete)]
    return [f"{name}={known}" for known in _beginning(level, LEVELS)]


def formats(ctx: "click.Context", param: "click.Parameter", incomplete: str) -> list[str]:
    """Propose the reports."""
    from ..report import _targets

    return _beginning(incomplete, _targets.names())


def _beginning(incomplete: str, words: Iterable[str]) -> list[str]:
    return [word for word in words if word.startswith(incomplete)]


def _groups() -> list[str]:
    """Read the groups out of the rule files: to import them all takes longer than a key press should."""
    import os
    import re

    from .. import rules

    found = set()
    for folder in filter(os.path.isdir, rules.__path__):
        for file in os.listdir(folder):
            if file.endswith(".py"):
                with open(os.path.join(folder, file), encoding="utf-8") as text:
                    found.update(re.findall(r'\bgroup="([a-z-]+)"', text.read()))
    return sorted(found)
