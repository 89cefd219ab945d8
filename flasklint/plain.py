"""`flasklint PATHS` without any option, as hooks call it and most people do.

Nothing of the machinery for options is loaded, which would take a third of the time of such a run.
"""

import os
from collections.abc import Sequence

from . import commands

_COMPLETES = "_FLASKLINT_COMPLETE"  # set where a shell asks for completions


def is_plain(args: Sequence[str]) -> bool:
    """Whether there are paths alone, or nothing at all."""
    if any(not arg or arg.startswith("-") for arg in args) or _COMPLETES in os.environ:
        return False
    return not args or args[0] not in ("check", *commands.names())


def run(paths: Sequence[str]) -> int:
    """Check the deployments below the paths and return the exit code; never a traceback."""
    from .session import guarded

    return guarded(paths, lambda: _check(paths or ["."]))


def _check(where: Sequence[str]) -> int:
    from . import session
    from .config import settle
    from .report import _targets
    from .run import lint

    settings = session.warn(settle({}, where)).settings
    with session.at_work():
        result = lint(where, settings)
    return session.tell(result, where, _targets.targets((), None), settings)
