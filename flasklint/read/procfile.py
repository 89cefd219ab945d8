"""Procfiles: one `type: command` a line, run by a shell (Heroku, Dokku, Honcho, Foreman).

https://devcenter.heroku.com/articles/procfile
"""

import re
from functools import cache

from ..facts import Environment, Runs, Variable, Word
from ..source import Source
from ..tree import Tree
from ..value import Unknown


def looks_like(name: str, head: bytes) -> bool:
    """Tell whether a file is a Procfile: `Procfile`, `Procfile.dev`, ..."""
    base = name.rpartition("/")[2]
    return base == "Procfile" or (base.startswith("Procfile.") and b":" in head)


def read(source: Source, tree: Tree) -> tuple[Runs, ...]:
    """Return one shell command for each process type.

    Each runs in a machine of its own ("dyno"). The directory is the one the Procfile lies in, by
    another name on the platform; the platform sets PORT and may set anything else.
    """
    return tuple(_runs(source, match) for match in _line().finditer(source.text))


def _runs(source: Source, match: re.Match[str]) -> Runs:
    at = source.span(match.start(2), match.start(2) + len(match[2].rstrip()))
    place = source.span(*match.span(1))
    port = Variable("PORT", Unknown("the platform sets it", at), at)
    return Runs(
        name=match[1],
        manager="procfile",
        words=(Word(at.text, at, "{{" not in at.text),),
        at=at,
        place=place,
        user=Unknown("the platform's own user"),
        group=Unknown("the platform's own user"),
        directory=Unknown("the platform's own directory"),
        environment=Environment((port,), complete=False, unseen=("the platform's settings",)),
        shell=True,
        container="dyno",
        names=(match[1],),
    )


@cache
def _line() -> re.Pattern[str]:
    return re.compile(r"^([A-Za-z0-9_-]+):[ \t]*(\S.*)$", re.MULTILINE)
