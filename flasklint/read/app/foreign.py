"""Modules of distributions that are imported whenever the application is: not the tree's, not Python's own."""

import ast
from collections.abc import Iterator, Sequence

from ...source import Span
from ...stdlib import is_standard
from ...tree import Tree
from ...value import Known
from .imported import modules_of
from .importing import imports
from .modules import Missing, Module, find
from .names import Follower
from .scope import Scope

_MOST_FILES = 40


def foreign(tree: Tree, search: tuple[str, ...], entry: Sequence[Module]) -> tuple[Known[str], ...]:
    """Return the top-level names of such modules, each once, at the statement that imports it first.

    Only imports that surely run count: none in a `try`, an `if` or a function. Nothing is told where a module
    changes `sys.path`.
    """
    follower = Follower(tree, search, _MOST_FILES)
    waiting, seen = list(entry), set[str]()
    found: dict[str, Known[str]] = {}
    while waiting:
        module = waiting.pop(0)
        if module.path in seen or not module.path:
            continue
        seen.add(module.path)
        scope = follower.scope(module)
        if isinstance(scope, str):
            continue
        if "sys.path" in scope.code.source.text:
            return ()
        for statement in imports(scope):
            waiting += modules_of(statement, scope, follower)
            for name in _tops(statement):
                missing = None if is_standard(name) else find(name, tree, search)
                if isinstance(missing, Missing) and not missing.why:
                    found.setdefault(name, Known(name, _place(statement, scope)))
    return tuple(found.values())


def _tops(statement: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(statement, ast.Import):
        yield from (alias.name.partition(".")[0] for alias in statement.names)
    elif statement.module and not statement.level:
        yield statement.module.partition(".")[0]


def _place(statement: ast.Import | ast.ImportFrom, scope: Scope) -> Span:
    at = scope.code.span(statement)
    return at if at.line == at.end_line else at.source.line_span(at.line)
