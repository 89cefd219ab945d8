"""`flasklint baseline`: write down the findings that a project lives with for now."""

import os
from contextlib import chdir
from typing import Any

import click

from ..baseline import merged, read, render, taken, without
from ..config import baseline_beside
from ..report import _output
from ..report._screen import visible
from ..report.text import counted
from ..result import Entry, Result
from ..settings import Settings
from . import _config, _living, _own


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@_living.baseline
@click.option("--prune", is_flag=True, help="Only take out what is not found any more; add nothing.")
@click.option("--no-gitignore", is_flag=True, help="Look at what git leaves out, too.")
@_config.options
@_own.options
@click.pass_context
def command(ctx: click.Context, /, paths: tuple[str, ...], **options: Any) -> None:
    """Write the findings below PATHS into a file that later runs subtract.

    The file is flasklint-baseline.json beside the settings file, or in the current folder. What it holds of other
    files and other rules stays as it is.
    """
    where = list(paths) or ["."]
    given = {"no_gitignore": True} if options["no_gitignore"] else {}
    given |= {"baseline": options["baseline"]} if options["baseline"] else {}
    settings = _config.settled(where, options, {**given, **_own.given(options)}).settings
    file = settings.baseline or baseline_beside(settings)
    known = read(file) if os.path.lexists(file) else ()
    if options["prune"] and not os.path.lexists(file):
        raise click.UsageError(f"there is no {visible(file)} to prune: `flasklint baseline` writes one")
    result = _lint(where, settings._replace(baseline=file if os.path.lexists(file) else ""), file)
    if result.internal_errors or result.nothing_to_lint:
        why = "flasklint failed on this input" if result.internal_errors else "there is nothing to lint"
        click.echo(f"flasklint: {visible(file)} stays as it is: {why}", err=True)
        ctx.exit(2)
    entries = without(known, result.stale) if options["prune"] else _anew(known, result, file)
    _write(file, render(entries))
    click.echo(_summary(file, known, entries))


def _lint(where: list[str], settings: Settings, file: str) -> Result:
    """Lint as seen from the baseline's folder, so that its messages are the same wherever it is written."""
    from ..run import lint

    folder = os.path.dirname(os.path.realpath(file))
    real = [os.path.abspath(path) for path in where]
    absolute = settings._replace(
        baseline=os.path.abspath(settings.baseline) if settings.baseline else "",
        rule_folders=tuple(os.path.abspath(path) for path in settings.rule_folders),
    )
    with chdir(folder):
        return lint(real, absolute)


def _anew(known: tuple[Entry, ...], result: Result, file: str) -> list[Entry]:
    """Return what was found, and what this run could not find."""
    held = taken(result.baselined, file)
    elsewhere = without(without(known, held), result.stale)
    return merged((*held, *taken(result.findings, file), *elsewhere))


def _write(file: str, text: str) -> None:
    if not os.path.isfile(file) or _text(file) != text:
        _output.write(file, text)


def _text(file: str) -> str:
    with open(file, encoding="utf-8", errors="replace", newline="") as opened:
        return opened.read()


def _summary(file: str, known: tuple[Entry, ...], entries: list[Entry]) -> str:
    before = {entry.fingerprint: entry.times for entry in merged(known)}
    after = {entry.fingerprint: entry.times for entry in entries}
    added = sum(max(count - before.get(key, 0), 0) for key, count in after.items())
    gone = sum(max(count - after.get(key, 0), 0) for key, count in before.items())
    total = counted(sum(after.values()), "finding")
    return f"{visible(file)}: {total} ({added} added, {gone} taken out)"
