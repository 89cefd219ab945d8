"""`flasklint rules`: all rules, by group."""

import click

from .. import rule
from ..report import _output, _rules


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(form: str) -> None:
    """List all rules by group."""
    found = rule.load((), ())
    listed = _rules.listing_json(found) if form == "json" else _rules.listing(found, _output.wants_color("auto"))
    _output.show(listed)
