"""Which variables of the environment the application's source asks for."""

import ast
from collections.abc import Iterable, Iterator, Sequence

from ...facts import VariableRead
from ...source import Span
from ...value import Known, Unknown, Value
from ..evaluate import dotted
from .imported import imported
from .modules import Module
from .names import Follower
from .scope import Scope

_GETTERS = frozenset({"os.getenv", "os.environ.get"})
# Functions that are told which configuration to use.
_CHOOSERS = frozenset(
    {"create_app", "make_app", "create_application", "make_application", "app_factory", "build_app", "from_object",
     "configure_app", "get_config", "load_config"}
)  # fmt: skip


def reads(follower: Follower, entry: Sequence[Module], made_at: Span | None) -> tuple[VariableRead, ...]:
    """Return what the modules opened so far ask for, in the order of the files.

    `entry` is what the server imports, `made_at` where the callable is made: the function around it is
    called, too. Only files that speak of the environment are looked into.
    """
    scopes = [scope for scope in follower.opened() if _may_read(scope)]
    if not scopes:
        return ()
    sure = imported(follower, entry, made_at)
    return tuple(read for scope in scopes for read in _Reader(follower, scope).reads(sure))


def _may_read(scope: Scope) -> bool:
    text = scope.code.source.text
    return "environ" in text or "getenv" in text


class _Reader:
    """Finds the variables that one module asks for."""

    def __init__(self, follower: Follower, scope: Scope) -> None:
        self.follower, self.scope = follower, scope
        self.nodes = [node for statement in scope.body for node in ast.walk(statement)]
        self.instead = dict(_instead(self.nodes))
        choosing = [part for node in _choosing(self.nodes) for part in ast.walk(node)]
        self.choosing = {id(node) for node in choosing}
        names = {node.id for node in choosing if isinstance(node, ast.Name)}
        self.choosing |= {id(part) for value in _assigned(self.nodes, names) for part in ast.walk(value)}

    def reads(self, sure: frozenset[ast.expr]) -> Iterator[VariableRead]:
        for node in self.nodes:
            match node:
                case ast.Subscript(value=holder, slice=ast.Constant(value=str(name)), ctx=ast.Load()):
                    if self._origin(holder) == "os.environ":
                        yield self._read(node, name, None, sure)
                case ast.Call(func=ast.expr() as function, args=[ast.Constant(value=str(name)), *rest]):
                    if self._origin(function) in _GETTERS:
                        given = [*rest, *(keyword.value for keyword in node.keywords)]
                        default = given[0] if given else self.instead.get(id(node), ast.Constant(None))
                        yield self._read(node, name, default, sure)

    def _read(self, node: ast.expr, name: str, default: ast.expr | None, sure: frozenset[ast.expr]) -> VariableRead:
        at = self.scope.code.short_span(node)
        value: Value[object] | None = None
        chooses = ""
        if isinstance(default, ast.Constant):
            value = Known(default.value, at)
            if id(node) in self.choosing and isinstance(default.value, str):
                chooses = self._configuration(default.value)
        elif default is not None:
            value = Unknown("computed", at)
        return VariableRead(name, at, value, node in sure, chooses)

    def _origin(self, node: ast.expr) -> str:
        """The dotted name of what an expression is, where it comes from a package: "os.environ.get"."""
        last = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
        if isinstance(node, ast.Attribute) and last not in ("environ", "get", "getenv"):
            return ""
        name = dotted(node)
        if name.startswith("os.") and "os" not in self.scope.names.bound:
            return name  # imported inside the function
        thing = self.follower.evaluate(node, self.scope) if isinstance(node, ast.Attribute | ast.Name) else None
        return thing.origin if thing and thing.kind == "foreign" else ""

    def _configuration(self, key: str) -> str:
        """The name of the configuration that a key stands for: `{"default": DevelopmentConfig}`, else the key."""
        for scope in self.follower.opened():
            for step in scope.body:
                value = step.value if isinstance(step, ast.Assign | ast.AnnAssign) else None
                if isinstance(value, ast.Dict):
                    for name, chosen in zip(value.keys, value.values, strict=True):
                        if isinstance(name, ast.Constant) and name.value == key:
                            return _last_name(chosen)
        return key


def _instead(nodes: Iterable[ast.AST]) -> Iterator[tuple[int, ast.expr]]:
    """What `os.getenv("X") or "default"` goes on with, by the expression that asks."""
    for node in nodes:
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or) and len(node.values) == 2:
            yield id(node.values[0]), node.values[1]


def _choosing(nodes: Iterable[ast.AST]) -> Iterator[ast.expr]:
    """Expressions that say which configuration to use: what a factory is given, what `configs[...]` is asked for."""
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in _CHOOSERS:
                yield from (*node.args, *(keyword.value for keyword in node.keywords))
            case ast.FunctionDef(name=name) if name in _CHOOSERS:
                yield from (*node.args.defaults, *(default for default in node.args.kw_defaults if default))
            case ast.Subscript(value=ast.Attribute(attr=name) | ast.Name(id=name), slice=key) if "config" in name:
                yield key


def _assigned(nodes: Iterable[ast.AST], names: set[str]) -> Iterator[ast.expr]:
    """What is assigned to one of these names."""
    for node in nodes:
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id in names for to in node.targets):
            yield node.value


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Constant(value=str(text)):
            return text
        case ast.Call(func=function):
            return _last_name(function)
    return ""
