"""What the user asked for, frozen."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from .finding import Finding, Severity
from .record import Record

if TYPE_CHECKING:
    from .rule import Rule

LEVELS: Mapping[str, Severity] = MappingProxyType({str(level): level for level in reversed(Severity)})
NO_OVERRIDES: Mapping[str, Severity] = MappingProxyType({})
NOTHING: Mapping[str, str] = MappingProxyType({})


class FileIgnore(Record):
    """Rules that say nothing about the files which a glob names, and why."""

    glob: str
    rules: tuple[str, ...]
    reason: str


class Pinned(Record):
    """A deployment that the user puts together by hand: every file that one of the globs names is part of it."""

    name: str
    files: tuple[str, ...]


class ConfigError(ValueError):
    """A settings file that cannot be used. Each of `mistakes` says where and what; `Finding` is how we say that."""

    def __init__(self, mistakes: Iterable[Finding]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("; ".join(f"{one.at.path}:{one.at.line}: {one.message}" for one in self.mistakes))


class Settings(Record):
    """`select` and `ignore` hold rule names, globs and groups; an empty `select` is the default set.

    `severities` overrides a rule's level by its name. `cores` is the number of CPUs of the machine
    that will run the deployment, `server` the application server the project decided for. With
    `root_is_host` the input is a host's file system: absolute paths in it start at its root.
    `no_ignores` disregards the comments that silence findings. `fixes` is "make" to repair files, "show" to
    only work out what would change, and "" to do neither; with `unsafe_fixes` repairs that are a good
    guess are made, too.

    `rule_folders` and `plugins` name code: it is run where `allow_plugins` is "yes", left alone where it is "no",
    and refused with an error otherwise.

    `baseline` is a file with findings that are not to be told again ("": none is read), `add_ignores` the reason for
    comments that are to be written above all findings ("": none are).

    What a settings file holds besides is described in flasklint/config/keys.py, one row for a field.
    Globs in it are those of a .gitignore, relative to the folder `base` ("": none are given).

    `hyperlinks` is "auto", "always" or "never": whether rule names in a report for a terminal link to their pages.
    `no_gitignore` looks at what git leaves out, too.
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
    fixes: str = ""
    unsafe_fixes: bool = False
    extend_select: tuple[str, ...] = ()
    per_file_ignores: tuple[FileIgnore, ...] = ()
    exclude: tuple[str, ...] = ()
    paths: Mapping[str, str] = NOTHING
    deployments: tuple[Pinned, ...] = ()
    nginx_prefix: str = "/etc/nginx"
    python_version: str = ""
    targets: Mapping[str, str] = NOTHING
    plugins: tuple[str, ...] = ()
    rule_folders: tuple[str, ...] = ()
    required_version: str = ""
    base: str = ""
    config_file: str = ""
    allow_plugins: str = ""
    hyperlinks: str = "auto"
    no_gitignore: bool = False
    baseline: str = ""
    add_ignores: str = ""


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


def overrides(levels: Mapping[str, Severity | str], own: "Sequence[Rule]" = ()) -> dict[str, Severity]:
    """Spell out severities given by selector (rule name, glob or group) as severities by rule name.

    `own` are the project's rules, which have names, too: those that are loaded unless they are given.

    Raises ValueError for a level that is none and UnknownSelectorError for a rule that is none.
    """
    from .rule import added, load

    own = own or added()
    read = {selector: severity(level) for selector, level in levels.items()}
    return {rule.name: level for selector, level in read.items() for rule in load((selector,), (), own)}


def pairs(listed: tuple[str, ...]) -> dict[str, str]:
    """Take `RULE=LEVEL` apart; ValueError where it is not of that form."""
    levels = {}
    for pair in names(listed):
        name, equals, level = pair.partition("=")
        if not (name and equals):
            raise ValueError(f"{pair!r} is not RULE=LEVEL")
        levels[name.strip()] = level.strip()
    return levels
