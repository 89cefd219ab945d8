"""Comments that silence findings: `# flasklint: ignore[rule-name, glob-*] reason`.

Only loaded where a file holds one. A comment silences what lies on its own line or, where it stands alone, on the
next line that is no comment.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import islice

from .comments import layout
from .deployment import Deployment
from .facts import Problem
from .finding import Finding
from .record import Record
from .rule import Rule, added, example, load
from .source import Source, Span

MARK = "flasklint:"
# Kinds of problems; the message is what is named.
UNUSED, UNUSED_NAME = "unused-ignore", "unused-name-in-ignore"
UNKNOWN, NAMELESS, REASONLESS = "unknown-rule-in-ignore", "ignore-without-name", "ignore-without-reason"
ABOUT_IGNORES = ("unused-ignore", "unknown-rule-in-ignore", "ignore-without-reason")
_FORM = re.compile(r"flasklint:[ \t]*ignore[ \t]*\[([^\]]*)\](.*)")
_MEANT = re.compile(r"flasklint:[ \t]*ignore\b")
_LONGEST = 80  # characters of a rule's name or a glob
_MOST_NAMES = 100  # in a comment that is judged
_MOST_JUDGED = 500  # comments of a run
_MOST_ABOVE = 100  # comment lines that are looked at above a line
_MOST_GUESSES = 20  # a glance at all rules takes a millisecond

Check = Callable[[Sequence[Deployment], Sequence[Rule]], tuple[list[Finding], int]]  # asks rules, counts failures


class Ignore(Record):
    """A comment that is meant to silence: `at` is all of it, `names` are the places of the rules and globs in it."""

    at: Span
    names: tuple[Span, ...]
    reason: str
    alone: bool


class Page(Record):
    """What a file silences: its ignores by line, the lines that are comments, and those that go on from another."""

    ignores: dict[int, list[Ignore]]
    comment_lines: frozenset[int]
    inside: frozenset[int]


def silences(at: Span, rule: str) -> bool:
    """Tell whether a comment that is responsible for a place names the rule."""
    names = _patterns(at.source, at.line)
    return rule in names if rule in ABOUT_IGNORES else _is_named(rule, names)


def reason(places: Iterable[Span], rule: str) -> str:
    """Return what the comment that silences a rule at one of the places says, "" where none does."""
    for at in places:
        for ignore in _responsible(at.source, at.line):
            if ignore.reason and _is_named(rule, _texts(ignore)):
                return ignore.reason
    return ""


@lru_cache(maxsize=1024)
def _patterns(source: Source, line: int) -> tuple[str, ...]:
    """Return what is silenced on a line; thousands of findings may lie on one."""
    found = (name for ignore in _responsible(source, line) if ignore.reason for name in _texts(ignore))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=1024)
def _is_named(rule: str, patterns: tuple[str, ...]) -> bool:
    return any(_matches(rule, pattern) for pattern in patterns)


def _matches(rule: str, pattern: str) -> bool:
    return rule == pattern or (not pattern.replace("-", "").isalnum() and fnmatchcase(rule, pattern))


def _texts(ignore: Ignore) -> tuple[str, ...]:
    return tuple(text for name in ignore.names if len(text := name.text) <= _LONGEST)


# ------------------------------------------------------------------------------------------ reading


@lru_cache(maxsize=64)
def page(source: Source) -> Page:
    """Return the ignores of a file."""
    found: dict[int, list[Ignore]] = {}
    alone = set()
    drawn = layout(source)
    for comment in drawn.comments:
        line = comment.at.line
        if comment.alone:
            alone.add(line)
        if match := _FORM.match(comment.inner.text):
            said = match[2].strip(" \t:")
            said = said if any(char.isalnum() for char in said) else ""
            names = tuple(_names(comment.inner.part(*match.span(1))))
            found.setdefault(line, []).append(Ignore(comment.at, names, said, comment.alone))
        elif _MEANT.match(comment.inner.text):
            found.setdefault(line, []).append(Ignore(comment.at, (), "", comment.alone))
    return Page(found, frozenset(alone), drawn.inside)


def _names(listed: Span) -> Iterator[Span]:
    """Take a list with commas apart."""
    at = 0
    for part in listed.text.split(","):
        start = at + len(part) - len(part.lstrip())
        if part.strip():
            yield listed.part(start, start + len(part.strip()))
        at += len(part) + 1


def _responsible(source: Source, line: int) -> Iterator[Ignore]:
    """Yield the ignores on a line, and on the comment lines above it.

    Lines of one value are one line; to the interpreter line belong the comments below it.
    """
    one = page(source)
    if not one.ignores:
        return
    yield from one.ignores.get(line, ())
    if line == 1 and source.text.startswith("#!"):
        below = 2
        while below in one.comment_lines:
            yield from one.ignores.get(below, ())
            below += 1
    passed = 0
    while line > 1 and passed < _MOST_ABOVE:
        line -= 1
        if line in one.comment_lines:
            passed += 1
            yield from one.ignores.get(line, ())
        elif line + 1 not in one.inside and not _is_within(line + 1, one.inside, one.comment_lines):
            return


def _is_within(line: int, inside: Collection[int], comment_lines: Collection[int]) -> bool:
    """Whether a value goes on below a comment line and those that follow it."""
    if line not in comment_lines:
        return False
    while line in comment_lines:
        line += 1
    return line in inside


def head(source: Source, line: int) -> int:
    """Return the line that a value begins on, of which the given one is a part: a comment can stand above it."""
    one = layout(source)
    comments = {comment.at.line for comment in one.comments if comment.alone} if one.inside else set()
    while line in one.inside or (line in comments and _is_within(line, one.inside, comments)):
        line -= 1
    return line


# ----------------------------------------------------------------------------------------- judging


def judge(
    deployments: Iterable[Deployment], found: Iterable[Finding], chosen: Iterable[Rule], check: Check, *, whole: bool
) -> list[Finding]:
    """Return what the rules about ignores find: an engine's matter, as it takes everything that the others `found`.

    Rules that an ignore names are asked for its sake where they are not among the chosen ones. Nothing is called
    unused in a file with problems, and where the input is no `whole` only of rules that need a single file.
    """
    deployments = [one for one in deployments if not one.left_alone]
    told = {rule.name: rule for rule in chosen}
    about = [told[name] for name in ABOUT_IGNORES if name in told]
    sources = _marked(deployments) if about else []
    if not sources:
        return []
    every = {rule.name: rule for rule in load((), (), added())}
    named = {name.text for source in sources for one in _listed(source) for name in one.names[:_MOST_NAMES]}
    more = [rule for rule in every.values() if rule.name not in told and _is_named(rule.name, tuple(named))]
    further, crashes = check(deployments, more)
    ran = told.keys() | {rule.name for rule in more if not crashes}
    judged = {name for name in ran if name in every and (whole or _is_local(every[name]))}
    idle = problems(sources, [*found, *further], every.keys(), judged)
    return check([Deployment(".", problems=tuple(idle))], about)[0]


def _marked(deployments: Iterable[Deployment]) -> list[Source]:
    """Return the files with ignores that were read without a problem, each once."""
    files: dict[Source, None] = {}
    odd: set[Source] = set()
    for one in deployments:
        files |= dict.fromkeys(source for source in one.files if MARK in source.text)
        lists = [one.problems, *(config.problems for config in one.nginx)]
        odd |= {problem.at.source for listed in lists for problem in listed}
    return [source for source in files if source not in odd]


def _listed(source: Source) -> Iterator[Ignore]:
    for ignores in page(source).ignores.values():
        yield from ignores


def _is_local(rule: Rule) -> bool:
    """Whether a single file is enough for the rule, as in its own example."""
    return len(example(rule.bad).files) == 1


def problems(
    sources: Iterable[Source], found: Iterable[Finding], known: Collection[str], judged: Collection[str]
) -> Iterator[Problem]:
    """Say which ignores do nothing. `found` is all that was found, silenced or not, by the rules that are `judged`.

    `known` are the names of all rules. Only what lies in `sources` is spoken of, and of a rule that was not judged
    nothing is said to be unused.
    """
    used = _used(found)
    guesses = 0
    for ignore in islice((one for source in sources for one in _listed(source)), _MOST_JUDGED):
        for problem in _idle(ignore, used, known, judged) if len(ignore.names) <= _MOST_NAMES else ():
            if problem.kind == UNKNOWN and guesses < _MOST_GUESSES:
                guesses += 1
                problem = _guessed(problem, known)
            yield problem


def _used(found: Iterable[Finding]) -> set[tuple[int, int]]:
    """Return the names in ignores (as source and offset) that silence a finding."""
    lines: dict[tuple[Source, int], set[str]] = {}
    for one in found:
        for at in (one.at, *(label.at for label in one.because)):
            if MARK in at.source.text:
                lines.setdefault((at.source, at.line), set()).add(one.rule)
    return {
        (id(source), name.start)
        for (source, line), rules in lines.items()
        for ignore in _responsible(source, line)
        if len(ignore.names) <= _MOST_NAMES
        for name in ignore.names
        if len(pattern := name.text) <= _LONGEST and any(_matches(rule, pattern) for rule in rules)
    }


def _idle(
    ignore: Ignore, used: set[tuple[int, int]], known: Collection[str], judged: Collection[str]
) -> Iterator[Problem]:
    if not ignore.names:
        yield Problem("flasklint", NAMELESS, "", ignore.at)
        return
    meant = {name: [rule for rule in known if _matches(rule, name.text[:_LONGEST])] for name in ignore.names}
    yield from (Problem("flasklint", UNKNOWN, name.text[:_LONGEST], name) for name in meant if not meant[name])
    if not ignore.reason:
        yield Problem("flasklint", REASONLESS, "", ignore.at)
        return
    idle = [name for name, rules in meant.items() if rules and (id(name.source), name.start) not in used]
    told = [name for name in idle if name.text not in ABOUT_IGNORES and all(rule in judged for rule in meant[name])]
    if told and len(told) == len(ignore.names):
        yield Problem("flasklint", UNUSED, ", ".join(name.text for name in told), ignore.at)
    else:
        yield from (Problem("flasklint", UNUSED_NAME, name.text, name) for name in told)


def _guessed(problem: Problem, known: Collection[str]) -> Problem:
    """Say which rule is likely to be meant."""
    from difflib import get_close_matches

    near = get_close_matches(problem.message, sorted(known), 1, 0.7)
    return problem._replace(instead=near[0]) if near else problem
