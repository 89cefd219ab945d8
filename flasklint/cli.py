"""The command line: arguments to settings, a call, an exit code."""

from typing import TYPE_CHECKING, Any

import click

from . import __version__, commands, session
from .commands import _complete, _config, _living, _own, _stdin, _watch
from .report import _targets

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

WHEN = ("auto", "always", "never")
FORMATS = f"{', '.join(_targets.names())}; may be repeated, each to a file of its own.  [default: text]"


class Commands(click.Group):
    """A group whose first argument may be a path: `flasklint deploy/` is `flasklint check deploy/`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if ctx.resilient_parsing and not args:  # a shell asks what the first word may be
            return super().parse_args(ctx, args)
        if not args or (args[0] not in ("--help", "--version") and args[0] not in self.list_commands(ctx)):
            args = ["check", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.commands, *commands.names()]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import a command of `flasklint/commands/` when it is asked for."""
        if name in self.commands or name not in commands.names():
            return super().get_command(ctx, name)
        from importlib import import_module

        found: click.Command = import_module(f".commands.{name.replace('-', '_')}", __package__).command
        found.name = name
        return found

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Propose a command, or what may follow `check`."""
        check = self.commands["check"]
        with click.Context(check, parent=ctx, info_name="check", resilient_parsing=True) as of_check:
            # click's script for zsh stumbles over a path that begins with nothing, if more follows
            paths = check.params[0].shell_complete(of_check, incomplete or "./") if incomplete[:1] != "-" else []
            return [*paths, *super().shell_complete(ctx, incomplete), *check.shell_complete(of_check, incomplete)]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options of `check` among the group's own."""
        check = self.commands["check"]
        both = (*check.params, *self.get_params(ctx))
        params = [param for param in both if isinstance(param, click.Option)]
        with formatter.section("Options"):
            formatter.write_dl([record for param in params if (record := param.get_help_record(ctx))])
        self.format_commands(ctx, formatter)


@click.group(cls=Commands, options_metavar="[check]", subcommand_metavar="[OPTIONS] [PATHS]...")
@click.version_option(__version__, prog_name="flasklint", message="%(prog)s %(version)s")
def cli() -> None:
    """Say what will break in a Flask deployment before it is deployed.

    Reads nginx configurations, systemd units, Gunicorn and Waitress command lines, compose and
    supervisor files and the application's source below PATHS (the current folder), joins them, and
    checks the whole. Nothing that is read is ever run. A path that is named like a command is written
    `./check`.
    """


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path())
@_config.options
@click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is found.")
@click.option("--format", "forms", multiple=True, metavar="NAME[:FILE]", help=FORMATS, shell_complete=_complete.formats)
@click.option("--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write the one report to a file.")
@click.option("--color", type=click.Choice(WHEN), default="auto", help="Colours.  [default: auto]")
@click.option(
    "--hyperlinks", type=click.Choice(WHEN), default="auto", help="Rule names that a terminal opens.  [default: auto]"
)
@click.option("--fix", is_flag=True, help="Repair what can be repaired safely, then report what remains.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: repairs that a person has to look at, too.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and write nothing; exit 1 if anything.")
@click.option("--files", is_flag=True, help="List what was found and as what it was read.")
@click.option("--root", type=click.Path(), metavar="DIR", help="DIR is the root of a host's file system.")
@click.option("--quiet", "-q", is_flag=True, help="No summary.")
@click.option("--no-ignores", is_flag=True, help="Disregard comments that silence findings.")
@_living.options
@click.option("--no-gitignore", is_flag=True, help="Look at what git leaves out, too.")
@click.option("--stdin-filename", type=click.Path(), metavar="PATH", help="The file of which stdin (-) is the text.")
@_watch.options
@_own.options
@click.pass_context
def check(ctx: click.Context, /, paths: tuple[str, ...], **options: Any) -> None:
    """Check the deployments below PATHS."""
    reports = _targets.targets(options["forms"], options["output"], _special(options))
    text = _stdin.typed(paths, options["stdin_filename"])
    where = _where(text.around if text else paths, options["root"])
    settings = _config.settled(
        where, options, {**_given(options), **_own.given(options), **_living.given(options)}
    ).settings
    if text:
        _stdin.answer(ctx, text, reports, settings, options["color"])
    with _watch.watching(options) as watch:
        if settings.fixes:
            from .fix import fix

            result = _living.told(fix(where, settings), settings)
        else:
            from .run import lint

            result = lint(where, settings)
    watch.tell(result, settings)
    ctx.exit(session.tell(result, where, reports, settings, options["color"], briefly=options["files"]))


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of this run that no file holds."""
    given = {
        "exit_zero": options["exit_zero"],
        "quiet": options["quiet"],
        "root_is_host": bool(options["root"]),
        "no_ignores": options["no_ignores"],
        "no_gitignore": options["no_gitignore"],
        "fixes": "show" if options["diff"] else "make" if options["fix"] else "",
        "unsafe_fixes": options["unsafe_fixes"],
        "hyperlinks": options["hyperlinks"],
    }
    return {field: value for field, value in given.items() if value}


def _special(options: dict[str, Any]) -> str:
    """Return the report that has an option of its own. Raises UsageError for options that exclude each other."""
    if options["unsafe_fixes"] and not (options["fix"] or options["diff"]):
        raise click.UsageError("--unsafe-fixes goes with --fix or --diff")
    if options["files"] and (options["fix"] or options["diff"]):
        raise click.UsageError("--files lists files only: give neither --fix nor --diff with it")
    if options["statistics"] and (options["files"] or options["diff"]):
        raise click.UsageError("--statistics counts findings only: give neither --files nor --diff with it")
    return next((name for name in ("files", "diff", "statistics") if options[name]), "")


def _where(paths: tuple[str, ...], root: str | None) -> list[str]:
    if root and paths:
        raise click.UsageError("--root takes the whole input: give no PATHS with it")
    return [root] if root else list(paths) or ["."]


# ------------------------------------------------------------------------------------------- calling


def run(args: list[str]) -> int:
    """Run the command line; never a traceback. 0: clean, 1: findings, 2: misuse or an error, 130: Ctrl-C."""
    return session.guarded(args, lambda: _run(args))


def _run(args: list[str]) -> int:
    try:
        code = cli.main(args, prog_name="flasklint", standalone_mode=False)
    except click.Abort:
        return 130
    except click.ClickException as error:
        error.show()
        return 2
    return code if isinstance(code, int) else 0
