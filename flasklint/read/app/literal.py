"""Values that are written out in the source: constants, names of constants, simple arithmetic."""

import ast

from ...value import Known, Unknown, Value
from .names import Follower
from .scope import Scope

_LIMIT = 1 << 63


def literal(node: ast.expr, scope: Scope, follower: Follower) -> Value[object]:
    """Return the value of an expression placed at the expression, or Unknown."""
    at = scope.code.short_span(node)
    try:
        return Known(_value(node, scope, follower), at)
    except (ValueError, RecursionError, TypeError):
        return Unknown("an expression that only running the application tells", at)


def _value(node: ast.expr, scope: Scope, follower: Follower) -> object:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name() | ast.Attribute():
            thing = follower.evaluate(node, scope)
            if thing.kind == "constant" and isinstance(thing.node, ast.Constant):
                return thing.node.value
        case ast.BinOp(left=left, op=op, right=right):
            return _sum(_value(left, scope, follower), op, _value(right, scope, follower))
        case ast.UnaryOp() | ast.List() | ast.Tuple() | ast.Dict() | ast.Set():
            return ast.literal_eval(node)
    raise ValueError


def _sum(left: object, op: ast.operator, right: object) -> object:
    """Add or multiply two numbers, or join two texts; nothing that could grow large."""
    if isinstance(left, str) and isinstance(right, str) and isinstance(op, ast.Add):
        return left + right
    if not isinstance(left, int | float) or not isinstance(right, int | float):
        raise ValueError
    match op:
        case ast.Add():
            result = left + right
        case ast.Sub():
            result = left - right
        case ast.Mult():
            result = left * right
        case ast.Pow() if 0 <= right <= 62 and -10 <= left <= 1024:
            result = left**right
        case _:
            raise ValueError
    if not -_LIMIT < result < _LIMIT:
        raise ValueError
    return result
