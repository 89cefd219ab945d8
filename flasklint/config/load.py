"""A settings file becomes settings, or all that is wrong with it is told at once."""

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from .. import __version__
from .. import rule as rules
from ..finding import Finding, Severity, finding
from ..read.toml import parse
from ..settings import ConfigError, Settings, overrides
from ..source import Source, Span, decode
from . import MOST_BYTES, File, Settled
from .keys import BY_NAME, SHAPE, SPECIFIER, Key
from .places import Path, Place, places
from .shapes import Mistakes, is_selector, named, quoted

_POSITION = re.compile(r" \(at line (\d+), column (\d+)\)$")
_AT_END = " (at end of document)"


def load(file: File, given: Mapping[str, Any]) -> Settled:
    """Join the file with what the command line gives. Raises ConfigError."""
    source = _source(file)
    content = _content(source)
    where = _Where(source, file.table)
    table = where.table(content)
    _check_version(table, where)
    _check(table, where, file.base)
    own = _own_rules(file, table, given)
    if given.get("allow_plugins") == "no":
        table = _without_own(table)
    _check(table, where, file.base, _selectors(own))
    values: dict[str, Any] = {"base": file.base, "config_file": file.path}
    origins: dict[tuple[str, ...], Span | None] = {}
    for name, value in table.items():
        field, make = BY_NAME[name].field, _maker(BY_NAME[name], own)
        origins[field,] = where.key((name,))
        if isinstance(value, dict):
            parts = {entry: make({entry: item}) for entry, item in value.items()}
            origins |= {(field, made): where.key((name, entry)) for entry, part in parts.items() for made in part}
        values[field] = make(value)
    if "rule_folders" in values:
        values["rule_folders"] = _below(file, values["rule_folders"])
    if "baseline" in values:
        [values["baseline"]] = _below(file, [values["baseline"]])
    _override(values, origins, given)
    return Settled(Settings(**values), origins, file)


def _override(values: dict[str, Any], origins: dict[tuple[str, ...], Span | None], given: Mapping[str, Any]) -> None:
    """Put what the command line gives in the place of what the file says: of tables, entry by entry."""
    if "select" in given:  # a choice of its own, which begins with nothing
        for field in ("extend_select", "ignore"):
            values.pop(field, None)
            origins.pop((field,), None)
    for field, value in given.items():
        if isinstance(value, Mapping):
            values[field] = {**values.get(field, {}), **value}
            origins |= {(field, entry): None for entry in value}
        else:
            values[field] = (*values.get(field, ()), *value) if field == "extend_select" else value
        origins[field,] = None


def _check(table: Any, where: "_Where", base: str, selectors: Sequence[str] | None = None) -> None:
    """Raise ConfigError for all that is wrong. Without `selectors` the names of rules are passed over, unless
    something else is wrong, and no rules of the project's own may be meant: then all is told at once."""
    mistakes = _mistakes(table, base, selectors)
    if mistakes.found and selectors is None and not _names_own(table):
        mistakes = _mistakes(table, base, _selectors(()))
    if mistakes.found:
        raise ConfigError(where.findings(mistakes))


def _mistakes(table: Any, base: str, selectors: Sequence[str] | None) -> Mistakes:
    mistakes = Mistakes(selectors)
    SHAPE.check(table, (), mistakes)
    told = {path[:2] for path, *_ in mistakes.found}
    if isinstance(table, dict) and ("paths",) not in told and not mistakes.full:
        for folder, inside in table.get("paths", {}).items():
            if ("paths", folder) not in told and not mistakes.full and not os.path.isdir(os.path.join(base, inside)):
                mistakes.add(("paths", folder), f"there is no folder {quoted(inside)}", "not there")
    return mistakes


def _names_own(table: Any) -> bool:
    return isinstance(table, dict) and bool(table.get("plugins") or table.get("rule-folders"))


def _own_rules(file: File, table: dict[str, Any], given: Mapping[str, Any]) -> tuple[rules.Rule, ...]:
    """Load the project's own rules, as far as they are allowed: the file may select them."""
    folders = given.get("rule_folders", _below(file, table.get("rule-folders", ())))
    plugins = given.get("plugins", tuple(table.get("plugins", ())))
    if not (folders or plugins):
        return ()
    from ..ownrules import wanted

    allowed = given.get("allow_plugins", "")
    return wanted(Settings(rule_folders=folders, plugins=plugins, allow_plugins=allowed, config_file=file.path))


def _without_own(table: dict[str, Any]) -> dict[str, Any]:
    """Leave out the names of rules that are left out themselves; of `select` not the last one, for an empty list
    would be all rules."""
    known = _selectors(())

    def kept(selectors: Iterable[str]) -> list[str]:
        return [one for one in selectors if is_selector(one, known)]

    lists: dict[str, Any] = {name: kept(table[name]) for name in ("extend-select", "ignore") if name in table}
    if "select" in table:
        lists["select"] = kept(table["select"]) or table["select"]
    levels = table.get("severity", {})
    files = {
        glob: [{**one, "rules": left} for one in listed if (left := kept(one["rules"]))]
        for glob, listed in table.get("per-file-ignores", {}).items()
    }
    return {**table, **lists, "severity": {name: levels[name] for name in kept(levels)}, "per-file-ignores": files}


def _below(file: File, folders: Iterable[str]) -> tuple[str, ...]:
    """Name folders as seen from the current one."""
    return tuple(os.path.relpath(os.path.join(file.base, folder)) for folder in folders)


def _maker(key: Key, own: Sequence[rules.Rule]) -> Callable[[Any], Any]:
    return (lambda levels: overrides(levels, own)) if key.field == "severities" else key.make


def _source(file: File) -> Source:
    if len(file.data) > MOST_BYTES:
        raise ConfigError([_mistake(Source(file.path, "").whole(), f"larger than {MOST_BYTES // 1000} kB")])
    text, codec = decode(file.data)
    source = Source(file.path, text, os.path.abspath(file.path))
    if codec not in ("utf-8", "utf-8-sig"):
        good = len(_beginning(file.data))
        at = source.span(good, good + 1) if codec == "latin-1" else source.whole()
        raise ConfigError([_mistake(at, "the file is not UTF-8, which TOML has to be", "the first byte that is none")])
    return source


def _beginning(data: bytes) -> str:
    """Return what is UTF-8 up to the first byte that is none; as many characters of Latin-1 stand before it."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        return data[: error.start].decode("latin-1")


def _content(source: Source) -> dict[str, Any]:
    """Parse the file. What is wrong is told as the parser says it, at the place that it names."""
    try:
        return parse(source.text)
    except ValueError as error:
        said = str(error)
        place = _POSITION.search(said)
        if place:
            offset = source.offset(int(place[1]), int(place[2]))
            at = source.span(offset, min(offset + 1, len(source.text)))
        elif said.endswith(_AT_END):
            end = len(source.text.rstrip())
            at = source.span(max(end - 1, 0), end)
        else:
            at = source.whole()
        message = _POSITION.sub("", said).removesuffix(_AT_END)
        raise ConfigError([_mistake(at, f"this is not TOML: {message[:1].lower()}{message[1:]}", "here")]) from None


def _check_version(table: Any, where: "_Where") -> None:
    """What another release has written may look wrong to this one, so its version is asked first."""
    wanted = table.get("required-version") if isinstance(table, dict) else None
    mistakes = Mistakes()
    SPECIFIER.check(wanted, (), mistakes)
    if wanted is None or mistakes.found:
        return
    from packaging.specifiers import SpecifierSet

    if not SpecifierSet(wanted).contains(__version__, prereleases=True):
        mistakes.add(("required-version",), f"these settings are for flasklint {wanted}, and this is {__version__}")
        raise ConfigError(where.findings(mistakes, f"install a release that fits: pip install 'flasklint{wanted}'"))


def _selectors(own: Sequence[rules.Rule]) -> list[str]:
    """Return the names of all rules and groups."""
    return sorted({name for one in rules.load((), (), own) for name in (one.name, one.group)})


def _mistake(at: Span, message: str, label: str = "", repair: str = "") -> Finding:
    return finding(at, message, label=label, repair=repair, severity=Severity.ERROR)


class _Where:
    """Finds places in the file; the positions are only worked out when somebody asks."""

    def __init__(self, source: Source, table: Sequence[str]) -> None:
        self._source = source
        self._table = tuple(table)
        self._places: dict[Path, Place] | None = None

    def table(self, content: Any) -> Any:
        """Return the table that holds the settings."""
        for depth, name in enumerate(self._table, 1):
            if not isinstance(content, dict):
                at = self._span(self._table[: depth - 1], key=True)
                raise ConfigError([_mistake(at, f"{named(self._table[: depth - 1])} is no table", "expected a table")])
            if name not in content:
                header = ".".join(self._table)
                raise ConfigError([_mistake(self._source.whole(), f"the file has no table [{header}]")])
            content = content[name]
        return content

    def key(self, path: Path) -> Span:
        return self._span((*self._table, *path), key=True)

    def findings(self, mistakes: Mistakes, repair: str = "") -> Iterable[Finding]:
        """Say every mistake at its place, in the order of the file."""
        said = [
            _mistake(self._span((*self._table, *path), key=key), message, label, repair)
            for path, key, message, label in mistakes.found
        ]
        return sorted(said, key=lambda one: one.at.start)

    def _span(self, path: Path, *, key: bool) -> Span:
        """Return the place of a key or a value, of the nearest one around it where it has none."""
        if self._places is None:
            try:
                self._places = places(self._source.text)
            except RecursionError:
                self._places = {}
        while path and path not in self._places:
            path = path[:-1]
        if not path:
            return self._source.whole()
        place = self._places[path]
        return self._source.span(*(place.key if key else place.value))
