"""Whether importing the application surely fails, told by running the import statements of the tree in mind."""

import ast
from collections.abc import Iterable, Iterator

from ...record import Record
from ...source import Span
from ...stdlib import is_standard
from ...tree import Tree
from .absence import trick
from .modules import Missing, Module, child, find, parents
from .names import Follower
from .scope import Position, Scope, position

_MOST_FILES = 40
_OPENING = ("sys.path", "sys.meta_path", "sys.modules", "__path__")


class Failure(Record):
    """`missing` is the module that is not there or lacks a name, `why` what Python says, `at` the import."""

    missing: str
    why: str
    at: Span


def failure(tree: Tree, search: tuple[str, ...], entry: Iterable[Module]) -> Failure | None:
    """Return why the entry modules, imported in this order, surely cannot be; None where they may.

    Only modules of the tree are judged, and only imports that surely run: those in a `try`, an `if`, a
    function or below `suppress()` are passed over.
    """
    run = _Run(Follower(tree, search, _MOST_FILES))
    for module in entry:
        found = run.module(module)
        if found:
            return found
    return None


class _Run:
    """`_active` are the modules whose import has begun, each with the statement it has come to."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower
        self._active: dict[str, Position] = {}
        self._done: set[str] = set()
        self._open = False  # something may change where modules are looked for

    def module(self, module: Module) -> Failure | None:
        """Import a module."""
        if not module.path or module.path in self._done or module.path in self._active:
            return None
        scope = self._follower.scope(module)
        if isinstance(scope, str):
            return None
        self._open = self._open or any(word in scope.code.source.text for word in _OPENING)
        for statement in imports(scope):
            self._active[module.path] = position(statement)
            found = self._statement(statement, scope)
            if found:
                return found
        self._active.pop(module.path, None)
        self._done.add(module.path)
        return None

    def _statement(self, statement: ast.Import | ast.ImportFrom, scope: Scope) -> Failure | None:
        at = scope.code.span(statement)
        if isinstance(statement, ast.Import):
            found = (self._from_tree(alias.name, self._find(alias.name), scope, at) for alias in statement.names)
            return next(filter(None, found), None)
        module, dotted = self._follower.from_module(statement, scope)
        failed = self._from_tree(dotted, module, scope, at, relative=bool(statement.level))
        if failed or isinstance(module, Missing):
            return failed
        names = (alias.name for alias in statement.names if alias.name != "*")
        return next(filter(None, (self._name(module, name, at) for name in names)), None)

    def _find(self, dotted: str) -> Module | Missing:
        return find(dotted, self._follower.tree, self._follower.search)

    def _from_tree(
        self, dotted: str, module: Module | Missing, scope: Scope, at: Span, *, relative: bool = False
    ) -> Failure | None:
        """Import a module with the packages above it; one that is no module of the tree is left alone."""
        first = [*parents(dotted, self._follower.tree, self._follower.search)]
        if isinstance(module, Module):
            first.append(module)
        failed = next(filter(None, map(self.module, first)), None)
        if failed or isinstance(module, Module):
            return failed
        proved = not (module.why or self._open) and (relative or self._is_ours(dotted, scope))
        return Failure(module.name, f"ModuleNotFoundError: No module named '{module.name}'", at) if proved else None

    def _is_ours(self, dotted: str, scope: Scope) -> bool:
        """Whether only the tree can hold a module: what lies above it is a package of the tree, or it is the
        package that the importing module itself lies in."""
        top = dotted.partition(".")[0]
        if is_standard(top):
            return False
        first = self._find(top)
        if isinstance(first, Module):
            return bool(first.path)
        folder = scope.module.path.rpartition("/")[0]
        return folder.rpartition("/")[2] == top and self._follower.tree.is_file(f"{folder}/__init__.py")

    def _name(self, module: Module, name: str, at: Span) -> Failure | None:
        """Import a name from a module that was imported, or whose import has begun."""
        inner = child(module, name, self._follower.tree)
        if not module.path or (isinstance(inner, Missing) and inner.why):
            return None
        if module.path in self._active:
            return self._from_begun(module, name, inner, at)
        scope = self._follower.scope(module)
        if isinstance(scope, str) or name in scope.names.bound:
            return None
        if isinstance(inner, Module):
            return self.module(inner)
        if self._follower.lookup(name, scope).kind != "absent":
            return None
        missing = f"{module.name}.{name}" if module.folders else module.name
        return Failure(missing, f"ImportError: cannot import name '{name}' from '{module.name}'", at)

    def _from_begun(self, module: Module, name: str, inner: Module | Missing, at: Span) -> Failure | None:
        scope = self._follower.scope(module)
        if isinstance(scope, str) or scope.names.last(name, self._active[module.path]):
            return None
        if isinstance(inner, Module):
            return self.module(inner)
        if scope.names.stars or trick(name, scope):
            return None
        why = f"ImportError: cannot import name '{name}' from partially initialized module '{module.name}'"
        return Failure(module.name, f"{why} (most likely due to a circular import)", at)


def imports(scope: Scope) -> Iterator[ast.Import | ast.ImportFrom]:
    """The import statements of a module's own level that surely run, in order."""
    suppressed = 0  # the last line of a block whose exceptions are suppressed
    for statement, is_sure, never in scope.steps:
        if isinstance(statement, ast.With) and "suppress" in ast.dump(statement.items[0].context_expr):
            suppressed = max(suppressed, statement.end_lineno or 0)
        if isinstance(statement, ast.Raise | ast.Return):
            return
        sure = is_sure and not never and statement.lineno > suppressed
        if sure and isinstance(statement, ast.Import | ast.ImportFrom):
            yield statement
