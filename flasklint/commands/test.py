"""`flasklint test`: whether rules keep their promises."""

import os
from collections.abc import Sequence
from tempfile import TemporaryDirectory
from typing import Any

import click

from .. import rule as rules
from ..ownrules import load, wanted
from ..promises import Bench, Broken, broken, cases
from ..report import _output
from ..report._screen import BOLD, paint, visible
from ..rule import Rule
from ..settings import Settings
from . import _own

NOTHING = """\
name what to test: a rule file, a folder of rule files, or a rule by its name
  flasklint test lint/"""


@click.command()
@click.argument("what", nargs=-1, metavar="[NAME|FILE|FOLDER]...")
@_own.options
@click.pass_context
def command(ctx: click.Context, /, what: tuple[str, ...], **options: Any) -> None:
    """Test whether rules keep the five promises.

    BAD raises exactly what it marks, GOOD is silent, BAD with --fix becomes FIXED, BAD needs all of its
    files, the manual page is whole; and the examples in `cases/NAME/` beside a rule's file are judged as marked.

    It ends with 0 if all promises are kept, with 1 if not, with 2 if a rule file cannot be used or none is named.
    """
    settings = Settings(**_own.given(options))
    paths = [one for one in what if _is_path(one)]
    own = wanted(settings)
    chosen = [*(rules.get(one) for one in what if one not in paths), *load(paths)] if what else own
    if not chosen:
        raise click.UsageError(f"no rule file in {', '.join(what)}" if what else NOTHING)
    folders = tuple(os.path.abspath(path) for path in (*settings.rule_folders, *paths))
    ctx.exit(int(_tested(chosen, settings._replace(rule_folders=folders, allow_plugins="yes")) > 0))


def _is_path(word: str) -> bool:
    return "/" in word or os.sep in word or word.endswith(".py") or os.path.isdir(word)


def _tested(chosen: Sequence[Rule], settings: Settings) -> int:
    """Print what rules do not keep, and return how many of them do not."""
    color = _output.wants_color("auto")
    failed = 0
    for one in chosen:
        with TemporaryDirectory(prefix="flasklint") as folder:
            found = list(broken(one, Bench(folder, settings)))
        failed += bool(found)
        held = len(cases(one))
        beside = f", {held} case{'s' if held != 1 else ''}" if held else ""
        head = paint("not kept", "1;31", color) if found else paint("kept", "1;32", color)
        _output.show(f"{paint(one.name, BOLD, color)}: {head}{beside}\n{''.join(map(_told, found))}")
    total = len(chosen)
    _output.show(f"{total} rule{'s' if total != 1 else ''}, {failed or 'none'} with a promise not kept\n")
    return failed


def _told(one: Broken) -> str:
    where = f" ({one.path})" if one.path else ""
    lines = "".join(f"    {visible(line)}\n" for text in one.complaints for line in text.splitlines())
    return f"  {one.promise}{visible(where)}\n{lines}"
