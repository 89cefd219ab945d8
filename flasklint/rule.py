"""What a rule is, where rules come from, and the examples inside them."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cache
from importlib.machinery import SourceFileLoader
from types import ModuleType

from .deployment import Deployment
from .finding import Finding, Severity
from .record import Record

Check = Callable[[Deployment], Iterator[Finding]]


class Rule(Record):
    """One fault that flasklint knows. Its module's docstring is its manual page."""

    name: str
    severity: Severity
    group: str
    since: str
    links: tuple[str, ...]
    check: Check

    @property
    def module(self) -> ModuleType:
        return sys.modules[self.check.__module__]

    @property
    def doc(self) -> str:
        return (self.module.__doc__ or "").strip()

    @property
    def title(self) -> str:
        return self.doc.partition("\n")[0]

    @property
    def why(self) -> str:
        """The text between the title and `Fix:`."""
        return self.doc.partition("\n")[2].rpartition("\nFix:")[0].strip()

    @property
    def fix(self) -> str:
        return self.doc.rpartition("\nFix:")[2].strip()

    @property
    def bad(self) -> str:
        return str(getattr(self.module, "BAD", ""))

    @property
    def good(self) -> str:
        return str(getattr(self.module, "GOOD", ""))

    @property
    def fixed(self) -> str:
        """What `--fix` makes of BAD, "" where it makes nothing."""
        return str(getattr(self.module, "FIXED", ""))


def rule(
    name: str, *, severity: Severity, group: str, since: str, links: Sequence[str] = ()
) -> Callable[[Check], Rule]:
    """Make a rule of a function from a deployment to findings."""

    def wrap(check: Check) -> Rule:
        return Rule(name, severity, group, since, tuple(links), check)

    return wrap


class UnknownSelectorError(ValueError):
    """A selector that names no rule and no group and matches nothing; `suggestions` are near misses."""

    def __init__(self, selector: str, suggestions: Sequence[str]) -> None:
        meant = f"; did you mean {' or '.join(suggestions)}?" if suggestions else ""
        super().__init__(f"no rule or group {selector!r}{meant} (see flasklint rules)")
        self.selector = selector
        self.suggestions = tuple(suggestions)


# ----------------------------------------------------------------------------------------- loading


def names() -> list[str]:
    """The names of all built-in rules, without importing them."""
    return sorted(_files())


@cache
def _files() -> dict[str, str]:
    """The file of every built-in rule by its name."""
    from . import rules

    return {
        file[:-3].replace("_", "-"): f"{folder}/{file}"
        for folder in rules.__path__
        if os.path.isdir(folder)
        for file in os.listdir(folder)
        if file.endswith(".py") and not file.startswith("_")
    }


_added: dict[str, Rule] = {}


def add(own: Iterable[Rule]) -> None:
    """Let `get` know of rules that are not flasklint's own; `load` is given them."""
    _added.update((one.name, one) for one in own)


def added() -> tuple[Rule, ...]:
    """Return the rules that are not flasklint's own and were loaded so far."""
    return tuple(_added.values())


def get(name: str) -> Rule:
    """Return one rule. Raises UnknownSelectorError."""
    if name in _added:
        return _added[name]
    if name not in (known := names()):
        raise UnknownSelectorError(name, _near(name, [*known, *_added]))
    return _import(name)


def load(
    select: Sequence[str] = (), ignore: Sequence[str] = (), own: Sequence[Rule] = (), extend: Sequence[str] = ()
) -> tuple[Rule, ...]:
    """Return the selected ones of the built-in rules and a project's own. Selectors are names, globs and groups.

    `extend` selects beside `select`, which stands for all rules where it is empty.

    Raises UnknownSelectorError.
    """
    rules = [*(_import(name) for name in names()), *own]
    chosen = (_matching(rules, select) if select else {one.name for one in rules}) | _matching(rules, extend)
    chosen -= _matching(rules, ignore)
    return tuple(one for one in rules if one.name in chosen)


def _import(name: str) -> Rule:
    module = f"flasklint.rules.{name.replace('-', '_')}"
    if module not in sys.modules:
        _load(module, _files()[name])
    found: Rule = sys.modules[module].check
    return found


def _load(name: str, path: str) -> None:
    """Import a module whose file is known: at half the price of a search, a hundred times at every start."""
    loader = SourceFileLoader(name, path)
    module = ModuleType(name)
    module.__file__, module.__loader__, module.__package__ = path, loader, name.rpartition(".")[0]
    loader.exec_module(module)
    sys.modules.setdefault(name, module)  # not before: another thread would take it half made


def _matching(rules: Iterable[Rule], selectors: Iterable[str]) -> set[str]:
    rules = list(rules)
    matched: set[str] = set()
    for selector in selectors:
        hits = {one.name for one in rules if selector == one.group or fnmatchcase(one.name, selector)}
        if not hits and selector != "all":
            raise UnknownSelectorError(selector, _near(selector, [w for one in rules for w in (one.name, one.group)]))
        matched |= hits or {one.name for one in rules}
    return matched


def _near(word: str, known: Iterable[str]) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(word, sorted(set(known)), 3, 0.5)


# ---------------------------------------------------------------------------------------- examples

_HEADER = r"^-- (?P<path>\S+) --$"  # compiled where an example is read, and not at every start
_MARK = r"[ \t]*# finding: ?(?P<words>.*)$"


class Expected(Record):
    """A finding that an example marks: where, and words its message must hold."""

    path: str
    line: int
    words: str


class Example(Record):
    """A small deployment written as one text with `-- path --` headers, and what it must raise."""

    files: dict[str, str]
    expected: tuple[Expected, ...]


def example(text: str) -> Example:
    """Unpack an example. Marks (`# finding: words` at the end of a line) are taken out of the files.

    Raises ValueError for text that is in no file.
    """
    files: dict[str, list[str]] = {}
    expected: list[Expected] = []
    path = ""
    for line in text.strip("\n").split("\n"):
        if header := re.match(_HEADER, line):
            path = header["path"]
            files[path] = []
            continue
        if not path:
            if line.strip():
                raise ValueError(f"an example begins with a line `-- path --`, not with {line.strip()[:60]!r}")
            continue
        if mark := re.search(_MARK, line):
            line = line[: mark.start()]
            expected.append(Expected(path, len(files[path]) + 1, mark["words"].strip()))
        files[path].append(line)
    return Example({name: "\n".join(lines).rstrip("\n") + "\n" for name, lines in files.items()}, tuple(expected))
