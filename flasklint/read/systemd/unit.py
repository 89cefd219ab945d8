"""One unit: its file and drop-ins put together, and what is in force in the end."""

from collections.abc import Iterable, Iterator, Sequence
from posixpath import dirname
from typing import NamedTuple

from ...facts import Entry, Exec, Problem, Unit
from ...source import Span
from ...tree import Tree
from ...value import has_hole, normal
from . import check
from .commands import parse_exec
from .environment import Context, build
from .lines import Assignment, Parsed
from .refuse import refusals
from .specifiers import Scope, bad_specifier, expand

EXEC_KEYS = frozenset("ExecCondition ExecStartPre ExecStart ExecStartPost ExecReload ExecStop ExecStopPost ExecStopPre".split())
_IGNORED = frozenset({"bad-value", "bad-path", "bad-specifier", "unknown-key"})
_MAIN_SECTIONS = ("Service", "Socket", "Timer", "Path", "Mount")


class InForce(NamedTuple):
    """The assignments that count after resets, in order, and what systemd complained of on the way."""

    assignments: tuple[Assignment, ...]
    problems: tuple[Problem, ...]


def assemble(name: str, path: str, files: Sequence[Parsed], tree: Tree, partial: bool = False) -> Unit:
    """Return the unit that a main file and its drop-ins (in the order of application) make.

    `path` is the main file's, relative to the tree. With `partial` there are drop-ins only.
    """
    scope = _scope(path, files)
    force = in_force(name, scope, files)
    commands, problems = _commands(force.assignments, name, scope, any(each.template for each in files))
    section = name.rpartition(".")[2].capitalize()
    own = [assignment for assignment in force.assignments if assignment.section == section]
    built = build(own, Context(name, scope, tree, dirname(path), partial))
    problems = [*_file_problems(files), *force.problems, *_meant(problems, built.environment.unseen, own), *built.problems]
    unit = Unit(
        name=name,
        at=_heading(files),
        files=(*(each.source for each in files), *built.files),
        entries=tuple(_entry(assignment) for assignment in force.assignments),
        commands=tuple(commands),
        environment=built.environment,
        problems=(),
        scope=scope,
        partial=partial,
    )
    problems += refusals(unit, files, problems)
    return unit._replace(problems=tuple(_one_per_cause(problems)))


def in_force(name: str, scope: Scope, files: Iterable[Parsed]) -> InForce:
    """Apply assignments in order: an empty one resets its list, a bad one is ignored."""
    kept: list[Assignment] = []
    problems: list[Problem] = []
    for parsed in files:
        for assignment in parsed.assignments:
            if assignment.section not in check.sections():
                continue
            problem = _swallowed(assignment) or check.key_problem(assignment, parsed.sections)
            if problem is None and assignment.key in check.keys(assignment.section):
                problem = _value_problem(assignment, name, scope)
            if problem is not None:
                problems.append(problem)
                if _is_ignored(assignment, problem):
                    continue
            if assignment.value:
                kept.append(assignment)
            elif not check.is_dependency(assignment.section, assignment.key):
                kept = [earlier for earlier in kept if not _resets(assignment, earlier)]
    return InForce(tuple(kept), tuple(problems))


def _value_problem(assignment: Assignment, name: str, scope: Scope) -> Problem | None:
    own_words = assignment.key in EXEC_KEYS or assignment.key in ("Environment", "Description")
    if not own_words and (bad := bad_specifier(assignment.value)) is not None:
        message = f"Failed to resolve unit specifiers in '{assignment.value}', ignoring: Invalid slot"
        return Problem("systemd", "bad-specifier", message, assignment.at, repair=f"Write %{bad} for a literal {bad}.")
    return check.value_problem(assignment, name, scope)


def _is_ignored(assignment: Assignment, problem: Problem) -> bool:
    if problem.kind == "trailing-comment":
        return check.keys(assignment.section)[assignment.key] in check.CHECKS
    return problem.kind in _IGNORED


def _resets(empty: Assignment, earlier: Assignment) -> bool:
    if earlier.section != empty.section:
        return False
    listens = empty.section == "Socket" and empty.key.startswith("Listen")
    return earlier.key == empty.key or (listens and earlier.key.startswith("Listen"))


def _swallowed(assignment: Assignment) -> Problem | None:
    """A backslash at a line's end that makes the next assignment or header part of this value."""
    line = assignment.line
    if len(line.pieces) == 1:
        return None
    for (begin, _), (until, _) in zip(line.pieces[1:], (*line.pieces[2:], (len(line.text), 0)), strict=True):
        text = line.text[begin:until].strip()
        key = text.partition("=")[0].strip()
        header = text.startswith("[") and text.strip("[]") in check.sections()
        if header or ("=" in text and key in check.keys(assignment.section)):
            start = begin + line.text[begin:until].find(text)
            message = f"the backslash before this line makes it part of {assignment.key}="
            span = line.span(start, start + len(text))
            because = ((assignment.key_at, f"{assignment.key}= goes on here"),)
            return Problem("systemd", "dangling-continuation", message, span, because, "Remove the backslash at the end of the line before.")
    return None


def _commands(assignments: Iterable[Assignment], name: str, scope: Scope, template: bool) -> tuple[list[Exec], list[Problem]]:
    commands: list[Exec] = []
    problems: list[Problem] = []
    for assignment in assignments:
        if assignment.key not in EXEC_KEYS:
            continue
        parsed = parse_exec(assignment, name, scope, template)
        commands += parsed.commands
        problems += parsed.problems
        for command in parsed.commands:
            problems += _command_comment(assignment, command)
    return commands, problems


def _command_comment(assignment: Assignment, command: Exec) -> Iterator[Problem]:
    words = [word.at.text for word in command.words]
    for at, word in enumerate(command.words):
        if at and check.is_comment(words, at):
            message = f"{assignment.key}= passes this to the program as arguments"
            span = Span(word.at.source, word.at.start, command.at.end)
            yield Problem("systemd", "trailing-comment", message, span, repair="Move the comment to a line of its own.")
            return


def _meant(problems: Iterable[Problem], unseen: Sequence[str], own: Sequence[Assignment]) -> Iterator[Problem]:
    """Drop complaints of a program `${X}/...` unless the unit shows that systemd is to replace it.

    The same text is also what envsubst and installers fill in before systemd ever sees the file.
    """
    sets = " ".join(assignment.value for assignment in own if assignment.key == "Environment")
    files = any(assignment.key == "EnvironmentFile" for assignment in own)
    for problem in problems:
        text = problem.at.text.lstrip("\"'-@:+!")
        name = text[1:].strip("{").partition("}")[0].partition("/")[0]
        if problem.kind != "refused-exec-not-absolute" or text[:1] != "$" or files or f"{name}=" in sets or name == "HOME":
            yield problem


def _file_problems(files: Iterable[Parsed]) -> list[Problem]:
    return [problem for parsed in files for problem in (*parsed.problems, *check.section_problems(parsed))]


def _one_per_cause(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Leave out what only follows from a trailing comment, and what was said already."""
    problems = list(problems)
    comments = [problem.at for problem in problems if problem.kind == "trailing-comment"]
    seen = set()
    for problem in problems:
        at = problem.at
        inside = any(each.source is at.source and each.start <= at.start < each.end for each in comments)
        key = (problem.kind, at.path, at.start)
        if key not in seen and (problem.kind == "trailing-comment" or not inside):
            seen.add(key)
            yield problem


def _entry(assignment: Assignment) -> Entry:
    return Entry(assignment.section, assignment.key, normal(assignment.value), assignment.at, assignment.key_at)


def _heading(files: Sequence[Parsed]) -> Span:
    for parsed in files:
        for section in parsed.sections:
            if section.name in _MAIN_SECTIONS:
                return section.at
    return files[0].source.whole()


def _scope(path: str, files: Sequence[Parsed]) -> Scope:
    """ "user" for a unit in a folder of user units, or one that only a user manager would start."""
    if "/systemd/user/" in f"/{path}":
        return "user"
    said = {(each.key, each.value) for parsed in files for each in parsed.assignments}
    keys = {key for key, _ in said}
    wanted = ("WantedBy", "default.target") in said and ("WantedBy", "multi-user.target") not in said
    return "user" if wanted and not keys & {"User", "DynamicUser"} else "system"


__all__ = ["assemble", "expand", "has_hole", "in_force"]
