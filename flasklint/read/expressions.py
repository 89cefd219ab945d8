"""What an expression of Python comes to, told from its syntax; see `evaluate` for the names it uses."""

import ast
import operator
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..record import Record
from ..value import Unknown

if TYPE_CHECKING:
    from .evaluate import Scope


CPUS = "depends on the number of CPUs"
MOST_SIZE = 10_000  # characters, or parts of a list
_MOST_NUMBER = 2**64


class Opaque(Record):
    """Something that is no plain value: an imported name ("os.environ"), a "function" or a "class"."""

    kind: str
    name: str = ""


def weight(value: object) -> int:
    """Return about how much a value holds; what nests deeper than a list of lists is too large."""
    if isinstance(value, int) and abs(value) > _MOST_NUMBER:
        return MOST_SIZE + 1
    if isinstance(value, (str, bytes)):
        return len(value)
    parts = _parts(value)
    inner = [part for part in map(_parts, parts) if part]
    size = 1 + len(parts) + sum(map(len, inner))
    if size <= MOST_SIZE and any(_parts(part) for each in inner for part in each):
        return MOST_SIZE + 1
    return size


def _parts(value: object) -> Sequence[object]:
    if isinstance(value, dict):
        return tuple(value.values())
    plain = isinstance(value, (list, tuple)) and not isinstance(value, (Unknown, Opaque))
    return value if plain and isinstance(value, (list, tuple)) else ()


def _constant(scope: "Scope", node: ast.Constant, depth: int) -> object:
    return node.value


def _name(scope: "Scope", node: ast.Name, depth: int) -> object:
    bound = scope.names.get(node.id)
    if bound is not None:
        return bound.value
    return scope.unknown(node, scope.tainted or f"{node.id} is not set in this file")


def _sequence(scope: "Scope", node: ast.List | ast.Tuple | ast.Set, depth: int) -> object:
    values = [scope.value(element, depth) for element in node.elts]
    dark = next((value for value in values if isinstance(value, Unknown)), None)
    return dark if dark is not None else tuple(values) if isinstance(node, ast.Tuple) else values


def _mapping(scope: "Scope", node: ast.Dict, depth: int) -> object:
    result: dict[object, object] = {}
    for key, element in zip(node.keys, node.values, strict=True):
        name = scope.value(key, depth) if key is not None else scope.unknown(node)
        value = scope.value(element, depth)
        if isinstance(name, Unknown) or not isinstance(name, (str, int, float, bool)):
            return scope.unknown(node)
        result[name] = value
    return result


def _joined(scope: "Scope", node: ast.JoinedStr, depth: int) -> object:
    text = ""
    for part in node.values:
        if not isinstance(part, ast.FormattedValue):
            text += str(scope.value(part, depth))
            continue
        value = scope.value(part.value, depth)
        if isinstance(value, Unknown):
            return value
        if part.format_spec is not None or part.conversion != -1 or not _is_plain(value):
            return scope.unknown(node)
        text += str(value)
        if len(text) > MOST_SIZE:
            return scope.unknown(node, "too large")
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


def _binary(scope: "Scope", node: ast.BinOp, depth: int) -> object:
    left, right = scope.value(node.left, depth), scope.value(node.right, depth)
    for side in (left, right):
        if isinstance(side, Unknown):
            return side
    act = _OPERATORS.get(type(node.op))
    if act is None or not _is_small(node.op, left, right):
        return scope.unknown(node)
    return guarded(scope, node, act, left, right)


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
        short = sum(len(str(value)) for value in values if _is_plain(value)) <= MOST_SIZE
        return short and all(_is_plain(value) for value in values) and not _formats(left)
    return not isinstance(left, Opaque) and not isinstance(right, Opaque)


def _formats(text: str) -> bool:
    """Whether a `%` is followed by a width, flag or precision."""
    return any(piece[:1] in tuple("0123456789.-+ #*") for piece in text.split("%")[1:])


def guarded(scope: "Scope", node: ast.expr, act: Callable[..., object], *arguments: Any) -> object:
    """Return what a function of Python gives; Unknown where it raises an error."""
    try:
        return act(*arguments)
    except (TypeError, ValueError, LookupError, ArithmeticError, AttributeError):
        return scope.unknown(node, "raises an error when it is run")


def _unary(scope: "Scope", node: ast.UnaryOp, depth: int) -> object:
    value = scope.value(node.operand, depth)
    if isinstance(value, Unknown | Opaque):
        return value if isinstance(value, Unknown) else scope.unknown(node)
    if isinstance(node.op, ast.Not):
        return not value
    if not isinstance(value, (int, float)):
        return scope.unknown(node)
    return -value if isinstance(node.op, ast.USub) else value


def _boolean(scope: "Scope", node: ast.BoolOp, depth: int) -> object:
    value: object = None
    for operand in node.values:
        value = scope.value(operand, depth)
        if isinstance(value, Unknown) or bool(value) is isinstance(node.op, ast.Or):
            break
    return value


def _choice(scope: "Scope", node: ast.IfExp, depth: int) -> object:
    test = scope.value(node.test, depth)
    return test if isinstance(test, Unknown) else scope.value(node.body if test else node.orelse, depth)


_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda item, items: item in items,
    ast.NotIn: lambda item, items: item not in items,
}


def _comparison(scope: "Scope", node: ast.Compare, depth: int) -> object:
    if len(node.ops) != 1:
        return scope.unknown(node)
    right_node = node.comparators[0]
    left = scope.value(node.left, depth)
    if (
        isinstance(node.ops[0], (ast.In, ast.NotIn))
        and scope.canonical(right_node) == "os.environ"
        and isinstance(left, str)
    ):
        there = scope.variable(left, node, None)
        return there if isinstance(there, Unknown) else (there is not None) is isinstance(node.ops[0], ast.In)
    right = scope.value(right_node, depth)
    for side in (left, right):
        if isinstance(side, Unknown):
            return side
    return guarded(scope, node, _COMPARISONS[type(node.ops[0])], left, right)


def _subscript(scope: "Scope", node: ast.Subscript, depth: int) -> object:
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
    return guarded(scope, node, operator.getitem, holder, key)


def _call(scope: "Scope", node: ast.Call, depth: int) -> object:
    from .calls import call  # most modules that are read call nothing that matters

    return call(scope, node, depth)


HANDLERS: dict[type[ast.expr], Callable[..., object]] = {
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
