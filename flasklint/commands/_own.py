"""The options that say which rules of a project's own are loaded."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def options(command: F) -> F:
    """Give a command the options."""
    for option in (
        click.option(
            "--allow-plugins/--no-plugins",
            "allow_plugins",
            default=None,
            help="Run the rules that the settings file names (Python code), or go without them.",
        ),
        click.option(
            "--plugin", "plugins", multiple=True, metavar="MODULE", help="Load an installed package of rules."
        ),
        click.option("--rule-folder", "rule_folders", multiple=True, metavar="DIR", help="Load the rules in a folder."),
    ):
        command = option(command)
    return command


def given(options: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of `Settings` that the options stand for.

    What the command line names takes the place of all that a file names: nothing else is run.
    """
    named = {"rule_folders": options["rule_folders"], "plugins": options["plugins"]}
    if any(named.values()):
        from ..ownrules import load

        load(*named.values())  # now: other options may speak of them
        return {**named, "allow_plugins": "yes"}
    allowed = options["allow_plugins"]
    return {} if allowed is None else {"allow_plugins": "yes" if allowed else "no"}
