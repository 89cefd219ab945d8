"""Whether a module surely lacks a name, and where the name is bound all the same."""

import ast

from ...source import Span
from .scope import Binding, Scope, names_of
from .syntax import Code
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
        return Thing("absent", scope, why=why, name=name, at=_name_span(binding, scope.code))
    for statement in scope.code.body or ():
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = names_of(statement.body, scope.code).bound.get(name)
            if inner:
                at = _name_span(inner[0], scope.code)
                return Thing("absent", scope, why=f"inside the function {statement.name}", name=name, at=at)
    return Thing("absent", scope, name=name)


def _name_span(binding: Binding, code: Code) -> Span:
    return code.span(binding.at)


def trick(name: str, scope: Scope) -> str:
    """Say what may bind a name where only running the module would tell."""
    if "__getattr__" in scope.names.bound:
        return "the module has a __getattr__ of its own"
    for statement in scope.code.body or ():
        for node in ast.walk(statement):
            match node:
                case ast.Global(names=names) if name in names:
                    return f"a function sets {name} with `global`"
                case ast.Call(func=ast.Name(id="exec" | "globals" | "vars" | "locals" as call)):
                    return f"the module calls {call}()"
                case ast.Attribute(attr="modules", value=ast.Name(id="sys")):
                    return "the module changes sys.modules"
    return ""
