"""`include`: where the files are, and the directives that they put in its place.

nginx resolves a relative include against the folder of the main file, never of the including one
(its manual, "include"). That folder is /etc/nginx on the host and any folder of a repository.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from posixpath import dirname, join, normpath

from ...facts import Problem
from ...filenames import TEMPLATES
from ...record import Record
from ...source import Source
from ...tree import Tree
from ...value import Known
from .detect import looks_like
from .known import SNIPPETS, TABLES
from .mask import is_touched
from .tree import Directive, Parsed, Part, Word, parse

_CONF_FOLDERS = (
    "/etc/nginx/", "/usr/local/nginx/conf/", "/usr/local/etc/nginx/", "/opt/homebrew/etc/nginx/",
    "/usr/local/openresty/nginx/conf/",
)  # fmt: skip
_EXAMPLES = (".example", ".sample", ".dist", ".md")
# Globs of distributions' own files that are empty until somebody fills them.
_USUAL_GLOBS = ("conf.d/", "default.d/", "sites-enabled/", "modules-enabled/", "modules/")
MAX_NESTING = 8
MAX_INCLUDES = 500


class Library:
    """The files that an include may name: those of the tree, or the parts of one `nginx -T` dump."""

    def __init__(self, tree: Tree, parts: dict[str, Part], dump: bool = False, prefix: str = "/etc/nginx") -> None:
        self.tree = tree
        self._conf_folders = (f"{prefix.rstrip('/')}/", *_CONF_FOLDERS)
        self.parts = parts
        self.dump = dump
        self._parsed: dict[tuple[str, int], Parsed] = {}

    def parsed(self, part: Part) -> Parsed:
        key = (part.path, part.start)
        if key not in self._parsed:
            parsed = parse(part)
            marked = parsed.body and (part.source.marked or part.source.utf16)
            self._parsed[key] = parsed._replace(problems=(_marked(parsed), *parsed.problems)) if marked else parsed
        return self._parsed[key]

    def find(self, pattern: str, roots: tuple[str, ...]) -> list[Part]:
        """Return what an include means, in nginx's order; empty where nothing is visible."""
        if self.dump:
            path = normpath(join(roots[0], pattern))
            return [part for name, part in self.parts.items() if name == path or fnmatchcase(name, path)]
        for path in self._places(pattern, roots):
            if found := self._at(path):
                return found
        return []

    def _places(self, pattern: str, roots: tuple[str, ...]) -> Iterator[str]:
        if not pattern.startswith("/"):
            yield from (normpath(join(root, pattern)) for root in roots)
            return
        yield normpath(pattern.lstrip("/"))
        for folder in self._conf_folders:
            if pattern.startswith(folder):
                yield from (normpath(join(root, pattern[len(folder) :])) for root in roots)
                return
        if not is_glob(pattern):
            folder, name = pattern.rsplit("/", 2)[-2:]
            same = [path for path in self.tree.named(name) if path.endswith(f"{folder}/{name}")]
            yield from same if len(same) == 1 else ()

    def _at(self, path: str) -> list[Part]:
        if not is_glob(path):
            parts = (self.part(path + suffix) for suffix in ("", *TEMPLATES))
            return [part for part in parts if part is not None][:1]
        found = sorted({name for suffix in ("", *TEMPLATES) for name in self.tree.glob(path + suffix)})
        parts = (self.part(name) for name in found if not name.endswith(_EXAMPLES))
        return [part for part in parts if part is not None and _is_nginx(part)]

    def own(self, name: str) -> list[Part]:
        """The files of the tree that may be put in the place of a snippet which a package installs."""
        paths = (path for suffix in ("", *TEMPLATES) for path in self.tree.named(name + suffix))
        parts = (self.part(path) for path in (() if self.dump else paths))
        return [part for part in parts if part is not None and _is_nginx(part)]

    def part(self, path: str) -> Part | None:
        if path not in self.parts:
            source = self.tree.read(path) if self.tree.is_file(path) else None
            if source is None:
                return None
            self.parts[path] = Part(source, path, 0, len(source.text))
        return self.parts[path]


class Expanded(Record):
    """A file with its includes replaced by what they bring.

    An include that nobody sees stays in the body as the directive `include`. `guessed` says that
    files of sites-available were taken for those of sites-enabled.
    """

    parsed: Parsed
    body: tuple[Directive, ...]
    files: tuple[Source, ...]
    paths: frozenset[str]
    problems: tuple[Problem, ...]
    unseen: tuple[Known[str], ...]
    branches: frozenset[Source]
    guessed: bool


def expand(library: Library, part: Part, roots: tuple[str, ...]) -> Expanded:
    """Read a file and everything that it includes."""
    expander = _Expander(library, roots)
    body = expander.file(part, ())
    return Expanded(
        library.parsed(part), body, tuple(expander.files), frozenset(expander.paths),
        tuple(expander.problems), tuple(expander.unseen), frozenset(expander.branches), expander.guessed,
    )  # fmt: skip


def roots_of(path: str, tree: Tree, main_folders: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the folders that may stand for the configuration folder, the likeliest first."""
    folder = dirname(path)
    near = (folder, dirname(folder)) if folder else ("",)
    return tuple(dict.fromkeys([*near, *(["etc/nginx"] if tree.is_folder("etc/nginx") else []), *main_folders]))


def is_glob(pattern: str) -> bool:
    return any(sign in pattern for sign in "*?[")


class _Expander:
    def __init__(self, library: Library, roots: tuple[str, ...]) -> None:
        self.library = library
        self.roots = roots
        self.files: list[Source] = []
        self.paths: set[str] = set()
        self.problems: list[Problem] = []
        self.unseen: list[Known[str]] = []
        self.branches: set[Source] = set()
        self.guessed = False
        self.included = 0

    def file(self, part: Part, stack: tuple[str, ...]) -> tuple[Directive, ...]:
        parsed = self.library.parsed(part)
        if part.source not in self.files:
            self.files.append(part.source)
        if part.path not in self.paths:
            self.problems += parsed.problems
        if parsed.branches:
            self.branches.add(part.source)
        if stack:
            self.paths.add(part.path)
        if "include" not in part.source.text:
            return parsed.body
        return self._body(parsed.body, (*stack, part.path))

    def _body(self, body: tuple[Directive, ...], stack: tuple[str, ...]) -> tuple[Directive, ...]:
        result: list[Directive] = []
        for directive in body:
            if directive.name == "include" and directive.block is None and len(directive.args) == 1:
                result += self._include(directive, stack)
            elif directive.block and directive.name not in TABLES:
                result.append(directive._replace(block=self._body(directive.block, stack)))
            else:
                result.append(directive)
        return tuple(result)

    def _include(self, directive: Directive, stack: tuple[str, ...]) -> list[Directive]:
        pattern = directive.arg(0)
        if is_touched(pattern):
            return self._unseen(directive)
        parts = self.library.find(pattern, self.roots)
        if not parts and "sites-enabled/" in pattern and not self.library.dump:
            parts = self.library.find(pattern.replace("sites-enabled/", "sites-available/"), self.roots)
            self.guessed = self.guessed or bool(parts)
        if parts:
            return [inner for part in parts for inner in self._file(part, stack)]
        name = pattern.rpartition("/")[2]
        if name not in SNIPPETS:
            return self._unseen(directive)
        own = self.library.own(name)
        if not own:
            return [_from_snippet(directive, words) for words in SNIPPETS[name]]
        return list(self._file(own[0], stack)) if len(own) == 1 else self._unseen(directive)

    def _file(self, part: Part, stack: tuple[str, ...]) -> tuple[Directive, ...]:
        self.included += 1
        if part.path in stack or len(stack) > MAX_NESTING or self.included > MAX_INCLUDES:
            return ()
        return self.file(part, stack)

    def _unseen(self, directive: Directive) -> list[Directive]:
        pattern = directive.arg(0)
        self.unseen.append(directive.args[0].known)
        usual = is_glob(pattern) and any(folder in pattern for folder in _USUAL_GLOBS)
        return [] if usual else [directive]


def _marked(parsed: Parsed) -> Problem:
    """nginx takes a byte order mark for the first character of the first directive's name; that of UTF-16 is no
    UTF-8, and NUL bytes follow."""
    first = parsed.body[0]
    utf16 = first.at.source.utf16
    message = 'unknown directive "\ufffd\ufffd..."' if utf16 else f'unknown directive "\ufeff{first.name}"'
    repair, label = "save the file as UTF-8 without a byte order mark", "a byte order mark stands before it"
    if utf16:
        repair, label = "save the file as UTF-8", "the file is UTF-16"
    return Problem("nginx", "unknown-directive", message, first.name_at, (), repair, label)


def _from_snippet(include: Directive, words: tuple[str, ...]) -> Directive:
    name, *args = words
    return Directive(name, tuple(Word(arg, include.at) for arg in args), include.at, None, include.arg(0))


def _is_nginx(part: Part) -> bool:
    return looks_like(part.path, part.source.text[:4096].encode())
