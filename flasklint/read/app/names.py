"""Following a name through the modules of a tree to what it stands for."""

import ast
from collections.abc import Mapping

from ...tree import Tree
from ..syntax import Code, code_of
from .absence import absent, literal_names, trick
from .callables import TRANSPARENT, arguments, decorator_name, returns
from .modules import Missing, Module, child, find
from .scope import Binding, Function, Names, Position, Scope, names_of, position, steps, steps_of
from .thing import FLASK_CLASSES, Thing, either

MAX_FILES = 12
_MAX_STEPS = 1500
_MAX_DEPTH = 60


class Follower:
    """Follows names through one tree, with bounds on files, steps and depth.

    `files` are the files opened on the way, by path.
    """

    def __init__(self, tree: Tree, search: tuple[str, ...], most: int = MAX_FILES) -> None:
        self.tree = tree
        self.most = most
        self.search = search
        self.files: dict[str, Code] = {}
        self._scopes: dict[str, Scope] = {}
        self._names: dict[Function, Names] = {}
        self._active: set[tuple[object, ...]] = set()
        self._steps = 0
        self._depth = 0

    # ------------------------------------------------------------------------------------ modules

    def scope(self, module: Module) -> Scope | str:
        """Open a module's file, or say why that cannot be done."""
        if module.path in self._scopes:
            return self._scopes[module.path]
        if len(self.files) >= self.most:
            return f"it is more than {self.most} files away"
        source = self.tree.read(module.path)
        if source is None:
            return f"{module.path} cannot be read"
        code = code_of(source)
        self.files[module.path] = code
        if code.body is None:
            return f"{source.path}: {code.why}"
        scope = self._scopes[module.path] = Scope(module, code, names_of(steps_of(code), code))
        return scope

    def opened(self) -> list[Scope]:
        """Return the modules opened so far, at their own level."""
        return list(self._scopes.values())

    def attribute(self, module: Module, name: str, before: Position | None = None) -> Thing:
        """Return what `module.name` is once the module is imported (or as of a line of it)."""
        if not module.path:
            return self._submodule(module, name) or Thing("absent", name=name, module=module)
        scope = self.scope(module)
        if isinstance(scope, str):
            return Thing("unknown", why=scope)
        return self.lookup(name, scope, before)

    def lookup(self, name: str, scope: Scope, before: Position | None = None) -> Thing:
        """Return what a name stands for in a scope; of several possible bindings the most telling one."""
        key = (scope.module.path, scope.function, name, before)
        if key in self._active:
            return Thing("unknown", why=f"{name} is defined by way of itself")
        self._active.add(key)
        try:
            return self._lookup(name, scope, before)
        finally:
            self._active.discard(key)

    def _lookup(self, name: str, scope: Scope, before: Position | None) -> Thing:
        found = scope.names.last(name, before)
        if not found and name in scope.given:
            expression, outer = scope.given[name]
            return self._aliased(self.evaluate(expression, outer), name, scope)
        if found:
            best = either(*[self._bound(binding, scope) for binding in found])
            if best.kind == "absent" and not all(binding.sure for binding in found):
                best = Thing("unknown", why=f"the import of {name} is conditional")
            return self._aliased(best, name, scope)
        if scope.function is not None:
            module = self.scope(scope.module)
            return Thing("unknown", why="") if isinstance(module, str) else self.lookup(name, module)
        if before is not None and name in scope.names.bound:
            return Thing("other")
        return self._unbound(name, scope)

    def _aliased(self, thing: Thing, name: str, scope: Scope) -> Thing:
        return thing._replace(aliases=(*thing.aliases, (name, scope))) if thing.flask else thing

    def _unbound(self, name: str, scope: Scope) -> Thing:
        """Look where else a name may come from: star imports, submodules, tricks."""
        unsure = ""
        for star, sure in reversed(scope.names.stars):
            thing = self._through_star(star, name, scope)
            if thing.kind not in ("absent", "unknown"):
                return thing
            if thing.kind == "unknown" or not sure:
                unsure = unsure or thing.why or "a star import is conditional"
        unsure = unsure or trick(name, scope)
        if unsure:
            return Thing("unknown", why=unsure)
        return self._submodule(scope.module, name) or absent(name, scope)

    def _submodule(self, package: Module, name: str) -> Thing | None:
        found = child(package, name, self.tree)
        return Thing("module", module=found) if isinstance(found, Module) else None

    # ------------------------------------------------------------------------------------ imports

    def _bound(self, binding: Binding, scope: Scope) -> Thing:
        value = binding.value
        match value:
            case None:
                return Thing("other", scope, node=binding.at if isinstance(binding.at, ast.expr) else None)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return Thing("function", scope, value)
            case ast.ClassDef():
                return Thing("class", scope, value)
            case ast.Import() if binding.alias is not None:
                dotted = binding.alias.name if binding.alias.asname else binding.alias.name.partition(".")[0]
                return self._imported(find(dotted, self.tree, self.search), dotted)
            case ast.ImportFrom() if binding.alias is not None:
                return self._imported_from(value, binding.alias.name, scope)
            case ast.expr():
                return self.evaluate(value, scope)
        return Thing("other", scope)

    def _imported(self, module: Module | Missing, dotted: str) -> Thing:
        if isinstance(module, Module):
            return Thing("module", module=module)
        return Thing("foreign", origin=dotted, why=module.why)

    def from_module(self, statement: ast.ImportFrom, scope: Scope) -> tuple[Module | Missing, str]:
        """Return the module that `from X import` names, and its dotted name."""
        dotted = statement.module or ""
        if not statement.level:
            return find(dotted, self.tree, self.search), dotted
        parts = scope.module.name.split(".")
        drop = statement.level - bool(scope.module.folders)
        if drop >= len(parts):
            return Missing(dotted, "a relative import leads out of its package"), dotted
        dotted = ".".join([*parts[: len(parts) - drop], *filter(None, [dotted])])
        return find(dotted, self.tree, self.search), dotted

    def _imported_from(self, statement: ast.ImportFrom, name: str, scope: Scope) -> Thing:
        module, dotted = self.from_module(statement, scope)
        if isinstance(module, Missing):
            return Thing("foreign", origin=f"{dotted}.{name}", why=module.why)
        before = position(statement) if module.path == scope.module.path else None
        thing = self.attribute(module, name, before)
        return self._submodule(module, name) or thing if thing.kind == "absent" else thing

    def _through_star(self, star: ast.ImportFrom, name: str, scope: Scope) -> Thing:
        module, dotted = self.from_module(star, scope)
        if isinstance(module, Missing):
            return Thing("unknown", why=f"`from {dotted} import *` brings names from outside the input")
        inner = self.scope(module) if module.path else "a namespace package has no names"
        if isinstance(inner, str):
            return Thing("absent") if not module.path else Thing("unknown", why=inner)
        exported = inner.names.last("__all__")
        if exported:
            listed = literal_names(exported)
            if listed is None:
                return Thing("unknown", why=f"__all__ of {dotted} is computed")
            if name not in listed:
                return Thing("absent")
        elif name.startswith("_"):
            return Thing("absent")
        return self.lookup(name, inner)

    # -------------------------------------------------------------------------------- expressions

    def evaluate(self, node: ast.expr, scope: Scope) -> Thing:
        """Return what an expression comes to, as far as that can be told without running it."""
        self._steps += 1
        if self._steps > _MAX_STEPS or self._depth > _MAX_DEPTH:
            return Thing("unknown", why="too many steps away")
        self._depth += 1
        try:
            return self._evaluate(node, scope)
        finally:
            self._depth -= 1

    def _evaluate(self, node: ast.expr, scope: Scope) -> Thing:
        match node:
            case ast.Name(id=name):
                # A name in its own assignment (`app = ProxyFix(app)`) means what it was before.
                return self.lookup(name, scope, position(node) if name in scope.names.bound else None)
            case ast.Call(func=ast.Name(id="__import__"), args=[ast.Constant(value=str(dotted))]):
                top = dotted.partition(".")[0]
                return self._imported(find(top, self.tree, self.search), top)
            case ast.Call():
                return self.call(node, scope)
            case ast.Attribute(value=value, attr=attr):
                return self._member(self.evaluate(value, scope), attr, node, scope)
            case ast.Subscript(value=value, slice=ast.Constant(value=int(index))):
                return self._item(self.evaluate(value, scope), index, node, scope)
            case ast.IfExp(body=body, orelse=orelse):
                return either(self.evaluate(body, scope), self.evaluate(orelse, scope))
            case ast.BoolOp(values=values):
                return either(*(self.evaluate(value, scope) for value in values))
            case ast.NamedExpr(value=value):
                return self.evaluate(value, scope)
            case ast.Constant() | ast.JoinedStr():
                return Thing("constant", scope, node)
        return Thing("other", scope, node)

    def _member(self, owner: Thing, name: str, node: ast.expr, scope: Scope) -> Thing:
        if owner.kind == "module" and owner.module is not None:
            found = self.attribute(owner.module, name)
            return Thing("other", scope, node) if found.kind == "absent" else found
        if owner.kind == "foreign":
            return owner._replace(origin=f"{owner.origin}.{name}")
        if owner.flask and name == "wsgi_app":
            return owner._replace(kind="other")
        return Thing("other", scope, node)

    def _item(self, owner: Thing, index: int, node: ast.expr, scope: Scope) -> Thing:
        parts = owner.node.elts if isinstance(owner.node, ast.Tuple | ast.List) else []
        if owner.scope is not None and 0 <= index < len(parts):
            return self.evaluate(parts[index], owner.scope)
        return Thing("other", scope, node)

    def named(self, node: ast.expr, scope: Scope) -> Thing:
        """Return what an expression, or a text with a dotted path such as "config.Production", names."""
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            return self.evaluate(node, scope)
        home, _, name = node.value.replace(":", ".").rpartition(".")
        module = find(home, self.tree, self.search) if home else Missing(name)
        return self.attribute(module, name) if isinstance(module, Module) else Thing("other", scope, node)

    def call(self, node: ast.Call, scope: Scope) -> Thing:
        """Return what a call gives back."""
        callee = self.evaluate(node.func, scope)
        if isinstance(callee.node, ast.FunctionDef) and callee.scope is not None:
            return self.returned(callee.node, callee.scope, node, scope)
        if self.makes_flask(callee):
            return Thing("flask", scope, node, flask=(node, scope))
        if callee.kind in ("unknown", "absent"):
            return callee
        if node.args and not isinstance(node.args[0], ast.Starred):
            # Middleware takes the application first: ProxyFix(app), DispatcherMiddleware(app, ...).
            inner = self.evaluate(node.args[0], scope)
            if inner.flask:
                return inner._replace(kind="other", node=node, wraps=(*inner.wraps, (node, scope)))
            if inner.origin.startswith("django."):
                return Thing("other", scope, node, origin=inner.origin)
        return Thing("other", scope, node, origin=callee.origin)

    def makes_flask(self, thing: Thing, depth: int = 0) -> bool:
        """Tell whether a class is Flask or, in the tree, derived from it."""
        if thing.kind == "foreign":
            return thing.origin in FLASK_CLASSES
        if not isinstance(thing.node, ast.ClassDef) or thing.scope is None or depth > 5:
            return False
        scope = thing.scope
        return any(self.makes_flask(self.evaluate(base, scope), depth + 1) for base in thing.node.bases)

    def inside(self, function: Function, home: Scope, given: Mapping[str, tuple[ast.expr, Scope]]) -> Scope:
        """Return the inside of a function that is called with these arguments."""
        if function not in self._names:
            self._names[function] = names_of(steps(function.body), home.code)
        return Scope(home.module, home.code, self._names[function], function, given)

    def returned(
        self, function: Function, home: Scope, call: ast.Call | None = None, outer: Scope | None = None
    ) -> Thing:
        """Return what a function of the tree returns; of several `return` the most telling one."""
        given = arguments(function, call, outer) if call is not None and outer is not None else {}
        key = (home.module.path, function)
        if key in self._active or (function.decorator_list and not _keeps_result(function)):
            return Thing("other", home, function)
        self._active.add(key)
        try:
            inner = self.inside(function, home, given)
            things = [self.evaluate(value, inner) for value in returns(function)]
        finally:
            self._active.discard(key)
        return either(*things) if things else Thing("constant", home, function)


def _keeps_result(function: Function) -> bool:
    """Tell whether the decorators are known to hand the function's result on."""
    return all(decorator_name(decorator) in TRANSPARENT for decorator in function.decorator_list)
