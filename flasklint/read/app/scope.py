"""What one block of Python binds: a module's names, or a function's.

Statements are visited in the order in which they run, with whether they surely run.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from ...record import Record
from ..syntax import Code
from .modules import Module

Function = ast.FunctionDef | ast.AsyncFunctionDef
Position = tuple[int, int]

# Most statements of any module: none of them holds blocks that run in its scope, or binds a name.
_EXPRESSIONS = frozenset({ast.Expr, ast.Return, ast.Raise, ast.Pass})
_WITHOUT_BLOCKS = _EXPRESSIONS | {ast.Import, ast.ImportFrom, ast.Assign, ast.FunctionDef, ast.ClassDef}

MAIN_ONLY = 'under `if __name__ == "__main__":`'
TYPING_ONLY = "under `if TYPE_CHECKING:`"


# A statement of a block, whether it surely runs (not below a condition, a loop or an `except`), and why an import
# never gets there at all. A plain tuple, as a record costs ten times as much, and each statement has one.
Step = tuple[ast.stmt, bool, str]


class Binding(Record):
    """One place that binds a name.

    `value` is the assigned expression, the definition or the import; None for what only running
    tells (a loop's or a `with`'s target). `alias` is the imported name. `at` is the name's own node.
    """

    name: str
    value: ast.expr | ast.stmt | None
    at: ast.expr | ast.stmt | ast.alias
    sure: bool
    alias: ast.alias | None = None

    @property
    def done(self) -> Position:
        """Where the binding is in force: after the assigned expression, not within it."""
        if isinstance(self.value, ast.expr):
            return self.value.end_lineno or 0, self.value.end_col_offset or 0
        return position(self.at)


def position(node: ast.expr | ast.stmt | ast.alias) -> Position:
    return node.lineno, node.col_offset


class Names(Record):
    """The names of a block. `withheld` are bindings that an import does not reach, each with why."""

    bound: dict[str, list[Binding]]
    withheld: dict[str, list[tuple[Binding, str]]]
    stars: tuple[tuple[ast.ImportFrom, bool], ...]

    def last(self, name: str, before: Position | None = None) -> list[Binding]:
        """Return the bindings that may be in force, latest first, optionally as of a position."""
        found = [b for b in self.bound.get(name, ()) if before is None or b.done <= before]
        if len(found) < 2:
            return found
        sure = next((at for at in range(len(found) - 1, -1, -1) if found[at].sure), 0)
        return found[sure:][::-1]


class Scope(Record):
    """A module's own level, or the inside of one function of it with what it was called with."""

    module: Module
    code: Code
    names: Names
    function: Function | None = None
    given: Mapping[str, "tuple[ast.expr, Scope]"] = {}

    @property
    def body(self) -> list[ast.stmt]:
        return self.function.body if self.function is not None else self.code.body or []

    @property
    def steps(self) -> Iterable[Step]:
        """The statements of the body that run in this scope, as `steps` returns them."""
        return steps(self.body) if self.function is not None else steps_of(self.code)


def steps(body: Iterable[ast.stmt]) -> Iterator[Step]:
    """Return the statements that run in this scope (not those inside functions and classes), in order."""
    for statement in body:
        yield statement, True, ""
        if type(statement) in _WITHOUT_BLOCKS:
            continue
        stack = _inner(statement, True, "")
        while stack:  # no recursion: `elif` nests
            step = stack.pop()
            yield step
            stack += _inner(*step)


def _inner(outer: ast.stmt, is_sure: bool, why_never: str) -> list[Step]:
    """The statements of the blocks of a statement, last first."""
    if type(outer) in _WITHOUT_BLOCKS:
        return []
    found = [(inner, is_sure and sure, why_never or never) for block, sure, never in _blocks(outer) for inner in block]
    return found[::-1]


@lru_cache(maxsize=64)
def steps_of(code: Code) -> tuple[Step, ...]:
    """Return the statements of a module's own level, which are gone through more than once."""
    return tuple(steps(code.body or ()))


def _blocks(statement: ast.stmt) -> list[tuple[list[ast.stmt], bool, str]]:
    match statement:
        case ast.If(test=test, body=body, orelse=orelse):
            never, otherwise = _guard(test)
            return [(body, False, never), (orelse, bool(never), otherwise)]
        case ast.For() | ast.AsyncFor() | ast.While():
            return [(statement.body, False, ""), (statement.orelse, False, "")]
        case ast.With() | ast.AsyncWith():
            return [(statement.body, True, "")]
        case ast.Try() | ast.TryStar():
            handlers = [(handler.body, False, "") for handler in statement.handlers]
            return [
                (statement.body, not handlers, ""),
                *handlers,
                (statement.orelse, False, ""),
                (statement.finalbody, True, ""),
            ]
        case ast.Match():
            return [(case.body, False, "") for case in statement.cases]
    return []


def _guard(test: ast.expr) -> tuple[str, str]:
    """Return why the body, and why the `else` of an `if`, does not run at import; empty if it may."""
    match test:
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return TYPING_ONLY, ""
        case ast.Compare(left=left, ops=[op], comparators=[right]) if {_text(left), _text(right)} == {
            "__name__",
            "'__main__'",
        }:
            if isinstance(op, ast.Eq):
                return MAIN_ONLY, ""
            return ("", MAIN_ONLY) if isinstance(op, ast.NotEq) else ("", "")
        case ast.BoolOp(op=ast.And(), values=values):
            return next((never for value in values if (never := _guard(value)[0])), ""), ""
    return "", ""


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return repr(node.value) if isinstance(node, ast.Constant) else ""


def names_of(steps: Iterable[Step], code: Code) -> Names:
    """Collect what the statements of a block bind. A sure `del` forgets what came before it."""
    bound: dict[str, list[Binding]] = {}
    withheld: dict[str, list[tuple[Binding, str]]] = {}
    stars: list[tuple[ast.ImportFrom, bool]] = []
    walrus = ":=" in code.source.text
    for statement, sure, never in steps:
        if type(statement) in _EXPRESSIONS and not walrus:
            continue
        if isinstance(statement, ast.Delete):
            _forget(statement, bound, sure=sure)
        elif isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*":
            if not never:
                stars.append((statement, sure))
        else:
            bindings = _bindings(statement, sure)
            for binding in [*bindings, *_walrus(statement)] if walrus else bindings:
                if never:
                    withheld.setdefault(binding.name, []).append((binding, never))
                else:
                    bound.setdefault(binding.name, []).append(binding)
    return Names(bound, withheld, tuple(stars))


def _forget(statement: ast.Delete, bound: dict[str, list[Binding]], *, sure: bool) -> None:
    for target in statement.targets:
        if isinstance(target, ast.Name) and sure:
            bound.pop(target.id, None)


def _bindings(statement: ast.stmt, sure: bool) -> Iterable[Binding]:
    if isinstance(statement, ast.ImportFrom):  # most of them; a pattern costs more
        return [Binding(alias.asname or alias.name, statement, alias, sure, alias) for alias in statement.names]
    match statement:
        case ast.Assign(targets=[ast.Name(id=name) as target], value=value):
            return (Binding(name, value, target, sure),)
        case ast.Assign(targets=targets, value=value):
            return [binding for target in targets for binding in _targets(target, value, sure)]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return (Binding(name, statement, statement, sure),)
        case ast.Import(names=aliases):
            tops = [alias.asname or alias.name.partition(".")[0] for alias in aliases]
            return [Binding(top, statement, alias, sure, alias) for top, alias in zip(tops, aliases, strict=True)]
        case ast.AnnAssign(target=ast.Name(id=name) as target, value=ast.expr() as value):
            return (Binding(name, value, target, sure),)
    return _rarer_bindings(statement, sure)


def _rarer_bindings(statement: ast.stmt, sure: bool) -> Iterator[Binding]:
    match statement:
        case ast.For(target=target) | ast.AsyncFor(target=target):
            yield from _targets(target, None, False)
        case ast.With(items=items) | ast.AsyncWith(items=items):
            for item in items:
                if item.optional_vars is not None:
                    yield from _targets(item.optional_vars, None, sure)
        case ast.Match(cases=cases):
            yield from _captures(cases, statement)
        case _ if type(statement).__name__ == "TypeAlias":  # Python 3.12
            alias_name = getattr(statement, "name", None)
            if isinstance(alias_name, ast.Name):
                yield Binding(alias_name.id, None, alias_name, sure)


def _targets(target: ast.expr, value: ast.expr | None, sure: bool) -> Iterator[Binding]:
    """Unpack an assignment: the second of `a, b = make()` is `make()[1]`."""
    stack: list[tuple[ast.expr, ast.expr | None]] = [(target, value)]
    while stack:
        target, value = stack.pop()
        match target:
            case ast.Name(id=name):
                yield Binding(name, value, target, sure)
            case ast.Starred(value=inner):
                stack.append((inner, None))
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                plain = value is not None and not any(isinstance(part, ast.Starred) for part in parts)
                for index, part in enumerate(parts):
                    stack.append((part, _item(value, index) if plain and value is not None else None))


def _item(value: ast.expr, index: int) -> ast.expr:
    return ast.copy_location(ast.Subscript(value, ast.Constant(index), ast.Load()), value)


def _captures(cases: list[ast.match_case], statement: ast.Match) -> Iterator[Binding]:
    for case in cases:
        for node in ast.walk(case.pattern):
            name = getattr(node, "rest" if isinstance(node, ast.MatchMapping) else "name", None)
            if isinstance(name, str):
                yield Binding(name, None, statement, False)


def _walrus(statement: ast.stmt) -> list[Binding]:
    """Find `name := value` in the statement's own expressions, not in the statements below it."""
    stack: list[ast.AST] = [
        node for node in ast.iter_child_nodes(statement) if isinstance(node, ast.expr | ast.withitem)
    ]
    found = []
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.NamedExpr):
            found.append(Binding(node.target.id, node.value, node.target, False))
        stack.extend(ast.iter_child_nodes(node))
    return found
