"""`flasklint config`: the settings in force, and where each of them comes from."""

from typing import Any

import click

from ..report import _config as report
from ..report import _output
from . import _config, _own


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True))
@_config.options
@_own.options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(paths: tuple[str, ...], form: str, **options: Any) -> None:
    """Show the settings in force for PATHS, and where each of them comes from.

    Takes the options that `check` would be given.
    """
    settled = _config.settled(paths or (".",), options, _own.given(options))
    color = _output.wants_color("auto")
    _output.show(report.json(settled) if form == "json" else report.text(settled, color))
