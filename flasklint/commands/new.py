"""`flasklint new NAME`: a rule file of one's own to begin with."""

import os
import re

import click

from .. import rule as rules
from ..atomic import stage

TEMPLATE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_rule_file.txt")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@click.command()
@click.argument("name")
@click.option("--folder", default="lint", show_default=True, type=click.Path(file_okay=False), help="Where it goes.")
@click.option("--group", default="own", show_default=True, help="The group of the rule.")
def command(name: str, folder: str, group: str) -> None:
    """Write a rule file to begin with, which `flasklint test` accepts.

    NAME says the fault, in small letters with hyphens: `backup-unit-missing`. It ends with status 0, or with 2 where
    there is such a rule already.
    """
    for word, what in ((name, "NAME"), (group, "--group")):
        if not _NAME.fullmatch(word):
            raise click.UsageError(f"{what} is words of small letters with hyphens between them: no-backup-unit")
    if name in rules.names():
        raise click.UsageError(f"flasklint has a rule {name}: choose another name (flasklint explain {name})")
    path = os.path.join(folder, f"{name.replace('-', '_')}.py")
    if os.path.lexists(path):
        raise click.UsageError(f"{path} is there already")
    with open(TEMPLATE, encoding="utf-8") as file:
        text = file.read().replace('"NAME"', f'"{name}"').replace('"GROUP"', f'"{group}"')
    os.makedirs(folder, exist_ok=True)
    os.replace(stage(path, text.encode(), None), path)
    click.echo(
        f"{path} is written. Change it to what you look for, then:\n"
        f"  flasklint test {path}\n"
        f"  flasklint --rule-folder {folder}"
    )
