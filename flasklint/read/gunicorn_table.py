"""Gunicorn's settings for one release, from the generated table."""

from functools import cache
from typing import NamedTuple

from .options import Option
from .options import table as by_flag

_HELP = Option("help", ("-h", "--help"), "flag", "str", "", None)
_VERSION = Option("version", ("-v", "--version"), "flag", "str", "", None)


class Table(NamedTuple):
    """The settings by name and by flag.

    `flags` also holds those of later releases: a pinned version may be out of date. `newer` is True
    for a release after the last one known here.
    """

    settings: dict[str, Option]
    flags: dict[str, Option]
    workers: frozenset[str]
    newer: bool


@cache
def table(version: str | None) -> Table:
    """Return the settings of the last release known that is not after `version` (None: any)."""
    from .data.gunicorn_options import ROWS, VERSIONS, WORKERS

    known = [_key(name) for name in VERSIONS]
    asked = _key(version) if version else known[-1]
    index = max((i for i, key in enumerate(known) if key <= asked), default=0)
    rows = [Option(*row) for row in ROWS]  # type: ignore[arg-type]
    settings = {row.name: row for row in rows if row.first <= index <= row.last}
    later = [row for row in rows if version is None or row.last >= index]
    flags = by_flag([_HELP, _VERSION, *later]) | by_flag(settings.values())
    if version is None:
        flags["--proxy-protocol"] = flags["--proxy-protocol"]._replace(takes="maybe")
    workers = frozenset(
        name for name, first, last in WORKERS if version is None or (first <= index + 1 and last >= index)
    )
    return Table(settings, flags, workers, asked > known[-1])


def _key(version: str) -> tuple[int, ...]:
    """Return the leading numbers of a version, for comparing."""
    numbers = []
    for part in version.split("."):
        if not part.isdigit():
            break
        numbers.append(int(part))
    return tuple([*numbers, 0, 0, 0][:3])
