"""`flasklint explain RULE`: the manual page of a rule."""

import click

from .. import rule as rules
from ..report import _output, _rules


@click.command()
@click.argument("rule")
def command(rule: str) -> None:
    """Explain a rule: why it hurts, what to do, an example."""
    _output.show(_rules.explain(rules.get(rule), _output.wants_color("auto")))
