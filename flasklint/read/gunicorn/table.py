"""Gunicorn's settings for one release, from the generated table."""

from functools import cache

from ...record import Record
from ...value import Default, Unknown, Value
from ..options import Option
from ..options import table as by_flag

_HELP = Option("help", ("-h", "--help"), "flag", "str", "", None)
_VERSION = Option("version", ("-v", "--version"), "flag", "str", "", None)


class Table(Record):
    """The settings by name and by flag.

    `flags` also holds those of later releases: a pinned version may be out of date. `newer` is True
    for a release after the last one known here. `defaults` are the values in force where nothing is
    written, but for those that server hooks have. `variants` are what the releases in question make of
    a setting, the oldest first; `release` are the flags of the oldest of them.
    """

    settings: dict[str, Option]
    flags: dict[str, Option]
    workers: frozenset[str]
    newer: bool
    defaults: dict[str, Value[object]]
    variants: dict[str, tuple[Option, ...]]
    release: frozenset[str]


DEFAULT = "Gunicorn's default"


@cache
def table(version: str | None) -> Table:
    """Return the settings of the last release known that is not after `version` (None: any)."""
    from ..data.gunicorn_options import ROWS, VERSIONS, WORKERS

    known = [_key(name) for name in VERSIONS]
    asked = _key(version) if version else known[-1]
    index = max((i for i, key in enumerate(known) if key <= asked), default=0)
    rows = [Option(*row) for row in ROWS]
    settings = {row.name: row for row in rows if row.first <= index <= row.last}
    later = [row for row in rows if version is None or row.last >= index]
    flags = by_flag([_HELP, _VERSION, *later]) | by_flag(settings.values())
    if version is None:
        flags["--proxy-protocol"] = flags["--proxy-protocol"]._replace(takes="maybe")
    between = asked != known[index]  # a release that is not in the tables may have what the next one has
    workers = frozenset(
        name for name, first, last in WORKERS if version is None or (first <= index + between and last >= index)
    )
    variants: dict[str, tuple[Option, ...]] = {row.name: (row,) for row in (*flags.values(), *settings.values())}
    if version is None:
        variants = {}
        for row in rows:
            variants[row.name] = (*variants.get(row.name, ()), row)
    defaults = {name: _default(variants[name]) for name, row in settings.items() if row.check != "_validate_callable"}
    oldest = 0 if version is None else index
    own = [_HELP, _VERSION, *(row for row in rows if row.first <= oldest <= row.last)]
    release = frozenset(flag for row in own for flag in row.flags)
    return Table(settings, flags, workers, asked > known[-1], defaults, variants, release)


def _default(rows: tuple[Option, ...]) -> Value[object]:
    value = rows[-1].default
    if any(row.default != value for row in rows):
        return Unknown("depends on Gunicorn's release")
    return Unknown("computed when Gunicorn starts") if value is ... else Default(value, DEFAULT)


def _key(version: str) -> tuple[int, ...]:
    """Return the leading numbers of a version, for comparing."""
    numbers = []
    for part in version.split("."):
        if not part.isdecimal() or len(part) > 9:
            break
        numbers.append(int(part))
    return tuple([*numbers, 0, 0, 0][:3])
