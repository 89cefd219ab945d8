"""`flasklint - --stdin-filename PATH`: what an editor asks about text that is not saved."""

import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, NoReturn

import click

from ..report import _targets
from ..report._screen import visible
from ..settings import Settings

if TYPE_CHECKING:
    from ..stdin import Typed


def typed(paths: Sequence[str], filename: str | None) -> "Typed | None":
    """Return the text on standard input, None where nothing says that there is any."""
    if "-" not in paths:
        if filename:
            raise click.UsageError("--stdin-filename names what - reads from standard input: give - as a path")
        return None
    from .. import stdin

    return stdin.typed(paths, filename, sys.stdin.buffer.read() if filename else b"")


def answer(
    ctx: click.Context, text: "Typed", reports: Sequence[_targets.Target], settings: Settings, color: str
) -> NoReturn:
    """Report on the file and end. With --fix its new text goes to standard output and the report beside it."""
    if settings.add_ignores:
        raise click.UsageError("--add-ignores writes into files: it cannot be done with text from standard input")
    from .. import stdin

    result = stdin.look(text, settings)
    if result.nothing_to_lint:
        click.echo(f"flasklint: nothing to lint around {visible(text.target)}", err=True)
    if settings.fixes != "make":
        _targets.deliver(reports, result, settings, color)
        ctx.exit(result.exit_code(settings))
    with redirect_stdout(sys.stderr):
        _targets.deliver(reports, result, settings, color)
    sys.stdout.buffer.write(stdin.after(text, result))
    sys.stdout.buffer.flush()
    ctx.exit(result.exit_code(settings))
