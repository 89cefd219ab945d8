"""What the user asked for, frozen."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from .finding import Severity

LEVELS: Mapping[str, Severity] = MappingProxyType({str(level): level for level in reversed(Severity)})
NO_OVERRIDES: Mapping[str, Severity] = MappingProxyType({})


class Settings(NamedTuple):
    """`select` and `ignore` hold rule names, globs and groups; an empty `select` is the default set.

    `severities` overrides a rule's level by name or glob, the last match wins. `cores` is the number
    of CPUs of the machine that will run the deployment, `server` the application server the project
    decided for. With `root_is_host` the input is a host's file system: absolute paths in it start
    at its root. `no_ignores` disregards the comments that silence findings.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, Severity] = NO_OVERRIDES
    fail_on: Severity = Severity.WARNING
    exit_zero: bool = False
    quiet: bool = False
    cores: int | None = None
    server: str = ""
    root_is_host: bool = False
    no_ignores: bool = False


def severity(level: Severity | str) -> Severity:
    """Return the severity of that name; ValueError with the possible names otherwise."""
    if isinstance(level, Severity):
        return level
    if level not in LEVELS:
        raise ValueError(f"{level!r} is no severity: use {', '.join(LEVELS)}")
    return LEVELS[level]


def names(listed: tuple[str, ...]) -> tuple[str, ...]:
    """Split comma lists of selectors as they come from a command line."""
    return tuple(name.strip() for part in listed for name in part.split(",") if name.strip())


def overrides(listed: tuple[str, ...]) -> dict[str, Severity]:
    """Read `RULE=LEVEL` pairs; ValueError where one is neither."""
    levels: dict[str, Severity] = {}
    for pair in names(listed):
        name, equals, level = pair.partition("=")
        if not (name and equals):
            raise ValueError(f"{pair!r} is not RULE=LEVEL")
        levels[name.strip()] = severity(level.strip())
    return levels
