"""A name that first holds one application, which is configured, and then another, or a view."""

import ast
from collections.abc import Iterable, Iterator

from ...facts import Rebound
from ...record import Record
from .names import Follower
from .scope import Binding, Function, Scope, position
from .thing import Thing

# Extensions that belong to the application they are given.
_EXTENSIONS = frozenset(
    {"SQLAlchemy", "Migrate", "LoginManager", "CORS", "Bcrypt", "Mail", "JWTManager", "Limiter", "Cache", "CSRFProtect",
     "Session", "Marshmallow", "Api", "Babel", "Moment", "Bootstrap", "Bootstrap5", "MongoEngine", "PyMongo", "MySQL",
     "Talisman", "HTTPBasicAuth", "OAuth", "Admin", "DebugToolbarExtension"}
)  # fmt: skip
_HEADED = ast.If | ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith | ast.Try | ast.Match | ast.ClassDef


class _Deed(Record):
    """Something that is done to an application, in a form that compares, and where."""

    what: str
    node: ast.expr | ast.stmt


def rebound(names: Iterable[tuple[str, Scope]], follower: Follower) -> Rebound | None:
    """Return the first of the names that was another application before, to which things were done in vain.

    Only where all of it surely runs, and nothing else took hold of the first application meanwhile.
    """
    for name, scope in names:
        bindings = scope.names.bound.get(name, [])
        if len(bindings) < 2 or not all(binding.sure for binding in bindings):
            continue
        first, again = bindings[-2:]
        before, after = _made(first, scope, follower), _made(again, scope, follower)
        if before is None or after is None or before is after or _mentions(again.value, name):
            continue
        done = _deeds(name, scope, first, again)
        later = {deed.what for deed in _deeds(name, scope, again, None) or ()}
        lost = [deed for deed in done or () if deed.what not in later]
        if lost:
            places = tuple(scope.code.span(deed.node) for deed in lost)
            return Rebound(name, scope.code.short_span(before), scope.code.short_span(after), places)
    return None


def hidden(name: str, scope: Scope, follower: Follower) -> Rebound | None:
    """Return the application that a name held before a function took the name."""
    bindings = scope.names.bound.get(name, [])
    made = [call for binding in bindings[:-1] if (call := _made(binding, scope, follower))]
    if not made:
        return None
    return Rebound(name, scope.code.short_span(made[-1]), scope.code.span(bindings[-1].at), ())


def _made(binding: Binding, scope: Scope, follower: Follower) -> ast.Call | None:
    """The call that makes the application a name is bound to, where it stands right there."""
    if not isinstance(binding.value, ast.Call):
        return None
    thing: Thing = follower.evaluate(binding.value, scope)
    return binding.value if thing.kind == "flask" else None


def _deeds(name: str, scope: Scope, start: Binding, end: Binding | None) -> list[_Deed] | None:
    """What is done to a name between two of its bindings; None where something may keep what it holds."""
    found: list[_Deed] = []
    last = position(end.at) if end else None
    for statement, _, never in scope.steps:
        where = position(statement)
        if never or where <= position(start.at) or (last and where >= last):
            continue
        deeds = [*_deeds_of(statement, name)]
        if not deeds and _keeps(statement, name):
            return None
        found += deeds
    return found


def _deeds_of(statement: ast.stmt, name: str) -> Iterator[_Deed]:
    match statement:
        case ast.FunctionDef(decorator_list=decorators) | ast.AsyncFunctionDef(decorator_list=decorators):
            for decorator in decorators:
                if _root(decorator) == name:
                    yield _Deed(ast.dump(decorator), statement)
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript() as target]) if _root(target) == name:
            yield _Deed(ast.dump(target), target)
        case ast.Expr(value=ast.Call() as call) if _root(call) == name or _is_given(call, name):
            yield _Deed(ast.dump(call), call)
        case ast.Assign(value=ast.Call(func=func) as call) if _is_given(call, name) and _last(func) in _EXTENSIONS:
            yield _Deed(ast.dump(call), call)


def _keeps(statement: ast.stmt, name: str) -> bool:
    """Tell whether a statement may hand the application on: it uses the bare name, not an attribute of it."""
    if isinstance(statement, Function | _HEADED):
        return False
    owners = {id(node.value) for node in ast.walk(statement) if isinstance(node, ast.Attribute)}
    return any(
        isinstance(node, ast.Name) and node.id == name and id(node) not in owners for node in ast.walk(statement)
    )


def _is_given(call: ast.Call, name: str) -> bool:
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(isinstance(value, ast.Name) and value.id == name for value in values)


def _mentions(value: ast.AST | None, name: str) -> bool:
    return value is not None and any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(value))


def _root(node: ast.expr) -> str:
    """The name that `app.config["X"]`, `app.route("/")` or `app.jinja_env.filters.update(...)` begins with."""
    plain = False
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        plain = plain or isinstance(node, ast.Attribute)
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if plain and isinstance(node, ast.Name) else ""


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
