"""The entry point. `--version` alone answers before anything is imported."""

import gc
import os
import sys

from . import __version__


def main() -> int:
    """Run the command line and return the exit code."""
    if sys.argv[1:] == ["--version"]:
        print(f"flasklint {__version__}")
        return 0
    gc.disable()  # one short run: what it makes it needs to the end
    from . import plain

    if plain.is_plain(sys.argv[1:]):
        return plain.run(sys.argv[1:])
    from .cli import run

    return run(sys.argv[1:])


def console() -> None:
    """Run the command line and end the process, without freeing every object first: a tenth of a run."""
    code = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        pass  # the reader has seen enough
    except (OSError, ValueError):
        code = code or 2  # the report did not arrive
    os._exit(code)


if __name__ == "__main__":
    console()
