"""Whether a module surely lacks a name, and where the name is bound all the same."""

import ast
from functools import lru_cache

from ..syntax import Code
from .scope import Binding, Scope, names_of, steps
from .thing import Thing


def literal_names(exported: list[Binding]) -> set[str] | None:
    value = exported[0].value
    if len(exported) != 1 or not isinstance(value, ast.List | ast.Tuple):
        return None
    names = {part.value for part in value.elts if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    return names if len(names) == len(value.elts) else None


def absent(name: str, scope: Scope) -> Thing:
    """Say that a module lacks a name, and whether it is bound where an import does not get."""
    for binding, why in scope.names.withheld.get(name, ()):
        return Thing("absent", scope, why=why, name=name, at=scope.code.span(binding.at))
    function, inner = _inside_functions(scope.code).get(name, ("", None))
    if inner is not None:
        at = scope.code.span(inner.at)
        return Thing("absent", scope, why=f"inside the function {function}", name=name, at=at)
    return Thing("absent", scope, name=name)


@lru_cache(maxsize=64)
def _inside_functions(code: Code) -> dict[str, tuple[str, Binding]]:
    """Return what a module's functions bind, each name with the first of them."""
    found: dict[str, tuple[str, Binding]] = {}
    for statement in code.body or ():
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            for name, bindings in names_of(steps(statement.body), code).bound.items():
                found.setdefault(name, (statement.name, bindings[0]))
    return found


def trick(name: str, scope: Scope) -> str:
    """Say what may bind a name where only running the module would tell."""
    if "__getattr__" in scope.names.bound:
        return "the module has a __getattr__ of its own"
    set_globally, why = _tricks(scope.code)
    return f"a function sets {name} with `global`" if name in set_globally else why


@lru_cache(maxsize=64)
def _tricks(code: Code) -> tuple[frozenset[str], str]:
    """Return the names that functions set with `global`, and why any name may be bound ("" if nothing does)."""
    set_globally, why = set[str](), ""
    for node in (node for statement in code.body or () for node in ast.walk(statement)):
        match node:
            case ast.Global(names=names):
                set_globally.update(names)
            case ast.Call(func=ast.Name(id="exec" | "globals" | "vars" | "locals" as call)):
                why = why or f"the module calls {call}()"
            case ast.Attribute(attr="global_enum") | ast.Name(id="global_enum"):
                why = why or "an enumeration gives its members to the module"
            case ast.Attribute(attr="modules", value=ast.Name(id="sys")):
                why = why or "the module changes sys.modules"
    return frozenset(set_globally), why
