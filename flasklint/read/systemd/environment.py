"""The environment a unit's commands start with (systemd.exec(5), "ENVIRONMENT").

Later wins: the manager's own variables, PassEnvironment=, Environment=, EnvironmentFile= (whatever
their order in the file), and UnsetEnvironment= takes away.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from posixpath import basename

from ...facts import EnvFile, Environment, Problem, Variable
from ...filenames import common_tail
from ...record import Record
from ...source import Span
from ...tree import Tree
from ...value import Default, Known, Unknown
from .envfile import is_name, read_env_file
from .holes import has_hole
from .lines import Assignment
from .specifiers import Scope, bad_specifier, expand
from .words import BadWordError, Piece, next_word

SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Managed directories: the variable that names them, and the specifier of the folder they lie in.
DIRECTORIES = {
    "RuntimeDirectory": ("RUNTIME_DIRECTORY", "t"),
    "StateDirectory": ("STATE_DIRECTORY", "S"),
    "CacheDirectory": ("CACHE_DIRECTORY", "C"),
    "LogsDirectory": ("LOGS_DIRECTORY", "L"),
    "ConfigurationDirectory": ("CONFIGURATION_DIRECTORY", "E"),
}


class Context(Record):
    """What the reading of one unit needs to know besides its assignments. `folder` is the unit file's."""

    unit: str
    scope: Scope
    tree: Tree
    folder: str
    partial: bool


class Built(Record):
    environment: Environment
    problems: tuple[Problem, ...]
    files: tuple[EnvFile, ...]


def build(assignments: Sequence[Assignment], context: Context) -> Built:
    """Return the environment that the assignments in force ([Service] or [Socket]) come to."""
    builder = _Builder(context)
    by_key: dict[str, list[Assignment]] = {}
    for assignment in assignments:
        by_key.setdefault(assignment.key, []).append(assignment)
    builder.manager(by_key)
    for assignment in by_key.get("PassEnvironment", ()):
        builder.passed(assignment)
    for assignment in by_key.get("Environment", ()):
        builder.environment(assignment)
    for assignment in by_key.get("EnvironmentFile", ()):
        builder.file(assignment)
    for assignment in by_key.get("UnsetEnvironment", ()):
        builder.unset(assignment)
    unseen = tuple(builder.unseen)
    environment = Environment(tuple(builder.variables), not unseen, unseen)
    return Built(environment, tuple(builder.problems), tuple(builder.files))


class _Builder:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.variables: list[Variable] = []
        self.problems: list[Problem] = []
        self.unseen: list[str] = []
        self.files: list[EnvFile] = []
        if context.partial:
            self.unseen.append(context.unit)
        if context.scope == "user":
            self.unseen.append("the user manager's environment")

    def manager(self, by_key: dict[str, list[Assignment]]) -> None:
        """What systemd itself sets: the search path, the user's names, the managed directories."""
        if by_key and self.context.scope == "system":
            first = next(iter(by_key.values()))[0]
            self.variables.append(Variable("PATH", Default(SEARCH_PATH, "systemd's default"), first.at))
        for assignment in by_key.get("User", ())[-1:]:
            at = assignment.at
            user = Known(self.expanded(assignment.value), at)
            home = Unknown("the home directory of the user", at)
            self.variables += [Variable("USER", user, at), Variable("LOGNAME", user, at),
                               Variable("HOME", home, at), Variable("SHELL", home, at)]  # fmt: skip
        for key, (name, root) in DIRECTORIES.items():
            if key not in by_key:
                continue
            paths = [
                f"{self.expanded('%' + root)}/{self.expanded(word).partition(':')[0]}"
                for assignment in by_key[key]
                for word in assignment.value.split()
            ]
            if paths:
                at = by_key[key][-1].at
                self.variables.append(Variable(name, Known(":".join(paths), at), at))

    def passed(self, assignment: Assignment) -> None:
        for name in filter(is_name, self.words(assignment)):
            self.variables.append(Variable(name, Unknown("passed on from the manager", assignment.at), assignment.at))

    def environment(self, assignment: Assignment) -> None:
        """Read one `Environment=` line; an unknown escape or an open quote ends it."""
        at = 0
        try:
            while (word := next_word(assignment.value, at, strict=True)) is not None:
                self.word(assignment, word)
                at = word.end
        except BadWordError as error:
            kind = "bad-escape" if error.escape else "bad-environment"
            span = assignment.span(error.start, len(assignment.value))
            self.problems.append(Problem("systemd", kind, f"Invalid syntax, ignoring: {assignment.value}", span))

    def word(self, assignment: Assignment, word: Piece) -> None:
        span = assignment.span(word.start, word.end)
        if self.is_bad(word, span):
            return
        text = self.expanded(word.text)
        name, equals, value = text.partition("=")
        if equals and is_name(name):
            raw = span.text
            skip = raw.find("=") + 1
            place = span.part(skip, len(raw)) if 0 < skip < len(raw) else span
            self.variables.append(Variable(name, Known(value, place), span))
        elif has_hole(text) or "<" in text:
            self.unseen.append(text)
        else:
            message = f"Invalid environment assignment, ignoring: {text}"
            self.problems.append(Problem("systemd", "bad-environment", message, span))

    def file(self, assignment: Assignment) -> None:
        """Read the files an `EnvironmentFile=` names, where the input holds them."""
        written = self.expanded(assignment.value)
        path = written.removeprefix("-")
        if not path.startswith("/"):
            if has_hole(path) or path[:1] == "<":
                self.unseen.append(path)
            return
        found = locate(self.context.tree, path, self.context.folder)
        sources = [source for relative in found if (source := self.context.tree.read(relative)) is not None]
        for source in sources:
            variables, problems = read_env_file(source)
            self.variables += variables
            self.problems += (_ignored(problem) for problem in problems) if path != written else problems
        self.files.append(EnvFile(Known(path, assignment.at), path != written, tuple(sources)))
        if not found or _is_glob(path):
            self.unseen.append(path)

    def unset(self, assignment: Assignment) -> None:
        """Take variables away by name, or by name and value where that is the value in force."""
        gone = set(self.words(assignment))
        for variable in {one.name: one for one in self.variables}.values():
            value = variable.value
            if variable.name in gone or (isinstance(value, Known) and f"{variable.name}={value.value}" in gone):
                self.variables = [one for one in self.variables if one.name != variable.name]

    def words(self, assignment: Assignment) -> Iterator[str]:
        """The names that a setting lists, up to what cannot be read."""
        at = 0
        with suppress(BadWordError):
            while (word := next_word(assignment.value, at, strict=True)) is not None:
                at = word.end
                if not self.is_bad(word, assignment.span(word.start, word.end)):
                    yield self.expanded(word.text)

    def is_bad(self, word: Piece, span: Span) -> bool:
        """Whether a word has a specifier that is none, which is told."""
        bad = bad_specifier(word.text) if "%" in word.text else None
        if bad is not None:
            message = f"Failed to resolve specifiers in {word.text}, ignoring: Invalid slot"
            repair = f"write %{bad} for a literal {bad}"
            self.problems.append(Problem("systemd", "bad-specifier", message, span, repair=repair))
        return bad is not None

    def expanded(self, text: str) -> str:
        return expand(self.context.unit, text, self.context.scope)


def _ignored(problem: Problem) -> Problem:
    """What a `-` before the path makes of a file that cannot be loaded: it sets nothing."""
    return problem._replace(kind="bad-env-file") if problem.kind == "refused-env-file" else problem


def locate(tree: Tree, path: str, folder: str) -> list[str]:
    """Return the files of the tree that an absolute path of the host most likely means, in order.

    A file counts when the last two components are the same ("/etc/default/shop": "etc/default/shop"),
    the longest common ending wins; else when it has the same name and lies beside the unit or in the root,
    and only there. Anything ambiguous is nothing.
    """
    name = basename(path)
    if _is_glob(path):
        return sorted(_matching(tree, path))
    tail = "/".join(path.split("/")[-2:])
    alike = [each for each in tree.named(name) if each == tail or each.endswith(f"/{tail}")]
    if alike:
        ranked = sorted(((common_tail(path, each), each) for each in alike), reverse=True)
        return [ranked[0][1]] if len(ranked) == 1 or ranked[1][0] < ranked[0][0] else []
    near = {each for each in (name, f"{folder}/{name}".lstrip("/")) if tree.is_file(each)}
    return list(near) if len(near) == 1 else []


def _matching(tree: Tree, pattern: str) -> list[str]:
    tail = pattern.split("/")[-2:]
    return [
        path for path in tree.paths if len(parts := path.split("/")[-2:]) == 2 and all(map(fnmatchcase, parts, tail))
    ]


def _is_glob(path: str) -> bool:
    return any(char in path for char in "*?[")
