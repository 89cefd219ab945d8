"""What kind of callable a function is: an application factory, a WSGI callable or a view."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from .scope import Function, Scope, steps

# Decorators whose result is called like the function and returns what it returns.
TRANSPARENT = frozenset({"cache", "lru_cache", "wraps", "no_type_check", "override"})
_VIEW_DECORATORS = frozenset(
    {"route", "get", "post", "put", "delete", "patch", "errorhandler", "before_request", "after_request",
     "teardown_request", "teardown_appcontext", "context_processor", "command", "shell_context_processor"}
)  # fmt: skip
_FACTORY_NAME = re.compile(
    r"(?:create|make|build|get|init|setup)_?(?:\w*_)?(?:app|application|flask|wsgi)$|\w*factory$"
)


def decorator_name(decorator: ast.expr) -> str:
    """Return the last part of a decorator's name: "route" of `@app.route("/")`."""
    if isinstance(decorator, ast.Call):
        decorator = decorator.func
    if isinstance(decorator, ast.Attribute):
        return decorator.attr
    return decorator.id if isinstance(decorator, ast.Name) else ""


def is_view(function: Function) -> bool:
    """Tell whether a function is registered with an application: a view, a handler, a command."""
    return any(
        isinstance(decorator.func if isinstance(decorator, ast.Call) else decorator, ast.Attribute)
        and decorator_name(decorator) in _VIEW_DECORATORS
        for decorator in function.decorator_list
    )


def is_decorated(function: Function) -> bool:
    """Tell whether a decorator may make something else of a function."""
    return any(decorator_name(decorator) not in TRANSPARENT for decorator in function.decorator_list)


def misfit_as_wsgi(function: Function) -> str:
    """Return what Python says when a server calls a view with `(environ, start_response)`, empty where it may fit."""
    if any(decorator_name(decorator) == "command" for decorator in function.decorator_list):
        return ""
    given = ast.Constant(None)
    return misfit(function, ast.Call(ast.Name(function.name, ast.Load()), [given, given], []))


def takes_wsgi_arguments(function: Function) -> bool:
    """Tell whether a function is meant for `(environ, start_response)`."""
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    if "start_response" in names or "environ" in names:
        return True
    return len(names) - len(function.args.defaults) == 2


def has_factory_name(function: Function) -> bool:
    return _FACTORY_NAME.match(function.name) is not None


@lru_cache(maxsize=256)
def returns(function: Function) -> list[ast.expr]:
    """Return the values that a function returns, those of inner functions aside."""
    return [
        statement.value
        for statement, _, _ in steps(function.body)
        if isinstance(statement, ast.Return) and statement.value is not None
    ]


def arguments(function: Function, call: ast.Call, outer: Scope) -> dict[str, tuple[ast.expr, Scope]]:
    """Bind a call's arguments to a function's parameters, as far as they are written out."""
    return {name: (value, outer) for name, value in _pairs(function, call)}


def _pairs(function: Function, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    parameters = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    for parameter, value in zip(parameters, call.args, strict=False):
        if isinstance(value, ast.Starred):
            break
        yield parameter, value
    for keyword in call.keywords:
        if keyword.arg is not None:
            yield keyword.arg, keyword.value


def misfit(function: Function, call: ast.Call | None) -> str:
    """Return what Python says of arguments that do not fit, empty where they do; None is a call without any."""
    if call is not None and any(keyword.arg is None for keyword in call.keywords):
        return ""
    wanted, count = function.args, len(call.args) if call else 0
    named = [keyword.arg for keyword in call.keywords] if call else []
    names = [argument.arg for argument in (*wanted.posonlyargs, *wanted.args)]
    only = dict(zip((argument.arg for argument in wanted.kwonlyargs), wanted.kw_defaults, strict=True))
    strange = [name for name in named if name not in names and name not in only]
    said = f"TypeError: {function.name}()"
    if strange and wanted.kwarg is None:
        return f"{said} got an unexpected keyword argument {strange[0]!r}"
    if count > len(names) and wanted.vararg is None:
        fewest = len(names) - len(wanted.defaults)
        takes = f"from {fewest} to {len(names)}" if wanted.defaults else str(len(names))
        plural = "" if takes == "1" else "s"
        return f"{said} takes {takes} positional argument{plural} but {count} {'was' if count == 1 else 'were'} given"
    required = names[: len(names) - len(wanted.defaults)]
    missing = [name for name in required[count:] if name not in named]
    if missing:
        return f"{said} missing {_listed(missing, 'positional')}"
    missing = [name for name, default in only.items() if default is None and name not in named]
    return f"{said} missing {_listed(missing, 'keyword-only')}" if missing else ""


def _listed(names: list[str], kind: str) -> str:
    shown = [repr(name) for name in names]
    *before, last = shown
    text = last if not before else f"{', '.join(before)}{',' if len(before) > 1 else ''} and {last}"
    return f"{len(names)} required {kind} argument{'s' if before else ''}: {text}"
