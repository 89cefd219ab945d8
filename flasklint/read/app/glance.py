"""A first look at the modules that an application imports, without parsing them.

Most applications have nothing wrong in them: then the text of their imports tells so, at a tenth of the cost of
syntax trees. What is found is more than what surely runs (imports in functions, in branches, even in texts): a
question that a glance leaves open is put to the syntax trees.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from ...record import Record
from ...tree import Tree
from .modules import Missing, Module, child, find, parents

_MOST_FILES = 120
# Words of a module that starts other programs, itself or through a distribution.
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
    the tree is plainly sound (module and name are there, and no circle is made), and whether a module may start
    programs of the host."""

    foreign: frozenset[str]
    sound: bool
    starts_programs: bool


class _Import(Record):
    """`from ..dotted import names`, or `import dotted` (`names` None)."""

    dotted: str
    level: int
    names: tuple[str, ...] | None


def glance(tree: Tree, search: Sequence[str], entry: Iterable[Module]) -> Glance:
    """Look at the entry modules and all that they import of the tree."""
    look = _Look(tree, search)
    for module in entry:
        look.module(module)
    return Glance(frozenset(look.foreign), look.sound, look.starts_programs)


class _Look:
    def __init__(self, tree: Tree, search: Sequence[str]) -> None:
        self._tree = tree
        self._search = search
        self._found: dict[str, Module | Missing] = {}
        self._above: dict[str, tuple[Module, ...]] = {}
        self._seen: dict[str, bool] = {}  # whether a module's import has come to its end
        self._texts: dict[str, str] = {}
        self.starts_programs = False
        self.foreign: set[str] = set()
        self.sound = True

    def module(self, module: Module) -> None:
        path = module.path
        if path in self._seen:
            self.sound = self.sound and self._seen[path]  # else its own import has led here
            return
        text = self._text(path) if path and len(self._texts) < _MOST_FILES else ""
        self._seen[path] = not text
        if text:
            self.starts_programs = self.starts_programs or any(word in text for word in STARTS_PROGRAMS)
            for one in _imports(text):
                self._import(one, module)
            self._seen[path] = True

    def _import(self, one: _Import, importer: Module) -> None:
        dotted = _absolute(one, importer) if one.level else one.dotted
        if dotted is None:
            self.sound = False
            return
        target = self._find(dotted)
        for above in self._above[dotted]:
            if above.path not in self._seen:
                self.module(above)
        if isinstance(target, Missing):
            top = dotted.partition(".")[0]
            if not one.level:
                self.foreign.add(top)
            # A part of it may be there, and then the rest has to be; or it is the package it is imported from.
            own = importer.path.rpartition("/")[0].rpartition("/")[2] == top
            self.sound = self.sound and not (one.level or own or isinstance(self._find(top), Module))
            return
        if target.path != importer.path:
            self.module(target)
        for name in one.names or ():
            self._name(target, name)

    def _name(self, target: Module, name: str) -> None:
        inner = child(target, name, self._tree) if target.folders else None
        if isinstance(inner, Module):
            self.module(inner)
        elif name != "*" and target.path and (not self._seen[target.path] or not self._binds(target, name)):
            self.sound = False

    def _binds(self, module: Module, name: str) -> bool:
        text = self._text(module.path)
        return "\ndel " not in text and _binds(text, name)

    def _text(self, path: str) -> str:
        """A file's text, its lines put together that a backslash continues."""
        if path not in self._texts:
            text = self._tree.text(path)
            self._texts[path] = text.replace("\\\r\n", " ").replace("\\\n", " ") if "\\" in text else text
        return self._texts[path]

    def _find(self, dotted: str) -> Module | Missing:
        if dotted not in self._found:
            self._found[dotted] = find(dotted, self._tree, self._search)
            self._above[dotted] = tuple(parents(dotted, self._tree, self._search)) if "." in dotted else ()
        return self._found[dotted]


@cache
def _statement() -> re.Pattern[str]:
    return re.compile(
        r"[ \t]*+(?:from[ \t]++(?P<level>\.*+)[ \t]*+(?P<home>(?:(?!import\b)[\w.]++)?+)[ \t]*+(?<=[ \t.])import[ \t]*+"
        r"(?P<names>\([^)]{0,4000}\)|[^\n;]*+)|import[ \t]++(?P<list>[^\n;]*+))"
    )


@cache
def _bindings() -> re.Pattern[str]:
    """What a module's own level binds for all to see."""
    return re.compile(r"^(?:(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|(\w+)[ \t]*(?::[^=\n]*)?=(?!=))", re.M)


def _statements(text: str) -> Iterator[re.Match[str]]:
    """Import statements, wherever they stand: after a colon or a semicolon, too.

    Looked for from the word `import` backwards: there are few of them, and many lines.
    """
    end, at = 0, text.find("import")
    while at >= 0:
        start = max(end, *(text.rfind(before, end, at) + 1 for before in "\n;:"))
        found = _statement().match(text, start)
        if found:
            yield found
        end = max(found.end() if found else 0, at + 6)
        at = text.find("import", end)


def _imports(text: str) -> Iterator[_Import]:
    for found in _statements(text):
        if found["list"] is not None:
            for name in _listed(found["list"]):
                yield _Import(name, 0, None)
        else:
            yield _Import(found["home"], len(found["level"]), tuple(_listed(found["names"].strip("()"))))


def _listed(text: str) -> Iterator[str]:
    """The names of `a.b as c, d  # comment`, as they are called where they come from."""
    for line in text.split("\n"):
        for part in line.partition("#")[0].split(","):
            words = part.split()
            if words:
                yield words[0]


def _binds(text: str, name: str) -> bool:
    """Whether a module plainly binds a name at its own level."""
    lines = f"\n{text}"
    plain = (f"\n{name} =", f"\n{name}:", f"\ndef {name}(", f"\nclass {name}(", f"\nclass {name}:")
    return any(line in lines and f"{line}=" not in lines for line in plain) or name in _names(text)


def _names(text: str) -> Iterator[str]:
    for one, other in _bindings().findall(text):
        yield one or other
    for found in _statements(text):
        if text[found.start()] in "fi" and text[found.start() - 1 : found.start()] in ("", "\n"):
            listed = found["list"] if found["list"] is not None else found["names"].strip("()")
            yield from (part.split()[-1] for part in listed.replace("\n", ",").split(",") if part.split())


def _absolute(one: _Import, importer: Module) -> str | None:
    parts = importer.name.split(".")
    drop = one.level - bool(importer.folders)
    if drop >= len(parts):
        return None
    return ".".join([*parts[: len(parts) - drop], *filter(None, [one.dotted])])
