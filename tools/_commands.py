"""What click knows about the commands, for the pages that are made of it."""

import inspect
from collections.abc import Iterator
from typing import NamedTuple

import click

from flasklint.cli import cli


class Page(NamedTuple):
    """A command: its name ("" for the program), its usage, its help as paragraphs and its options with their help."""

    name: str
    usage: str
    paragraphs: list[str]
    options: list[tuple[str, str]]


def pages() -> Iterator[Page]:
    """Yield the program with the options of `check`, which it takes without the word, then every other command."""
    context = click.Context(cli, info_name="flasklint")
    for name in ["", *cli.list_commands(context)]:
        command = cli.get_command(context, name or "check")
        if name == "check" or command is None:
            continue
        own = click.Context(command, info_name=name, parent=context)
        usage = "flasklint [check] [OPTIONS] [PATHS]..." if not name else f"{own.command_path} {_usage(command, own)}"
        described = _paragraphs((cli if not name else command).help or "")
        yield Page(name, usage, described, [*_records(command, own), *([] if name else _records(cli, context))])


def _usage(command: click.Command, context: click.Context) -> str:
    return " ".join(command.collect_usage_pieces(context))


def _paragraphs(text: str) -> list[str]:
    """Split a help text; one that begins with `\\b` keeps its lines."""
    return [part.strip("\n") for part in inspect.cleandoc(text).split("\n\n") if part.strip()]


def _records(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    for param in command.get_params(context):
        record = param.get_help_record(context) if isinstance(param, click.Option) else None
        if record and (command.name == "check" or "--help" not in record[0]):
            yield record
