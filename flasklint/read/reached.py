"""Which calls are reached when a Python file is run as a script, told from its syntax."""

import ast
from collections.abc import Iterable, Iterator

from ..facts import Environment
from ..source import Source
from ..value import Default, Known, Unknown, Value
from .evaluate import Scope, span_of
from .expressions import Opaque

_MOST_DEPTH = 3
_MOST_STEPS = 20_000
_MOST_NESTED = 50  # blocks in blocks; each `elif` is one
_APP_MAKERS = ("Flask", "create_app", "make_app", "create_application", "APIFlask", "OpenAPI", "get_app", "build_app")
_APP_NAMES = ("app", "application", "flask_app", "webapp", "my_app")
# Methods that may serve, or start something that does.
_RUNNING = frozenset({
    "Popen", "call", "check_call", "cli", "execute", "execv", "execvp", "join", "launch", "listen",
    "main", "run", "run_forever", "run_server", "run_until_complete", "serve", "serve_forever",
    "start", "start_server", "system"
})  # fmt: skip
# Modules whose functions start no server when they are called on the way.
_QUIET = frozenset({
    "builtins", "collections", "datetime", "dotenv", "flask_cors", "flask_migrate", "json", "locale",
    "logging", "os", "pathlib", "random", "secrets", "sys", "time", "typing", "warnings"
})  # fmt: skip
_QUIET_NAMES = frozenset({
    "bool", "dict", "enumerate", "exit", "float", "getattr", "hasattr", "input", "int", "isinstance",
    "len", "list", "open", "print", "quit", "range", "set", "sorted", "str", "super", "tuple", "type"
})  # fmt: skip


class Walk:
    """A walk over the statements of a script in the order they run.

    `calls()` yields every call that is reached, while `scope` holds what names are bound to at that
    point. `dark` says, afterwards, what was called that nobody can see into; `doubtful` is True while
    a call stands under a condition that cannot be told.
    """

    def __init__(self, module: Source, body: list[ast.stmt], environment: Environment) -> None:
        self.scope = Scope(module, environment)
        self.scope.bind("__name__", "__main__", body[0] if body else ast.Pass(lineno=1, col_offset=0))
        self._top = body
        self.dark = ""
        self.doubtful = False
        self._functions = {node.name: node for node in body if isinstance(node, ast.FunctionDef)}
        self._debug: Value[object] | None = None
        self._configured = False
        self._steps = 0
        self._nested = 0

    def calls(self) -> Iterator[ast.Call]:
        yield from self._body(self._top, 0)

    # ---------------------------------------------------------------------------------- walking

    def _body(self, body: Iterable[ast.stmt], depth: int) -> Iterator[ast.Call]:
        self._nested += 1
        for statement in body:
            self._steps += 1
            if self._steps > _MOST_STEPS or self._nested > _MOST_NESTED:
                self.dark = self.dark or "the file is too long, or nests too deeply"
                break
            yield from self._statement(statement, depth)
        self._nested -= 1

    def _statement(self, node: ast.stmt, depth: int) -> Iterator[ast.Call]:
        if isinstance(node, ast.If):
            yield from self._if(node, depth)
        elif isinstance(node, ast.Try):
            yield from self._body(node.body, depth)
            yield from self._body(node.orelse, depth)
            yield from self._doubtful([statement for handler in node.handlers for statement in handler.body], depth)
            yield from self._body(node.finalbody, depth)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                yield from self._expression(item.context_expr, depth)
            yield from self._body(node.body, depth)
        elif isinstance(node, (ast.For, ast.While, ast.Match)):
            if isinstance(node, ast.While):
                self.dark = self.dark or "it loops"
            body = [s for case in node.cases for s in case.body] if isinstance(node, ast.Match) else node.body
            yield from self._doubtful(body, depth)
            self.scope.statement(node)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self.scope.statement(node)
        else:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    yield from self._expression(child, depth)
            self._note_debug(node)
            self.scope.statement(node)

    def _if(self, node: ast.If, depth: int) -> Iterator[ast.Call]:
        yield from self._expression(node.test, depth)
        test = self.scope.value(node.test)
        if not isinstance(test, (Unknown, Opaque)):
            yield from self._body(node.body if test else node.orelse, depth)
            return
        yield from self._doubtful(node.body, depth)
        yield from self._doubtful(node.orelse, depth)
        self.scope.statement(node)

    def _doubtful(self, body: Iterable[ast.stmt], depth: int) -> Iterator[ast.Call]:
        before, self.doubtful = self.doubtful, True
        yield from self._body(body, depth)
        self.doubtful = before

    def _expression(self, node: ast.expr, depth: int) -> Iterator[ast.Call]:
        stack: list[ast.AST] = [node]
        while stack:
            child = stack.pop()
            if isinstance(child, (ast.Lambda, ast.GeneratorExp, ast.ListComp, ast.DictComp, ast.SetComp)):
                continue
            stack += reversed(list(ast.iter_child_nodes(child)))
            if isinstance(child, ast.Call):
                yield child
                yield from self._follow(child, depth)

    def _follow(self, node: ast.Call, depth: int) -> Iterator[ast.Call]:
        """Go into a function of this file; note a call that cannot be followed."""
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        function = self._functions.get(name)
        bound = self.scope.names.get(name)
        if function is not None and bound is not None and isinstance(bound.value, Opaque):
            if function.decorator_list or depth >= _MOST_DEPTH:
                self.dark = self.dark or f"{name}() is not followed"
                return
            yield from self._inside(function, node, depth)
        elif self._is_dark(node, name):
            self.dark = self.dark or f"it calls {span_of(self.scope.source, node.func).text}()"

    def _inside(self, function: ast.FunctionDef, node: ast.Call, depth: int) -> Iterator[ast.Call]:
        given = self.arguments(node, tuple(argument.arg for argument in function.args.args))
        saved = dict(self.scope.names)
        named = [*function.args.args, *function.args.kwonlyargs]
        defaults = dict(
            zip(
                reversed([argument.arg for argument in function.args.args]),
                reversed(function.args.defaults),
                strict=False,
            )
        )
        for argument in named:
            value = given.get(argument.arg)
            default = defaults.get(argument.arg)
            known = value.value if isinstance(value, (Known, Default)) else Unknown(f"{argument.arg} is a parameter")
            if value is None and default is not None:
                known = self.scope.value(default)
            self.scope.bind(argument.arg, known, node)
        yield from self._body(function.body, depth + 1)
        self.scope.names = saved

    def _is_dark(self, node: ast.Call, name: str) -> bool:
        if isinstance(node.func, ast.Attribute) and node.func.attr in _RUNNING:
            return True
        bound = self.scope.names.get(name)
        if bound is None:
            return bool(name) and name not in _QUIET_NAMES
        if not isinstance(bound.value, Opaque) or bound.value.kind != "import":
            return True
        quiet = bound.value.name.lstrip(".").partition(".")[0] in _QUIET | {"flask"}
        return not quiet and not name[:1].isupper() and name not in _APP_MAKERS

    # ------------------------------------------------------------------------- what a call is about

    def arguments(self, node: ast.Call, names: tuple[str, ...]) -> dict[str, Value[object]]:
        """Return the arguments of a call by name; `**` makes those that are not given Unknown."""
        pairs = [
            *zip(names, node.args, strict=False),
            *((given.arg or "**", given.value) for given in node.keywords),
        ]
        found: dict[str, Value[object]] = {}
        for name, expression in pairs:
            at = span_of(self.scope.source, expression)
            value = self.scope.value(expression)
            if name == "**":
                for hidden in (*names, "debug"):
                    found.setdefault(hidden, Unknown("passed with **", at))
            elif isinstance(value, (Unknown, Opaque)):
                found[name] = Unknown(value.why if isinstance(value, Unknown) else "cannot be told", at)
            else:
                found[name] = Known(value, at)
        return found

    def maker(self, node: ast.expr) -> str:
        """Return the last name of what made an object ("Flask"), else the name it was imported by."""
        made: ast.expr | None = node
        if isinstance(node, ast.Name):
            bound = self.scope.names.get(node.id)
            if bound is None:
                return ""
            if isinstance(bound.value, Opaque):
                return bound.value.name.rpartition(".")[2] if bound.value.kind == "import" else ""
            made = bound.node
        if not isinstance(made, ast.Call):
            return ""
        return self.scope.canonical(made.func).rpartition(".")[2] or (
            made.func.id if isinstance(made.func, ast.Name) else ""
        )

    def made_with(self, node: ast.expr, name: str, default: Value[object]) -> Value[object]:
        """Return a keyword argument of the call that made an object; Unknown where that call is not seen."""
        bound = self.scope.names.get(node.id) if isinstance(node, ast.Name) else None
        made = bound.node if bound is not None else node
        if not isinstance(made, ast.Call):
            return Unknown("made in another file")
        given = self.arguments(made, ())
        return given.get(name) or given.get("**") or default

    def is_app(self, node: ast.expr) -> bool:
        """Whether an expression is a Flask application, by what made it or the name it was imported by."""
        maker = self.maker(node)
        return maker in _APP_MAKERS or (isinstance(node, ast.Name) and maker in _APP_NAMES)

    def is_socketio(self, node: ast.expr) -> bool:
        return self.maker(node) in ("SocketIO", "socketio")

    def debug(self, function: ast.expr) -> Value[object]:
        """Return what `debug` is where `run()` does not say: FLASK_DEBUG, the configuration, False."""
        variable = self.scope.environment.get("FLASK_DEBUG")
        if isinstance(variable, Known):
            return Known(variable.value.lower() not in ("", "0", "false", "no"), variable.at)
        if isinstance(variable, Unknown) or self._debug is not None:
            return self._debug or Unknown("$FLASK_DEBUG may be set")
        made_here = isinstance(function, ast.Attribute) and self.maker(function.value) == "Flask"
        if made_here and not self._configured:
            return Default(False, "Flask's default")
        return Unknown("may be set in the application's configuration")

    def _note_debug(self, node: ast.stmt) -> None:
        """Note `app.debug = X`, `app.config["DEBUG"] = X` and configuration from elsewhere."""
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            attribute = isinstance(target, ast.Attribute) and target.attr == "debug"
            item = (
                isinstance(target, ast.Subscript)
                and isinstance(target.slice, ast.Constant)
                and target.slice.value == "DEBUG"
            )
            if attribute or item:
                value, at = self.scope.value(node.value), span_of(self.scope.source, node.value)
                plain = not isinstance(value, (Unknown, Opaque)) and not self.doubtful
                self._debug = Known(bool(value), at) if plain else Unknown("cannot be told", at)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            function = node.value.func
            self._configured |= isinstance(function, ast.Attribute) and (
                function.attr.startswith("from_") or function.attr == "update"
            )
