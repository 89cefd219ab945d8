"""Calls whose result can be told from the syntax: the environment, conversions, text methods."""

import ast
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..value import Unknown
from .expressions import CPUS, guarded

if TYPE_CHECKING:
    from .evaluate import Scope

_CPU_COUNTS = frozenset({"multiprocessing.cpu_count", "os.cpu_count", "psutil.cpu_count", "os.sched_getaffinity"})
_ENVIRONMENT = frozenset({"os.environ.get", "os.getenv", "os.environ.setdefault"})
_BUILTINS: dict[str, Callable[..., object]] = {
    "int": int,
    "str": str,
    "float": float,
    "bool": bool,
    "len": len,
    "min": min,
    "max": max,
    "abs": abs,
    "round": round,
    "list": list,
    "tuple": tuple,
}
# Put what a file says into the environment, as far as it is not there yet.
_LOADERS = frozenset({"load_dotenv", "read_env", "read_envfile", "config_from_env"})
_METHODS = frozenset(
    {"strip", "lstrip", "rstrip", "lower", "upper", "split", "rsplit", "replace", "startswith", "endswith",
     "join", "format", "get", "capitalize", "title", "isdigit", "splitlines", "removeprefix", "removesuffix"}
)  # fmt: skip


def call(scope: "Scope", node: ast.Call, depth: int) -> object:
    """Return what a call gives, or Unknown."""
    name = scope.canonical(node.func)
    if name in _CPU_COUNTS:
        return scope.unknown(node, CPUS)
    arguments = [scope.value(argument, depth) for argument in node.args]
    if name in _ENVIRONMENT:
        return _variable(scope, node, arguments, depth)
    for value in arguments:
        if isinstance(value, Unknown):
            return value
    if any(isinstance(argument, ast.Starred) for argument in node.args):
        return scope.unknown(node)
    if name in _BUILTINS and name not in scope.names and not node.keywords:
        return guarded(scope, node, _BUILTINS[name], *arguments)
    if name == "os.path.join" and arguments and all(isinstance(part, str) for part in arguments):
        from posixpath import join

        return guarded(scope, node, join, *arguments)
    if isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS:
        return _method(scope, node, node.func, arguments, depth)
    return scope.unknown(node)


def _variable(scope: "Scope", node: ast.Call, arguments: Sequence[object], depth: int) -> object:
    """`os.environ.get("NAME", default)` and its kin."""
    if not arguments or not isinstance(arguments[0], str):
        return scope.unknown(node)
    keyword = next((scope.value(given.value, depth) for given in node.keywords if given.arg == "default"), None)
    return scope.variable(arguments[0], node, arguments[1] if len(arguments) > 1 else keyword)


def change_environment(scope: "Scope", node: ast.Call) -> None:
    """Do what a call that stands alone does to the environment: `os.environ.setdefault(...)`, `load_dotenv()`."""
    name = scope.canonical(node.func)
    loads = name.rpartition(".")[2] in _LOADERS  # with keywords it may replace what is there
    if name == "os.environ.setdefault" and len(node.args) == 2:
        key, value = (scope.value(argument) for argument in node.args)
        before = scope.variable(key, node, None) if isinstance(key, str) else None
        scope.set_variable(key, value if before is None else before, node)
    elif name in ("os.environ.update", "os.environ.clear", "os.environ.pop") or (loads and node.keywords):
        scope.lose_environment()
    elif loads:
        unseen = (*scope.environment.unseen, "a .env file")
        scope.environment = scope.environment._replace(complete=False, unseen=unseen)


def _method(scope: "Scope", node: ast.Call, function: ast.Attribute, arguments: list[object], depth: int) -> object:
    holder = scope.value(function.value, depth)
    if isinstance(holder, Unknown):
        return holder
    if type(holder) is dict and function.attr == "get":
        return guarded(scope, node, holder.get, *arguments)
    if not isinstance(holder, str):
        return scope.unknown(node)
    if function.attr == "format":
        return _format(scope, node, holder, arguments, depth)
    if function.attr == "join" and any(_size(given) > 100_000 for given in arguments):
        return scope.unknown(node, "too large")
    if function.attr == "replace" and len(holder) * len(str(arguments[-1:])) > 100_000:
        return scope.unknown(node, "too large")
    return scope.unknown(node) if node.keywords else guarded(scope, node, getattr(holder, function.attr), *arguments)


def _size(parts: object) -> int:
    return sum(len(str(part)) for part in parts) if isinstance(parts, (list, tuple)) else 0


def _format(scope: "Scope", node: ast.Call, text: str, arguments: list[object], depth: int) -> object:
    """`"{}:{port}".format(...)`, with plain fields only: no attributes, widths or nesting."""
    named = {given.arg: scope.value(given.value, depth) for given in node.keywords if given.arg}
    for value in (*arguments, *named.values()):
        if isinstance(value, Unknown):
            return value
        if value is not None and type(value) not in (str, int, float, bool):
            return scope.unknown(node)
    if any(char in text for char in "[!") or ":}" in text or len(named) != len(node.keywords):
        return scope.unknown(node)
    fields = [piece.partition("}")[0] for piece in text.split("{")[1:]]
    if any(field and not field.isidentifier() and not field.isdigit() for field in fields):
        return scope.unknown(node)
    return guarded(scope, node, lambda *values: text.format(*values, **named), *arguments)
