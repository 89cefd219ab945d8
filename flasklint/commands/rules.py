"""`flasklint rules`: all rules, by group."""

from typing import Any

import click

from .. import rule
from ..ownrules import wanted
from ..report import _output, _rules
from ..settings import Settings
from . import _own


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@_own.options
def command(form: str, **options: Any) -> None:
    """List all rules by group."""
    found = rule.load((), (), wanted(Settings(**_own.given(options))))
    listed = _rules.listing_json(found) if form == "json" else _rules.listing(found, _output.wants_color("auto"))
    _output.show(listed)
