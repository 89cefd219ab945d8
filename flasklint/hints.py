"""What the settings say of files, asked by absolute paths: patterns there are relative to the settings' folder."""

import os
from collections.abc import Callable

from .facts import Given
from .finding import Finding
from .links import below
from .settings import Settings
from .walk import Excluder


def excluder(settings: Settings) -> Excluder | None:
    """Return what tells whether a file or a folder (True) is left out, None where nothing is."""
    own = os.path.realpath(settings.baseline) if settings.baseline else ""
    if not settings.exclude:
        return (lambda real, folder: real == own) if own else None
    from .globs import Globs

    globs, base = Globs(settings.exclude), os.path.realpath(settings.base)

    def excluded(real: str, folder: bool) -> bool:
        path = below(base, real)
        return real == own or (bool(path) and globs.verdict(path or "", folder=folder) is True)

    return excluded


def given(settings: Settings) -> Given:
    """Return what the user says of the input as a whole."""
    base = os.path.realpath(settings.base)
    paths = {folder: os.path.normpath(os.path.join(base, inside)) for folder, inside in settings.paths.items()}
    if not (settings.paths or settings.deployments):
        return Given(settings.root_is_host)
    return Given(settings.root_is_host, paths, pinned(settings))


def pinned(settings: Settings) -> Callable[[str], str]:
    """Return what tells the name of the deployment that a file is made part of; the first one counts."""
    from .globs import Globs

    base = os.path.realpath(settings.base)
    pins = [(one.name, Globs(one.files)) for one in settings.deployments]

    def named(real: str) -> str:
        path = below(base, real)
        return next((name for name, globs in pins if globs.covers(path)), "") if path else ""

    return named


class FileIgnores:
    """Asked whether the settings silence a finding for the file that it begins in."""

    def __init__(self, settings: Settings) -> None:
        from .globs import Globs

        self._base = os.path.realpath(settings.base)
        self._ignores = [(Globs([one.glob]), one) for one in settings.per_file_ignores]

    def reason(self, finding: Finding) -> str:
        """Return why it is silent, "" where it is not."""
        path = below(self._base, finding.at.source.real)
        if not path:
            return ""
        said = (one.reason for globs, one in self._ignores if globs.covers(path) and _names(one.rules, finding.rule))
        return next(said, "")


def _names(selectors: tuple[str, ...], rule: str) -> bool:
    """Whether one of the rules, groups and globs is this rule."""
    from fnmatch import fnmatchcase

    from . import rule as rules

    group = rules.get(rule).group
    return any(one in (rule, group, "all") or fnmatchcase(rule, one) for one in selectors)
