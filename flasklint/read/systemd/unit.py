"""One unit: its file and drop-ins put together, and what is in force in the end."""

from collections.abc import Iterable, Iterator, Sequence
from posixpath import dirname

from ...facts import Entry, Problem, Unit
from ...source import Span
from ...tree import Tree
from . import check
from .environment import Context, build
from .force import in_force
from .holes import normal
from .lines import Assignment, Parsed
from .refuse import refusals
from .specifiers import Scope

_MAIN_SECTIONS = ("Service", "Socket", "Timer", "Path", "Mount")


def assemble(name: str, path: str, files: Sequence[Parsed], tree: Tree, partial: bool = False) -> Unit:
    """Return the unit that a main file and its drop-ins (in the order of application) make.

    `path` is the main file's, relative to the tree. With `partial` there are drop-ins only.
    """
    scope = _scope(path, files)
    force = in_force(name, scope, files, partial)
    section = name.rpartition(".")[2].capitalize()
    own = [assignment for assignment, _ in force.kept if assignment.section == section]
    built = build(own, Context(name, scope, tree, dirname(path), partial))
    entries = tuple([_entry(assignment) for assignment, _ in force.kept])
    problems = [*_file_problems(files), *_meant(force.problems, own), *built.problems]
    unit = Unit(
        name=name,
        at=_heading(files),
        files=(*(each.source for each in files), *(source for each in built.files for source in each.files)),
        entries=entries,
        by_key=_by_key(entries),
        commands=tuple([command for _, commands in force.kept for command in commands]),
        environment=built.environment,
        problems=(),
        scope=scope,
        partial=partial,
        env_files=built.files,
    )
    problems += refusals(unit, files, problems)
    return unit._replace(problems=tuple(_one_per_cause(problems))) if problems else unit


def _meant(problems: Sequence[Problem], own: Sequence[Assignment]) -> Iterator[Problem]:
    """Drop complaints of a program `${X}/...` unless the unit shows that systemd is to replace it.

    The same text is also what envsubst and installers fill in before systemd ever sees the file.
    """
    if not problems:
        return
    sets = " ".join(assignment.value for assignment in own if assignment.key == "Environment")
    files = any(assignment.key == "EnvironmentFile" for assignment in own)
    for problem in problems:
        text = problem.at.text.lstrip("\"'-@:+!")
        name = text[1:].strip("{").partition("}")[0].partition("/")[0]
        if (
            problem.kind != "refused-exec-not-absolute"
            or text[:1] != "$"
            or files
            or f"{name}=" in sets
            or name == "HOME"
        ):
            yield problem


def _file_problems(files: Iterable[Parsed]) -> list[Problem]:
    return [problem for parsed in files for problem in (*parsed.problems, *check.section_problems(parsed))]


def _one_per_cause(problems: Sequence[Problem]) -> Iterator[Problem]:
    """Leave out what only follows from a trailing comment, and what was said already."""
    comments = [problem.at for problem in problems if problem.kind == "trailing-comment"]
    seen = set()
    for problem in problems:
        at = problem.at
        inside = any(each.source is at.source and each.start <= at.start < each.end for each in comments)
        key = (problem.kind, at.path, at.start)
        stays = problem.kind == "trailing-comment" or problem.refuses
        if key not in seen and (stays or not inside):
            seen.add(key)
            yield problem


def _entry(assignment: Assignment) -> Entry:
    value = assignment.value
    return assignment._replace(value=normal(value)) if "{{" in value else assignment


def _by_key(entries: Iterable[Entry]) -> dict[tuple[str, str], list[Entry]]:
    found: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        found.setdefault((entry.section, entry.key), []).append(entry)
    return found


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
    said = [each for parsed in files for each in parsed.assignments]
    wanted = {each.value for each in said if each.key == "WantedBy"}
    if "default.target" not in wanted or "multi-user.target" in wanted:
        return "system"
    return "system" if any(each.key in ("User", "DynamicUser") for each in said) else "user"
