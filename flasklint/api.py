"""The function that other programs call."""

import os
from collections.abc import Mapping, Sequence

from .finding import Severity
from .result import Result
from .run import lint as run
from .settings import Settings, names, overrides


def lint(
    *paths: str | os.PathLike[str],
    select: str | Sequence[str] = (),
    ignore: str | Sequence[str] = (),
    severities: Mapping[str, Severity | str] | None = None,
    cores: int | None = None,
    server: str = "",
    root_is_host: bool = False,
    no_ignores: bool = False,
    no_gitignore: bool = False,
    baseline: str | os.PathLike[str] = "",
) -> Result:
    """Lint files and folders (the current folder if none is given), joined, and return everything found.

    `select` and `ignore` are rule names, globs (`waitress-*`) or groups, also as one text with commas.
    `severities` overrides by such a selector ("error", "warning", "note"). `cores` is the number of CPUs
    of the target, `server` the application server the project means to use ("gunicorn" or "waitress").
    With `root_is_host` the one path is the root of a host's file system. `no_ignores` disregards the
    comments that silence findings, `no_gitignore` looks at what git leaves out, too. `baseline` is a file
    that `flasklint baseline` wrote; none is read unless it is given.

    Nothing that is read is run, and no fault of a file raises anything: what cannot be read or parsed is a
    finding. Raises `UnknownSelectorError` for a rule that does not exist, ValueError for a severity that
    does not and for a baseline that is broken, FileNotFoundError for a path that does not exist.
    """
    settings = Settings(
        select=names((select,) if isinstance(select, str) else tuple(select)),
        ignore=names((ignore,) if isinstance(ignore, str) else tuple(ignore)),
        severities=overrides(severities or {}),
        cores=cores,
        server=server,
        root_is_host=root_is_host,
        no_ignores=no_ignores,
        no_gitignore=no_gitignore,
        baseline=os.fspath(baseline),
    )
    return run([os.fspath(path) for path in paths] or ["."], settings)
