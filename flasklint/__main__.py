"""The entry point. `--version` alone answers before anything is imported."""

import gc
import sys

from . import __version__


def main() -> int:
    """Run the command line and return the exit code."""
    if sys.argv[1:] == ["--version"]:
        print(f"flasklint {__version__}")
        return 0
    gc.disable()  # one short run: what it makes it needs to the end
    from .cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
