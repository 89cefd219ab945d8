"""What surrounds the work of a run, however it was called: progress, reports, standard error, the exit code."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

from . import commands
from .config import Settled
from .report import _targets
from .result import Result
from .settings import ConfigError, Settings

NOTHING = """\
nothing to lint in {paths}
flasklint looks for nginx configurations, systemd units, compose and supervisor files, Procfiles and
Dockerfiles that start a Flask application. Name the files or the folder that holds them;
`flasklint --files PATH` lists what is found."""


def at_work() -> AbstractContextManager[object]:
    """Show that the block is at work, if it takes long and somebody looks at a terminal."""
    if not sys.stderr.isatty():
        return nullcontext()
    from .progress import Progress, wanted

    return Progress(sys.stderr.fileno()) if wanted() else nullcontext()


def tell(
    result: Result,
    where: Sequence[str],
    reports: Sequence[_targets.Target],
    settings: Settings,
    color: str = "auto",
    *,
    briefly: bool = False,
) -> int:
    """Make the reports and return the exit code. Raises OSError for a report that cannot be written."""
    if result.nothing_to_lint and not result.internal_errors:
        said = NOTHING.format(paths=", ".join(where))
        note(said.splitlines()[0] if briefly else said)
    _targets.deliver(reports, result, settings, color)
    return result.exit_code(settings)


def warn(found: Settled) -> Settled:
    """Say which settings file is read where there are two."""
    if found.file and found.file.beside:
        from .report._screen import visible

        both = f"{found.file.path} is read, and [tool.flasklint] of {found.file.beside} is not: keep one of them"
        note(f"warning: {visible(both)}")
    return found


def note(text: str) -> None:
    """Say something on standard error."""
    sys.stdout.flush()
    sys.stderr.write(f"flasklint: {text}\n")
    sys.stderr.flush()


def guarded(args: Sequence[str], work: Callable[[], int]) -> int:
    """Do the work; never a traceback. Returns its exit code, 2 where it fails, 130 for Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        return work()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except ConfigError as error:
        from .report import _mistakes

        sys.stderr.write(_mistakes.render(error))
        return 2
    except Exception as error:
        print(f"flasklint: {_said(error, args)}", file=sys.stderr)
        return 2


def _said(error: Exception, args: Sequence[str]) -> str:
    from .report._screen import visible

    if isinstance(error, FileNotFoundError):
        missing = str(error.filename or error)
        return visible(f"{missing}: no such file or folder{_command_like(args, missing)}")
    if isinstance(error, OSError):
        return visible(f"{error.filename or 'error'}: {(error.strerror or str(error)).lower()}")
    if isinstance(error, ValueError):
        return visible(str(error))
    return visible(f"internal error, please report it: {type(error).__name__}: {error}")


def _command_like(args: Sequence[str], missing: str) -> str:
    """Hint at a command where the first word, and not an option's value, is what is missing."""
    from difflib import get_close_matches

    near = get_close_matches(args[0], ["check", *commands.names()], 1) if args and args[0] == missing else []
    return f" (did you mean the command {near[0]!r}?)" if near and near != [args[0]] else ""
