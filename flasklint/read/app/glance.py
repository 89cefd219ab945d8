"""A first look at the modules that an application imports, without parsing them.

Most applications have nothing wrong in them: then the text of their imports tells so, at a tenth of the cost of
syntax trees. What is found is more than what surely runs (imports in functions, in branches, even in texts): a
question that a glance leaves open is put to the syntax trees.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from ...record import Record
from ...tree import Tree
from .modules import Missing, Module, chain, child

_MOST_FILES = 120
_Chain = tuple[Module | Missing, list[Module]]  # a module, and the packages above it
_SHORT = 500  # characters of a statement that is read once for all the modules which have it, too
# Where all that starts other programs comes from, and words of a module that does.
_STARTERS = frozenset({"os", "subprocess", "shutil", "pytesseract", "pdfkit", "imgkit", "pdf2image", "pydub"})
STARTS_PROGRAMS = (
    "subprocess",
    "os.system",
    "os.popen",
    "which(",
    "pytesseract",
    "pdfkit",
    "imgkit",
    "pdf2image",
    "pydub",
)


class Glance(Record):
    """What the modules come to: the top-level names of all that is not of the tree, whether every import from
    the tree is plainly sound (module and name are there, and no circle is made), whether a module may start
    programs of the host, and the templates that they render by a literal name."""

    foreign: frozenset[str]
    sound: bool
    starts_programs: bool
    rendered: frozenset[str] = frozenset()


class _Statement(Record):
    """An import statement. `listed` is what stands behind `import`.

    `from ..home import ...` imports `home` (may be empty) as of `level`, and `names` of it; `import ...` imports
    each of `modules`. `indented` also tells of one that stands behind others in its line.
    """

    modules: tuple[str, ...]
    names: tuple[str, ...]
    level: int
    listed: str
    indented: bool


def glance(tree: Tree, search: tuple[str, ...], entry: Iterable[Module]) -> Glance:
    """Look at the entry modules and all that they import of the tree."""
    look = _Look(tree, search)
    for module in entry:
        look.module(module)
    return Glance(frozenset(look.foreign), look.sound, look.starts_programs(), look.rendered())


class _Look:
    def __init__(self, tree: Tree, search: tuple[str, ...]) -> None:
        self._tree = tree
        self._search = search
        self._found: dict[str, _Chain] = {}
        self._home, self._above = Module("", ""), list[Module]()  # a package, and it with those above it
        self._names: dict[str, frozenset[str]] = {}  # what modules bind
        self._seen: dict[str, bool] = {}  # whether a module's import has come to its end
        self._texts: dict[str, str] = {}  # each begins and ends with a line end: every line stands between two
        self._outside: dict[str, str] = {}  # modules nothing of which is in the tree, and their top-level names
        self.foreign: set[str] = set()
        self.sound = True

    def starts_programs(self) -> bool:
        texts = self._texts.values()
        if self.foreign.isdisjoint(_STARTERS) and not any("__import__(" in text for text in texts):
            return False
        return any(word in text for word in STARTS_PROGRAMS for text in texts)

    def rendered(self) -> frozenset[str]:
        texts = [text for text in self._texts.values() if "render_template(" in text]
        return frozenset([name for text in texts for name in _rendered().findall(text)])

    def module(self, module: Module) -> None:
        path = module.path
        if path in self._seen:
            self.sound = self.sound and self._seen[path]  # else its own import has led here
            return
        text = self._text(path) if path and len(self._texts) < _MOST_FILES else ""
        self._seen[path] = not text
        if text:
            for one in _statements(text):
                for dotted in one.modules:
                    # Most imports are of what is known to be outside; only a package's own name is looked at again.
                    if one.level or self._outside.get(dotted, "") in path:
                        self._import(dotted, one.level, one.names, module)
            self._seen[path] = True

    def _import(self, dotted: str, level: int, names: tuple[str, ...], importer: Module) -> None:
        if level:
            absolute = _absolute(dotted, level, importer)
            if absolute is None:
                self.sound = False
                return
            dotted = absolute
        target, packages = self._find(dotted)
        for above in packages:
            if above.path and above.path not in self._seen:
                self.module(above)
        if not isinstance(target, Module):
            self._missing(dotted, level, importer)
            return
        if target.path != importer.path:
            self.module(target)
        for name in names:
            self._name(target, name)

    def _missing(self, dotted: str, level: int, importer: Module) -> None:
        top = dotted.partition(".")[0]
        # A part of it may be there, and then the rest has to be; or it is the package it is imported from.
        begun = isinstance(self._find(top)[0], Module)
        if not level:
            self.foreign.add(top)
            if not begun:
                self._outside[dotted] = top
        self.sound = self.sound and not (level or begun or _folder_name(importer.path) == top)

    def _name(self, target: Module, name: str) -> None:
        if target.folders and isinstance(inner := child(target, name, self._tree), Module):
            self.module(inner)
        elif name != "*" and target.path:
            bound = self._seen[target.path] and self._binds(target.path, name)
            self.sound = self.sound and bound

    def _binds(self, path: str, name: str) -> bool:
        """Whether a module plainly binds a name at its own level, and surely keeps it."""
        text = self._text(path)
        if "\ndel " in text:
            return False
        if (line := f"\n{name} =") in text and f"{line}=" not in text:
            return True
        if (line := f"\n{name}:") in text and f"{line}=" not in text:
            return True
        if path not in self._names:
            self._names[path] = frozenset(_names(text))
        return name in self._names[path]

    def _text(self, path: str) -> str:
        """A file's text, its lines put together that a backslash continues; "" for an empty one."""
        text = self._texts.get(path)
        if text is None:
            text = self._tree.text(path)
            if "\\" in text:
                text = text.replace("\\\r\n", " ").replace("\\\n", " ")
            text = self._texts[path] = f"\n{text}\n" if text else ""
        return text

    def _find(self, dotted: str) -> _Chain:
        found = self._found.get(dotted)
        if found is None:
            found = self._found[dotted] = self._chain(dotted)
        return found

    def _chain(self, dotted: str) -> _Chain:
        """As `chain`, from the package that was found last: the modules of one are imported one after the other."""
        home, _, name = dotted.rpartition(".")
        if home and home == self._home.name:
            return child(self._home, name, self._tree), self._above
        module, packages = chain(dotted, self._tree, self._search)
        if packages:
            self._home, self._above = packages[-1], packages
        return module, packages


@cache
def _import_statement() -> re.Pattern[str]:
    return re.compile(
        r"[ \t]*+(?:from[ \t]++(?P<level>\.*+)[ \t]*+(?P<home>(?:(?!import\b)[\w.]++)?+)[ \t]*+(?<=[ \t.])import[ \t]*+"
        r"(?P<names>\([^)]{0,4000}\)|[^\n;]*+)|import[ \t]++(?P<list>[^\n;]*+))"
    )


@cache
def _rendered() -> re.Pattern[str]:
    return re.compile(r"render_template\(\s*+['\"]([^'\"\n]{1,200})['\"]")


@cache
def _bindings() -> re.Pattern[str]:
    """What a module's own level binds for all to see."""
    return re.compile(r"\n(?:(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|(\w+)[ \t]*(?::[^=\n]*)?=(?!=))")


def _statements(text: str) -> list[_Statement]:
    """The import statements of a text that ends with a line end, wherever they stand.

    Looked for from the word `import` backwards: there are few of them, and many lines.
    """
    found: list[_Statement] = []
    end, at = 0, text.find("import")
    while at >= 0:
        start = text.rfind("\n", end, at) + 1 or end
        stop = text.find("\n", at, start + _SHORT)
        if stop >= 0 and "(" not in (line := text[start:stop]):
            found += _short_line(line)
            end = stop
        else:
            one, end = _statement_at(text, start, at)
            found += [one] if one else []
        at = text.find("import", end)
    return found


@lru_cache(maxsize=2048)
def _short_line(text: str) -> tuple[_Statement, ...]:
    """The statements of one line that is all there is of them."""
    found = []
    end, at = 0, text.find("import")
    while at >= 0:
        one, end = _statement_at(text, end, at)
        found += [one] if one else []
        at = text.find("import", end)
    return tuple(found)


def _statement_at(text: str, line: int, at: int) -> tuple[_Statement | None, int]:
    """Read the statement whose `import` stands `at` a place, and say where it ends. It begins with its `line`, or
    behind a colon or a semicolon."""
    start = max(line, text.rfind(";", line, at) + 1, text.rfind(":", line, at) + 1)
    found = _import_statement().match(text, start)
    if not found:
        return None, at + 6
    end = max(found.end(), at + 6)
    indented = start > line or text[start] in " \t"
    if (listed := found["list"]) is not None:
        return _Statement(tuple(_listed(listed)), (), 0, listed, indented), end
    listed = found["names"].strip("()")
    return _Statement((found["home"],), tuple(_listed(listed)), len(found["level"]), listed, indented), end


def _listed(text: str) -> Iterator[str]:
    """The names of `a.b as c, d  # comment`, as they are called where they come from."""
    for line in text.split("\n"):
        for part in line.partition("#")[0].split(","):
            words = part.split()
            if words:
                yield words[0]


def _names(text: str) -> Iterator[str]:
    for defined, assigned in _bindings().findall(text):
        yield defined or assigned
    for one in _statements(text):
        if not one.indented:
            yield from (part.split()[-1] for part in one.listed.replace("\n", ",").split(",") if part.split())


def _absolute(dotted: str, level: int, importer: Module) -> str | None:
    parts = importer.name.split(".")
    drop = level - bool(importer.folders)
    if drop >= len(parts):
        return None
    return ".".join([*parts[: len(parts) - drop], *filter(None, [dotted])])


def _folder_name(path: str) -> str:
    return path.rpartition("/")[0].rpartition("/")[2]
