"""Which assignments are in force in the end: resets, ignored lines, drop-ins that are left half read."""

from collections.abc import Iterator, Sequence

from ...facts import Exec, Problem
from ...record import Record
from ...source import Span
from . import check
from .commands import parse_exec
from .holes import has_hole, is_placeholder
from .lines import Assignment, Parsed
from .specifiers import Scope, bad_specifier, expand

EXEC_KEYS = frozenset({
    "ExecCondition", "ExecStartPre", "ExecStart", "ExecStartPost", "ExecReload", "ExecStop",
    "ExecStopPre", "ExecStopPost",
})  # fmt: skip
_IGNORED = frozenset({"bad-value", "bad-path", "bad-specifier", "unknown-key"})
_WORDWISE = frozenset({"Environment", "PassEnvironment", "UnsetEnvironment", "Description"})  # one word is lost
_FATAL_KEYS = frozenset({"User", "Group", "WorkingDirectory", "RootDirectory"})
# valid_user_group_name() of src/basic/user-util.c (252), as relaxed as for units: no colon, slash, control character
_NOT_IN_NAMES = frozenset([":", "/", "\x7f", *map(chr, range(32))])

Kept = tuple[Assignment, tuple[Exec, ...]]  # an assignment in force, with its commands if it is an `Exec*=`


class InForce(Record):
    kept: tuple[Kept, ...]
    problems: tuple[Problem, ...]


def in_force(name: str, scope: Scope, files: Sequence[Parsed], partial: bool) -> InForce:
    """Apply the assignments of all files in order; the first file is the main one unless `partial`.

    A line that would make systemd refuse the unit does so in the main file only. In a drop-in it ends
    the reading of that drop-in, and the unit runs without the rest (252, `unit_load_dropin()`).
    """
    kept: list[Kept] = []
    problems: list[Problem] = []
    sections = check.sections()
    for number, parsed in enumerate(files):
        cuts = partial or number > 0
        for assignment in parsed.assignments:
            if assignment.section not in sections:
                continue
            said, commands = _judge(assignment, name, scope, parsed)
            if said:
                fatal = next((problem for problem in said if problem.refuses), None)
                if cuts and fatal is not None:
                    problems.append(_cut(fatal))
                    earlier = tuple(command for command in commands if command.at.end <= fatal.at.start)
                    kept += [(assignment, earlier)] if earlier else []
                    break
                problems += said
                if any(_is_ignored(assignment, problem) for problem in said):
                    continue
            if assignment.value:
                kept.append((assignment, commands))
            elif not check.is_dependency(assignment.section, assignment.key):
                kept = [earlier for earlier in kept if not _resets(assignment, earlier[0])]
    return InForce(tuple(kept), tuple(problems))


def _judge(assignment: Assignment, name: str, scope: Scope, parsed: Parsed) -> tuple[list[Problem], tuple[Exec, ...]]:
    """Return what systemd says of one assignment, and its commands."""
    section, key, value, line, _ = assignment
    if not parsed.source.utf8 and not value.isascii():
        message = f"String is not UTF-8 clean, ignoring assignment: {key}={value}"
        return [Problem("systemd", "refused-encoding", message, assignment.at, repair="save the file as UTF-8")], ()
    swallowed = _swallowed(assignment) if len(line.pieces) > 1 else None
    said = [swallowed] if swallowed else []
    if key not in check.keys(section):
        unknown = check.key_problem(assignment, parsed.sections)
        return [*said, unknown] if unknown else said, ()
    if not value:
        return said, ()
    if key in EXEC_KEYS:
        commands, problems = parse_exec(assignment, name, scope, parsed.template)
        return [*said, *problems, *(_comments(assignment, commands) if "#" in value else ())], commands
    problem = (_specifier_problem(assignment) if "%" in value else None) or check.value_problem(assignment, name, scope)
    if key in _FATAL_KEYS and (problem is None or problem.kind == "trailing-comment"):
        fatal = _fatal_problem(assignment, expand(name, value, scope))
        said += [fatal] if fatal else []
    return [*said, problem] if problem else said, ()


def _specifier_problem(assignment: Assignment) -> Problem | None:
    if assignment.key in _WORDWISE:
        return None
    bad = bad_specifier(assignment.value)
    if bad is None:
        return None
    fatal = assignment.key in _FATAL_KEYS
    tail = "" if fatal else ", ignoring"
    message = f"Failed to resolve unit specifiers in '{assignment.value}'{tail}: Invalid slot"
    repair = f"write %{bad} for a literal {bad}"
    return Problem("systemd", "refused-specifier" if fatal else "bad-specifier", message, assignment.at, repair=repair)


def _fatal_problem(assignment: Assignment, value: str) -> Problem | None:
    """What makes systemd refuse the unit: a user or folder that cannot be one."""
    key = assignment.key
    if key in ("User", "Group"):
        named = _NOT_IN_NAMES.isdisjoint(value) and value not in (".", "..")
        numbered = value.lstrip("\v\f").isdigit()  # strtoul(3) passes over these
        if named or numbered or has_hole(value) or "<" in value:
            return None
        message = f"Invalid user/group name or numeric ID: {value}"
        return Problem("systemd", "refused-user", message, assignment.at)
    optional, path = value.startswith("-"), value.removeprefix("-")
    if path.startswith("/") and ".." not in path:
        return None
    if is_placeholder(path) or (path == "~" and key == "WorkingDirectory"):
        return None
    wrong = "normalized" if path.startswith("/") and ".." in path.split("/") else "absolute"
    if path.startswith("/") and wrong == "absolute":
        return None
    kind = "bad-path" if optional else f"refused-{'working' if key[0] == 'W' else 'root'}-directory"
    tail = ", ignoring" if optional else ""
    return Problem("systemd", kind, f"{key}= path is not {wrong}{tail}: {path}", assignment.at)


def _cut(fatal: Problem) -> Problem:
    cost = "systemd reads no further in this drop-in and starts the unit without the rest of it"
    return fatal._replace(kind="drop-in-cut", repair="; ".join(filter(None, (fatal.repair, cost))))


def _is_ignored(assignment: Assignment, problem: Problem) -> bool:
    if problem.kind == "trailing-comment":
        return check.is_checked(assignment)
    return problem.kind in _IGNORED


def _resets(empty: Assignment, earlier: Assignment) -> bool:
    if earlier.section != empty.section:
        return False
    listens = empty.section == "Socket" and empty.key.startswith("Listen")
    return earlier.key == empty.key or (listens and earlier.key.startswith("Listen"))


def _swallowed(assignment: Assignment) -> Problem | None:
    """A backslash at a line's end that makes the next assignment or header part of this value."""
    line = assignment.line
    begins = [begin for begin, _ in line.pieces[1:]]
    for begin, until in zip(begins, (*begins[1:], len(line.text)), strict=True):
        text = line.text[begin:until].strip()
        key = text.partition("=")[0].strip()
        header = text.startswith("[") and text.strip("[]") in check.sections()
        if header or ("=" in text and key in check.keys(assignment.section)):
            start = begin + line.text[begin:until].find(text)
            message = f"the backslash before this line makes it part of {assignment.key}="
            because = ((assignment.key_at, f"{assignment.key}= goes on"),)
            repair = "remove the backslash at the end of the line before"
            span = line.span(start, start + len(text))
            return Problem("systemd", "dangling-continuation", message, span, because, repair)
    return None


def _comments(assignment: Assignment, commands: Sequence[Exec]) -> Iterator[Problem]:
    for command in commands:
        words = [word.at.text for word in command.words]
        at = next((at for at in range(1, len(words)) if check.is_comment(words, at)), 0)
        if at:
            message = f"{assignment.key}= passes this to the program as arguments"
            place = command.words[at].at
            span = Span(place.source, place.start, command.at.end)
            repair = "move the comment to a line of its own"
            yield Problem("systemd", "trailing-comment", message, span, repair=repair)
