"""The options that settle how to lint, which a settings file may hold as well."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from ..config import Settled, settle
from ..session import warn
from ..settings import LEVELS, names, overrides, pairs
from ._complete import levels, selectors

F = TypeVar("F", bound=Callable[..., Any])
SERVERS = ["gunicorn", "waitress"]
# What the command line calls otherwise than the settings, and how it is read.
FIELDS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "select": ("select", names),
    "extend_select": ("extend_select", names),
    "ignore": ("ignore", names),
    "severity": ("severities", lambda given: overrides(pairs(given))),
    "fail_on": ("fail_on", LEVELS.__getitem__),
    "cores": ("cores", int),
    "server": ("server", str),
    "target": ("targets", lambda given: releases(given)),
}
OPTIONS = (
    click.option(
        "--select",
        multiple=True,
        metavar="RULES",
        shell_complete=selectors,
        help="Only these rules, globs or groups (comma list).",
    ),
    click.option(
        "--extend-select",
        multiple=True,
        metavar="RULES",
        shell_complete=selectors,
        help="These rules, globs or groups, too.",
    ),
    click.option(
        "--ignore",
        multiple=True,
        metavar="RULES",
        shell_complete=selectors,
        help="Not these rules, globs or groups (comma list).",
    ),
    click.option(
        "--severity",
        multiple=True,
        metavar="RULE=LEVEL",
        shell_complete=levels,
        help="Another severity for a rule, glob or group.",
    ),
    click.option("--fail-on", type=click.Choice([*LEVELS]), help="Exit 1 from this level on.  [default: warning]"),
    click.option("--cores", type=click.IntRange(1), metavar="N", help="CPUs of the machine that will run it."),
    click.option("--server", type=click.Choice(SERVERS), help="The server you decided for."),
    click.option("--target", multiple=True, metavar="NAME=RELEASE", help="A release on the target: nginx=1.25."),
    click.option("--config", "file", type=click.Path(), metavar="FILE", help="Read these settings, search none."),
    click.option("--isolated", is_flag=True, help="Read no settings file."),
)


def options(command: F) -> F:
    """Give a command the options."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def settled(where: Sequence[str], options: Mapping[str, Any], given: Mapping[str, Any]) -> Settled:
    """Join the options and what else the command line gives with the settings file for these paths. Where there
    are two, say which one is read.

    Raises UsageError, ConfigError and OSError.
    """
    if options["file"] and options["isolated"]:
        raise click.UsageError("--isolated reads no settings file: give no --config with it")
    return warn(settle({**asked(options), **given}, where, file=options["file"] or "", isolated=options["isolated"]))


def asked(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of `Settings` that the options stand for."""
    return {field: read(options[name]) for name, (field, read) in FIELDS.items() if options[name] not in (None, ())}


def releases(given: tuple[str, ...]) -> dict[str, str]:
    """Take `NAME=RELEASE` apart. Raises ValueError for a program or a release that is none."""
    from ..config.keys import BY_NAME
    from ..config.shapes import Mistakes

    mistakes = Mistakes()
    found = {}
    for pair in names(given):
        name, equals, release = pair.partition("=")
        if not (name and equals):
            raise ValueError(f"--target {pair!r} is not NAME=RELEASE, such as nginx=1.25")
        found[name.strip()] = release.strip()
    BY_NAME["target"].shape.check(found, ("--target",), mistakes)
    if mistakes.found:
        _, _, message, label = mistakes.found[0]
        raise ValueError(f"{message}: {label}")
    return found
