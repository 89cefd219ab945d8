"""The options for living with findings: a baseline, and comments above all of them."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from ..result import Result
from ..settings import Settings

F = TypeVar("F", bound=Callable[..., Any])


def baseline(command: F) -> F:
    """Give a command the option that names the baseline."""
    text = "The findings you live with.  [default: flasklint-baseline.json, if it is there]"
    return click.option("--baseline", type=click.Path(), metavar="FILE", help=text)(command)


def options(command: F) -> F:
    """Give a command the options."""
    for option in (
        click.option("--add-ignores", metavar="REASON", help="Write a comment above every finding that silences it."),
        click.option("--no-baseline", is_flag=True, help="Show what the baseline holds, too."),
    ):
        command = option(command)
    return baseline(command)


def given(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that the options stand for. Raises UsageError for options that exclude each other."""
    if options["baseline"] and options["no_baseline"]:
        raise click.UsageError("--no-baseline reads none: give no --baseline with it")
    found: dict[str, Any] = {"baseline": options["baseline"] or ""} if _is_told(options) else {}
    if options["add_ignores"] is None:
        return found
    for name in ("fix", "files", "no_ignores"):
        if options[name]:
            raise click.UsageError(f"--add-ignores writes comments: give no --{name.replace('_', '-')} with it")
    return {**found, "add_ignores": _reason(options["add_ignores"]), "fixes": "show" if options["diff"] else "make"}


def told(result: Result, settings: Settings) -> Result:
    """Say which comments were written, and above which findings none was; return the result without that."""
    if not settings.add_ignores:
        return result
    from ..report._screen import visible
    from ..report.text import counted

    done = "would get" if settings.fixes == "show" else "got"
    said = f"{counted(len(result.changes), 'file')} {done} comments" if result.changes else "no comment was written"
    click.echo(f"flasklint: {said}", err=True)
    for one, why in result.unfixed:
        place = f"{visible(one.at.path)}:{one.at.line}"
        click.echo(f"flasklint: not silenced: {place} {visible(one.rule)} ({visible(why)})", err=True)
    return result._replace(unfixed=())


def _is_told(options: Mapping[str, Any]) -> bool:
    return bool(options["baseline"] is not None or options["no_baseline"])


def _reason(text: str) -> str:
    """Return the reason as it is written into comments, which must stay comments in every format."""
    from ..fix import fits

    if why := fits(text.strip()):
        raise click.UsageError(f"--add-ignores takes the reason, {why}")
    return text.strip()
