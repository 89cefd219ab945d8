"""The five promises that every rule keeps, and the cases that accompany it.

1. BAD raises exactly the marked findings, with the marked words; 2. GOOD raises nothing of this rule
and nothing of severity error; 3. BAD after `--fix` (with `--unsafe-fixes` where its fix is unsafe) is FIXED,
which raises nothing, and there is a FIXED where there is a fix; 4. BAD is silent when any one of its files is
taken away, unless the rule needs one file only; 5. the manual page is whole and the name fits.

A promise is a function of a rule and a `Bench` that yields what speaks against it, nothing where it is kept.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir

from .finding import Finding, Severity
from .record import Record
from .result import Result
from .rule import Example, Rule, example
from .settings import Settings

CASES = "cases"  # the folder beside the rule files with a folder for each rule


class Broken(Record):
    """A promise that a rule does not keep: which, and what speaks against it. `path` is that of a case."""

    promise: str
    complaints: tuple[str, ...]
    path: str = ""


class Bench:
    """A folder in which examples are laid out and linted, each in a folder of its own, with these settings."""

    def __init__(self, folder: str | os.PathLike[str], settings: Settings | None = None) -> None:
        self._folder = os.fspath(folder)
        self._settings = settings or Settings()
        self._count = 0

    def lint(self, files: Mapping[str, str], *select: str) -> Result:
        """Lint a deployment given as texts; the paths of the findings are those of the texts."""
        from .run import lint

        with chdir(self._laid_out(files)):
            return lint(["."], self._settings._replace(select=select))

    def fix(self, files: Mapping[str, str], select: str, *, unsafe: bool) -> tuple[Result, dict[str, str]]:
        """Repair a deployment given as texts; return what remains and the texts it then has."""
        from .fix import fix

        folder = self._laid_out(files)
        with chdir(folder):
            result = fix(["."], self._settings._replace(select=(select,), fixes="make", unsafe_fixes=unsafe))
        return result, {name: _text(os.path.join(folder, name)) for name in files}

    def _laid_out(self, files: Mapping[str, str]) -> str:
        """Write files; a text that is `-> target` makes a symbolic link."""
        self._count += 1
        folder = os.path.join(self._folder, f"example{self._count}")
        os.makedirs(folder)
        for name, text in files.items():
            path = os.path.normpath(os.path.join(folder, name))
            if not path.startswith(os.path.join(folder, "")):
                raise ValueError(f"an example holds {name}, which is outside of it")
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if text.startswith("-> "):
                os.symlink(text[3:].strip(), path)
            else:
                with open(path, "wb") as file:
                    file.write(text.encode())
        return folder


def _text(path: str) -> str:
    with open(path, "rb") as file:
        return file.read().decode()


Promise = Callable[[Rule, Bench], Iterator[str]]


def broken(one: Rule, bench: Bench) -> Iterator[Broken]:
    """Yield the promises that a rule does not keep, and the cases beside its file that fail."""
    for promise in PROMISES:
        if complaints := _complaints(promise(one, bench)):
            yield Broken(promise.__name__.replace("_", " "), complaints)
    for path in cases(one):
        if complaints := _complaints(_case(one, path, bench)):
            yield Broken("the case is judged as it is marked", complaints, path)


def _complaints(found: Iterator[str]) -> tuple[str, ...]:
    """Return complaints; an example that cannot be unpacked is one."""
    try:
        return tuple(found)
    except ValueError as error:
        return (str(error),)


def _case(one: Rule, path: str, bench: Bench) -> Iterator[str]:
    yield from raises_what_is_marked(one.name, example(_text(path)), bench)


def cases(one: Rule) -> list[str]:
    """Return the case files of a rule that lie beside its own: `cases/name-of-the-rule/*.txt`."""
    folder = os.path.join(os.path.dirname(one.module.__file__ or ""), CASES, one.name)
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    return [os.path.join(folder, name) for name in names if name.endswith(".txt")]


# ---------------------------------------------------------------------------------------- the five


def bad_raises_exactly_the_marked_findings(one: Rule, bench: Bench) -> Iterator[str]:
    if not (bad := example(one.bad)).expected:
        yield "BAD marks no finding: put `# finding: words of its message` at the end of a line"
    yield from raises_what_is_marked(one.name, bad, bench)


def good_is_silent(one: Rule, bench: Bench) -> Iterator[str]:
    for found in bench.lint(example(one.good).files).findings:
        if found.rule == one.name or found.level is Severity.ERROR:
            yield f"GOOD raises {found.rule} at {_where(found)}: {found.message}"


def bad_becomes_fixed(one: Rule, bench: Bench) -> Iterator[str]:
    """Without FIXED no finding carries a fix; with it all do, and `--fix` makes exactly that of BAD, once."""
    bad = example(one.bad).files
    findings = bench.lint(bad, one.name).findings
    if not one.fixed:
        yield from (f"{_where(found)} has a fix, and there is no FIXED" for found in findings if found.fix)
        return
    yield from (f"there is FIXED, and {_where(found)} has no fix" for found in findings if not found.fix)
    unsafe = any(found.fix and not found.fix.safe for found in findings)
    result, files = bench.fix(bad, one.name, unsafe=unsafe)
    for path, text in example(one.fixed).files.items():
        if files.get(path) != text:
            yield f"--fix does not make FIXED of {path}, but:\n{files.get(path, 'no such file')}"
    yield from (f"not fixed at {_where(left.finding)}: {left.why}" for left in result.unfixed)
    yield from (f"after --fix still at {_where(found)}: {found.message}" for found in result.findings)
    if len(result.fixed) != len(findings):
        yield f"--fix repairs {len(result.fixed)} of {len(findings)} findings"
    again, same = bench.fix(files, one.name, unsafe=unsafe)
    if again.findings or again.changes or same != files:
        yield "a second --fix changes something again"


def bad_needs_every_file(one: Rule, bench: Bench) -> Iterator[str]:
    bad = example(one.bad).files
    for missing in bad if len(bad) > 1 else ():
        rest = {path: text for path, text in bad.items() if path != missing}
        for found in bench.lint(rest, one.name).findings:
            yield f"without {missing} BAD still raises {_where(found)}: {found.message}"


def manual_page_is_whole(one: Rule, bench: Bench) -> Iterator[str]:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one.name):
        yield f"the name {one.name} is not of the form some-fault"
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one.group):
        yield f"the group {one.group} is not of the form some-group"
    if not re.fullmatch(r"\d+\.\d+", one.since):
        yield f"since={one.since} is not a version like 1.0"
    if not one.title or one.title.endswith("."):
        yield "the docstring begins with a title, without a full stop"
    if len(one.why) <= 40:
        yield "the docstring says why it hurts between the title and `Fix:`, in a sentence at least"
    if "\nFix:" not in one.doc or not one.fix:
        yield "the docstring ends with `Fix:` and what to do"
    if not example(one.good).files:
        yield "GOOD is missing"


PROMISES: tuple[Promise, ...] = (
    bad_raises_exactly_the_marked_findings,
    good_is_silent,
    bad_becomes_fixed,
    bad_needs_every_file,
    manual_page_is_whole,
)


def raises_what_is_marked(name: str, given: Example, bench: Bench) -> Iterator[str]:
    """Hold the findings of one rule against the marks of an example."""
    findings = bench.lint(given.files, name).findings
    marks = sorted(mark[:2] for mark in given.expected)
    found = sorted((one.at.path, one.at.line) for one in findings)
    yield from (f"{path}:{line} is marked, and nothing is found" for path, line in _without(marks, found))
    for path, line in _without(found, marks):
        texts = [one.message for one in findings if (one.at.path, one.at.line) == (path, line)]
        yield f"{path}:{line} is not marked, and found: {'; '.join(texts)}"
    for mark in given.expected:
        texts = [_words(one) for one in findings if (one.at.path, one.at.line) == mark[:2]]
        if texts and not any(mark.words in text for text in texts):
            yield f"{mark.path}:{mark.line} is found without the words {mark.words!r}: {'; '.join(texts)}"


def _without(places: list[tuple[str, int]], others: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the places that the others lack, as often as they do."""
    left = list(others)
    missing = []
    for place in places:
        left.remove(place) if place in left else missing.append(place)
    return missing


def _words(found: Finding) -> str:
    return f"{found.message} {found.label} {found.repair}"


def _where(found: Finding) -> str:
    return f"{found.at.path}:{found.at.line}"
