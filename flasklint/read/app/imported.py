"""What surely runs when a server imports the application: statements, and the expressions in them."""

import ast
from collections.abc import Iterable, Iterator, Sequence

from ...source import Span
from .modules import Missing, Module, chain, child
from .names import Follower
from .scope import Function, Scope, steps


def imported(follower: Follower, entry: Sequence[Module], made_at: Span | None) -> frozenset[ast.expr]:
    """Return the expressions that are evaluated whenever the entry modules are imported and the callable is made.

    Only modules that were opened before are looked into; `made_at` is where the callable is made.
    """
    opened = {scope.module.path: scope for scope in follower.opened()}
    waiting = [module.path for module in entry]
    seen: set[str] = set()
    found: set[ast.expr] = set()
    while waiting:
        scope = opened.get(waiting.pop())
        if scope is None or scope.module.path in seen:
            continue
        seen.add(scope.module.path)
        for body in (scope.body, *(function.body for function in _around(made_at, scope))):
            for statement in _run(body):
                found.update(_expressions(statement))
                waiting += (module.path for module in modules_of(statement, scope, follower))
    return frozenset(found)


def surely(body: Iterable[ast.stmt]) -> Iterator[ast.expr]:
    """Return the expressions that are evaluated whenever a block runs, up to a `return` that may come first."""
    return (expression for statement in _run(body) for expression in _expressions(statement))


def _around(made_at: Span | None, scope: Scope) -> Iterator[Function]:
    """The functions of a module around the place where the callable is made."""
    if made_at is None or made_at.source is not scope.code.source:
        return
    for node, _, _ in steps(scope.body):
        if isinstance(node, Function) and node.lineno <= made_at.line <= (node.end_lineno or 0):
            yield node


def _run(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a block that surely run, those inside classes too, up to a `return` that may come first."""
    for statement, sure, never in steps(body):
        if sure and not never:
            yield statement
            if isinstance(statement, ast.ClassDef):
                yield from _run(statement.body)
        elif isinstance(statement, ast.Return | ast.Raise):
            return


def _expressions(statement: ast.stmt) -> Iterator[ast.expr]:
    return (expression for head in _heads(statement) for expression in _evaluated(head))


def _heads(statement: ast.stmt) -> Iterator[ast.expr]:
    """The expressions of a statement itself, not of the blocks below it."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from statement.decorator_list
            yield from statement.args.defaults
            yield from (default for default in statement.args.kw_defaults if default)
        case ast.ClassDef():
            yield from (*statement.decorator_list, *statement.bases)
        case ast.With() | ast.AsyncWith():
            yield from (item.context_expr for item in statement.items)
        case ast.Assert():
            yield statement.test
        case _:
            yield from (child for child in ast.iter_child_nodes(statement) if isinstance(child, ast.expr))


def _evaluated(node: ast.expr) -> Iterator[ast.expr]:
    """The parts of an expression that are evaluated whatever the values are."""
    stack: list[ast.AST] = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, ast.expr):
            yield part
        match part:
            case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                continue
            case ast.IfExp():
                stack.append(part.test)
            case ast.BoolOp():
                stack.append(part.values[0])
            case ast.Compare():  # `a < b < c` stops where it is false
                stack += [part.left, part.comparators[0]]
            case _:
                stack += ast.iter_child_nodes(part)


def modules_of(statement: ast.stmt, scope: Scope, follower: Follower) -> Iterator[Module]:
    """The modules of the tree that an import statement runs."""
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            yield from _along(alias.name, follower)
    elif isinstance(statement, ast.ImportFrom):
        module, _ = follower.from_module(statement, scope)
        if isinstance(module, Missing):
            return
        yield from _along(module.name, follower)
        yield module
        for alias in statement.names:
            inner = child(module, alias.name, follower.tree)
            if isinstance(inner, Module):
                yield inner


def _along(dotted: str, follower: Follower) -> Iterator[Module]:
    """The module of a dotted name and the packages above it."""
    module, packages = chain(dotted, follower.tree, follower.search)
    yield from (package for package in packages if package.path)
    if isinstance(module, Module):
        yield module
