"""`flasklint lsp`: a language server for editors."""

import gc
import os
import sys
from typing import Any

import click

from . import _config, _own

MISSING = """\
the language server needs pygls, which is not installed here ({error}). Install it beside flasklint:
  pip install 'flasklint[lsp]'"""


@click.command()
@_config.options
@_own.options
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> None:
    """Speak the Language Server Protocol on standard input and output.

    An editor starts this. It reports on the whole deployment as it would be with what is typed and not yet saved.
    """
    _leave_folder()
    try:
        from ..lsp.look import Options
        from ..lsp.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise click.ClickException(MISSING.format(error=error)) from None
    gc.enable()  # a run of the command line does without; this one goes on for days
    given = {**_config.asked(options), **_own.given(options)}
    given |= {"rule_folders": tuple(map(os.path.abspath, given["rule_folders"]))} if "rule_folders" in given else {}
    file = os.path.abspath(options["file"]) if options["file"] else ""
    ctx.exit(serve(Options(given, file, options["isolated"])))


def _leave_folder() -> None:
    """Import nothing from the folder of strangers' files that an editor starts us in, as `python -m` would."""
    sys.path[:] = [path for path in sys.path if path and os.path.realpath(path) != os.getcwd()]
