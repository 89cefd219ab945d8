"""`flasklint explain RULE`: the manual page of a rule."""

from typing import Any

import click

from .. import rule as rules
from ..ownrules import wanted
from ..report import _output, _rules
from ..settings import Settings
from . import _complete, _own


@click.command()
@click.argument("rule", shell_complete=_complete.rule_names)
@_own.options
def command(rule: str, **options: Any) -> None:
    """Explain a rule: why it hurts, what to do, an example."""
    wanted(Settings(**_own.given(options)))
    _output.show(_rules.explain(rules.get(rule), _output.wants_color("auto")))
