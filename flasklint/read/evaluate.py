"""What a Python module's own names come to, told from its syntax alone; nothing is ever executed.

Only what can be told exactly is a value; everything else is `Unknown` with the reason. Sizes and
depths are bounded, because the text may come from a stranger.
"""

import ast
import operator
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ..facts import Environment
from ..source import Source, Span
from ..value import Unknown

CPUS = "depends on the number of CPUs"
_MOST_DEPTH = 60
_MOST_SIZE = 10_000
_MOST_NUMBER = 2**64


class Opaque(NamedTuple):
    """Something that is no plain value: an imported name ("os.environ"), a "function" or a "class"."""

    kind: str
    name: str = ""


class Bound(NamedTuple):
    """What a name is bound to, where, and the expression it came from."""

    value: object
    at: Span
    node: ast.expr | None = None


def parse(source: Source) -> ast.Module | SyntaxError:
    """Return the syntax tree, or the error of a file that is no Python for this interpreter."""
    try:
        return ast.parse(source.text)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError) as error:
        return SyntaxError(str(error) or "too deeply nested")


def span_of(source: Source, node: ast.expr | ast.stmt) -> Span:
    """Return the place of a node; the columns of `ast` count UTF-8 bytes."""
    end = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    return Span(source, _offset(source, node.lineno, node.col_offset), _offset(source, *end))


def _offset(source: Source, line: int, column: int) -> int:
    text = source.line_text(min(line, source.line_count))
    if not text.isascii():
        column = len(text.encode()[:column].decode(errors="ignore"))
    return source.offset(line, column + 1)


def dotted(node: ast.expr) -> str:
    """Return `a.b.c` for a name or attribute, empty for anything else."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


class Scope:
    """The names of one module while it is read from top to bottom."""

    def __init__(self, source: Source, environment: Environment) -> None:
        self.source = source
        self.environment = environment
        self.names: dict[str, Bound] = {}
        self.tainted = ""  # why any name may be bound to anything

    # ---------------------------------------------------------------------------------- binding

    def bind(self, name: str, value: object, node: ast.expr | ast.stmt) -> None:
        expression = node if isinstance(node, ast.expr) else None
        self.names[name] = Bound(value, span_of(self.source, node), expression)

    def taint(self, why: str) -> None:
        """From here on, every name bound so far may have been bound again."""
        self.tainted = why
        for name, bound in self.names.items():
            self.names[name] = bound._replace(value=Unknown(why, bound.at))

    def run(self, body: Iterable[ast.stmt], depth: int = 0) -> None:
        """Bind what the statements bind, in order."""
        for statement in body:
            self.statement(statement, depth)

    def statement(self, node: ast.stmt, depth: int = 0) -> None:
        if depth > _MOST_DEPTH:
            self.taint("nested too deeply")
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self._assign(target, node.value)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self._assign(node.target, node.value)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            sum_ = ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value)
            self.bind(node.target.id, self.value(ast.copy_location(sum_, node.value)), node.value)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self._import(node)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self.bind(node.name, Opaque("class" if isinstance(node, ast.ClassDef) else "function", node.name), node)
        elif isinstance(node, ast.If):
            self._if(node, depth)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            self.run(node.body, depth + 1)
        elif isinstance(node, (ast.Try, ast.For, ast.While, ast.Match)):
            self._perhaps(node, depth)
        elif isinstance(node, ast.Expr) and _reaches_into_names(node):
            self.taint("names are set through globals(), exec() or the like")

    def _assign(self, target: ast.expr, expression: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.bind(target.id, self.value(expression), expression)
        elif isinstance(target, (ast.Tuple, ast.List)):
            value = self.value(expression)
            fits = isinstance(value, (tuple, list)) and len(value) == len(target.elts)
            for index, element in enumerate(target.elts):
                if isinstance(element, ast.Name):
                    part = value[index] if fits and isinstance(value, (tuple, list)) else self.unknown(expression)
                    self.bind(element.id, part, expression)
        elif isinstance(target, ast.Subscript) and _reaches_into_names(target):
            self.taint("names are set through globals() or locals()")

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.taint(f"`from {'.' * getattr(node, 'level', 0)}{getattr(node, 'module', '') or ''} import *`")
                continue
            if isinstance(node, ast.Import):
                name = alias.name if alias.asname else alias.name.partition(".")[0]
            else:
                name = f"{'.' * node.level}{node.module or ''}.{alias.name}"
            self.bind(alias.asname or name.rpartition(".")[2] if isinstance(node, ast.ImportFrom) else alias.asname or name,
                      Opaque("import", name), node)  # fmt: skip

    def _if(self, node: ast.If, depth: int) -> None:
        test = self.value(node.test)
        if isinstance(test, Unknown | Opaque):
            self._perhaps(node, depth)
        else:
            self.run(node.body if test else node.orelse, depth + 1)

    def _perhaps(self, node: ast.stmt, depth: int) -> None:
        """Names that a statement may bind are Unknown after it; `try` is read as if nothing failed."""
        if isinstance(node, ast.Try):
            self.run(node.body, depth + 1)
            self.run(node.orelse, depth + 1)
        why = "is set under a condition that cannot be told"
        inner = node.handlers if isinstance(node, ast.Try) else [node]
        for part in inner:
            if _reaches_into_names(part):
                self.taint("names are set through globals(), exec() or the like")
            for name, at in _bound_names(part):
                value = Unknown(f"{name} {why}", span_of(self.source, at))
                imported = isinstance(at, (ast.Import, ast.ImportFrom)) and name in self.names
                if not imported:
                    self.names[name] = Bound(value, span_of(self.source, at))
        if isinstance(node, ast.Try):
            self.run(node.finalbody, depth + 1)

    # ------------------------------------------------------------------------------- evaluating

    def unknown(self, node: ast.expr, why: str = "cannot be told without running it") -> Unknown:
        return Unknown(why, span_of(self.source, node))

    def value(self, node: ast.expr, depth: int = 0) -> object:
        """Return the value of an expression, an `Opaque` thing, or Unknown."""
        if depth > _MOST_DEPTH:
            return self.unknown(node, "nested too deeply")
        handler = _HANDLERS.get(type(node))
        value = handler(self, node, depth + 1) if handler is not None else self.unknown(node)
        if isinstance(value, (str, bytes, list, tuple, dict)) and not isinstance(value, (Unknown, Opaque)):
            return value if len(value) <= _MOST_SIZE else self.unknown(node, "too large")
        return value

    def variable(self, name: str, node: ast.expr, otherwise: object) -> object:
        """Return an environment variable, `otherwise` where it is surely not set."""
        found = self.environment.get(name)
        if found is None:
            return otherwise
        if isinstance(found, Unknown):
            return self.unknown(node, f"depends on ${name}")
        return found.value

    def canonical(self, node: ast.expr) -> str:
        """Return the full dotted name of an imported thing: "os.environ.get" for `environ.get`."""
        name = dotted(node)
        first, dot, rest = name.partition(".")
        bound = self.names.get(first)
        if bound is None:
            return name
        if isinstance(bound.value, Opaque):
            return f"{bound.value.name}{dot}{rest}" if bound.value.kind == "import" else ""
        return ""


def _bound_names(node: ast.AST) -> Iterator[tuple[str, ast.expr | ast.stmt]]:
    for child in ast.walk(node):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            yield child.id, child
        elif isinstance(child, (ast.FunctionDef, ast.ClassDef)):
            yield child.name, child
        elif isinstance(child, (ast.Import, ast.ImportFrom)):
            for alias in child.names:
                yield (alias.asname or alias.name).partition(".")[0], child


def _reaches_into_names(node: ast.AST) -> bool:
    return any(
        isinstance(child, ast.Name) and child.id in ("globals", "locals", "vars", "exec", "eval", "setattr")
        for child in ast.walk(node)
    )


def _constant(scope: Scope, node: ast.expr, depth: int) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _name(scope: Scope, node: ast.expr, depth: int) -> object:
    assert isinstance(node, ast.Name)
    bound = scope.names.get(node.id)
    if bound is not None:
        return bound.value
    return scope.unknown(node, scope.tainted or f"{node.id} is not set in this file")


def _sequence(scope: Scope, node: ast.expr, depth: int) -> object:
    assert isinstance(node, (ast.List, ast.Tuple, ast.Set))
    values = [scope.value(element, depth) for element in node.elts]
    dark = next((value for value in values if isinstance(value, Unknown)), None)
    return dark if dark is not None else tuple(values) if isinstance(node, ast.Tuple) else values


def _mapping(scope: Scope, node: ast.expr, depth: int) -> object:
    assert isinstance(node, ast.Dict)
    result: dict[object, object] = {}
    for key, element in zip(node.keys, node.values, strict=True):
        name = scope.value(key, depth) if key is not None else scope.unknown(node)
        value = scope.value(element, depth)
        if isinstance(name, Unknown) or not isinstance(name, (str, int, float, bool)):
            return scope.unknown(node)
        result[name] = value
    return result


def _joined(scope: Scope, node: ast.expr, depth: int) -> object:
    assert isinstance(node, ast.JoinedStr)
    text = ""
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value)
            continue
        assert isinstance(part, ast.FormattedValue)
        value = scope.value(part.value, depth)
        if isinstance(value, Unknown):
            return value
        if part.format_spec is not None or part.conversion != -1 or not _is_plain(value):
            return scope.unknown(node)
        text += str(value)
    return text


def _is_plain(value: object) -> bool:
    return value is None or type(value) in (str, int, float, bool)


_OPERATORS: dict[type[ast.operator], Callable[[object, object], object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitOr: operator.or_,
    ast.Pow: operator.pow,
}


def _binary(scope: Scope, node: ast.expr, depth: int) -> object:
    assert isinstance(node, ast.BinOp)
    left, right = scope.value(node.left, depth), scope.value(node.right, depth)
    for side in (left, right):
        if isinstance(side, Unknown):
            return side
    act = _OPERATORS.get(type(node.op))
    if act is None or not _is_small(node.op, left, right):
        return scope.unknown(node)
    return _guarded(scope, node, lambda: act(left, right))


def _is_small(op: ast.operator, left: object, right: object) -> bool:
    """Whether the result is surely small: `"a" * 10**9` and `9**9**9` are left alone."""
    numbers = [side for side in (left, right) if isinstance(side, (int, float))]
    if any(abs(number) > _MOST_NUMBER for number in numbers):
        return False
    if isinstance(op, ast.Pow):
        return len(numbers) == 2 and all(abs(number) <= 64 for number in numbers)
    if isinstance(op, ast.Mult) and len(numbers) < 2:
        return len(numbers) == 1 and abs(numbers[0]) <= 100
    if isinstance(op, ast.Mod) and isinstance(left, str):  # a field's width may be huge: '%999999999d'
        values = right if isinstance(right, tuple) else (right,)
        short = sum(len(str(value)) for value in values if _is_plain(value)) <= _MOST_SIZE
        return short and all(_is_plain(value) for value in values) and not _formats(left)
    return not isinstance(left, Opaque) and not isinstance(right, Opaque)


def _formats(text: str) -> bool:
    """Whether a `%` is followed by a width, flag or precision."""
    return any(piece[:1] in tuple("0123456789.-+ #*") for piece in text.split("%")[1:])


def _guarded(scope: Scope, node: ast.expr, act: Callable[[], object]) -> object:
    try:
        return act()
    except (TypeError, ValueError, KeyError, IndexError, ArithmeticError, AttributeError):
        return scope.unknown(node, "raises an error when it is run")


def _unary(scope: Scope, node: ast.expr, depth: int) -> object:
    assert isinstance(node, ast.UnaryOp)
    value = scope.value(node.operand, depth)
    if isinstance(value, Unknown | Opaque):
        return value if isinstance(value, Unknown) else scope.unknown(node)
    if isinstance(node.op, ast.Not):
        return not value
    if not isinstance(value, (int, float)):
        return scope.unknown(node)
    return -value if isinstance(node.op, ast.USub) else value


def _boolean(scope: Scope, node: ast.expr, depth: int) -> object:
    assert isinstance(node, ast.BoolOp)
    value: object = None
    for operand in node.values:
        value = scope.value(operand, depth)
        if isinstance(value, Unknown) or bool(value) is isinstance(node.op, ast.Or):
            break
    return value


def _choice(scope: Scope, node: ast.expr, depth: int) -> object:
    assert isinstance(node, ast.IfExp)
    test = scope.value(node.test, depth)
    return test if isinstance(test, Unknown) else scope.value(node.body if test else node.orelse, depth)


_COMPARISONS: dict[type[ast.cmpop], Callable[[object, object], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,  # type: ignore[dict-item]
    ast.LtE: operator.le,  # type: ignore[dict-item]
    ast.Gt: operator.gt,  # type: ignore[dict-item]
    ast.GtE: operator.ge,  # type: ignore[dict-item]
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda item, items: item in items,  # type: ignore[operator]
    ast.NotIn: lambda item, items: item not in items,  # type: ignore[operator]
}


def _comparison(scope: Scope, node: ast.expr, depth: int) -> object:
    assert isinstance(node, ast.Compare)
    if len(node.ops) != 1:
        return scope.unknown(node)
    right_node = node.comparators[0]
    left = scope.value(node.left, depth)
    if isinstance(node.ops[0], (ast.In, ast.NotIn)) and scope.canonical(right_node) == "os.environ" and isinstance(left, str):
        there = scope.variable(left, node, None)
        return there if isinstance(there, Unknown) else (there is not None) is isinstance(node.ops[0], ast.In)
    right = scope.value(right_node, depth)
    for side in (left, right):
        if isinstance(side, Unknown):
            return side
    return _guarded(scope, node, lambda: _COMPARISONS[type(node.ops[0])](left, right))


def _subscript(scope: Scope, node: ast.expr, depth: int) -> object:
    assert isinstance(node, ast.Subscript)
    if isinstance(node.slice, ast.Slice):
        return scope.unknown(node)
    key = scope.value(node.slice, depth)
    if isinstance(key, Unknown):
        return key
    if scope.canonical(node.value) == "os.environ" and isinstance(key, str):
        return scope.variable(key, node, scope.unknown(node, f"${key} is not set"))
    holder = scope.value(node.value, depth)
    if not isinstance(holder, (str, list, tuple, dict)) or isinstance(holder, Unknown | Opaque):
        return holder if isinstance(holder, Unknown) else scope.unknown(node)
    return _guarded(scope, node, lambda: holder[key])  # type: ignore[index]


def _call(scope: Scope, node: ast.expr, depth: int) -> object:
    from .calls import call  # most modules that are read call nothing that matters

    assert isinstance(node, ast.Call)
    return call(scope, node, depth)


_HANDLERS: dict[type[ast.expr], Callable[[Scope, ast.expr, int], object]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.Set: _sequence,
    ast.Dict: _mapping,
    ast.JoinedStr: _joined,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.IfExp: _choice,
    ast.Compare: _comparison,
    ast.Subscript: _subscript,
    ast.Call: _call,
}
