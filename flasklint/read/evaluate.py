"""What a Python module's own names come to, told from its syntax alone; nothing is ever executed.

Only what can be told exactly is a value; everything else is `Unknown` with the reason. Sizes and
depths are bounded, because the text may come from a stranger.
"""

import ast
from collections.abc import Iterable, Iterator

from ..facts import Environment, Variable
from ..record import Record
from ..source import Source, Span
from ..value import Known, Unknown
from .expressions import HANDLERS, MOST_SIZE, Opaque, weight
from .syntax import code_of

_MOST_DEPTH = 60
_MOST_STEPS = 200_000  # expressions, and what their values hold


class Bound(Record):
    """What a name is bound to, where, and the expression it came from."""

    value: object
    at: Span
    node: ast.expr | None = None


def span_of(source: Source, node: ast.expr | ast.stmt) -> Span:
    """Return the place of a node; of a function or class its name."""
    return code_of(source).span(node)


def dotted(node: ast.expr) -> str:
    """Return `a.b.c` for a name or attribute, empty for anything else."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


class Scope:
    """The names of one module while it is read from top to bottom."""

    def __init__(self, source: Source, environment: Environment) -> None:
        self.source = source
        self.environment = environment
        self.names: dict[str, Bound] = {}
        self.tainted = ""  # why any name may be bound to anything
        self._steps = 0

    # ---------------------------------------------------------------------------------- binding

    def bind(self, name: str, value: object, node: ast.expr | ast.stmt) -> None:
        expression = node if isinstance(node, ast.expr) else None
        self.names[name] = Bound(value, span_of(self.source, node), expression)

    def taint(self, why: str) -> None:
        """From here on, every name bound so far may have been bound again."""
        self.tainted = why
        self._steps += len(self.names)
        for name, bound in self.names.items():
            self.names[name] = bound._replace(value=Unknown(why, bound.at))

    def run(self, body: Iterable[ast.stmt], depth: int = 0) -> None:
        """Bind what the statements bind, in order; a file that is much too long, in part."""
        for statement in body:
            if self._steps > _MOST_STEPS:
                self.tainted = self.tainted or "there is too much to read"
                break
            self.statement(statement, depth)

    def statement(self, node: ast.stmt, depth: int = 0) -> None:
        if depth > _MOST_DEPTH:
            self.taint("nested too deeply")
        elif isinstance(node, ast.If):
            self._if(node, depth)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            self.run(node.body, depth + 1)
        elif isinstance(node, (ast.Try, ast.For, ast.While, ast.Match)):
            self._perhaps(node, depth)
        elif isinstance(node, ast.Expr):
            self._expression(node)
        else:
            self._binding(node)
        if ":=" in self.source.text:
            self._walrus(node)

    def _binding(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._assign(target, node.value)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self._assign(node.target, node.value)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            before = ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target)
            result = ast.copy_location(ast.BinOp(before, node.op, node.value), node.value)
            self.bind(node.target.id, self.value(result), node.value)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self._import(node)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self.bind(node.name, Opaque("class" if isinstance(node, ast.ClassDef) else "function", node.name), node)
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                self.names.pop(dotted(target), None)

    def _expression(self, node: ast.Expr) -> None:
        """A statement that is an expression: it may set names or variables of the environment."""
        if _reaches_into_names(node):
            self.taint("names are set through globals(), exec() or the like")
        elif isinstance(node.value, ast.Call):
            from .calls import change_environment

            change_environment(self, node.value)

    def _walrus(self, statement: ast.stmt) -> None:
        """Names that `:=` binds: known where it is the whole statement, else perhaps bound or not."""
        for node in ast.walk(statement):
            if isinstance(node, ast.NamedExpr):
                whole = isinstance(statement, ast.Expr) and statement.value is node
                self.bind(node.target.id, self.value(node.value) if whole else self.unknown(node), node.value)

    def _assign(self, target: ast.expr, expression: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.bind(target.id, self.value(expression), expression)
        elif isinstance(target, (ast.Tuple, ast.List)):
            value = self.value(expression)
            fits = isinstance(value, (tuple, list)) and len(value) == len(target.elts)
            for index, element in enumerate(target.elts):
                if isinstance(element, ast.Name):
                    part = value[index] if fits and isinstance(value, (tuple, list)) else self.unknown(expression)
                    self.bind(element.id, part, expression)
        elif isinstance(target, ast.Subscript) and _reaches_into_names(target):
            self.taint("names are set through globals() or locals()")
        elif isinstance(target, ast.Subscript) and self.canonical(target.value) == "os.environ":
            self.set_variable(self.value(target.slice), self.value(expression), expression)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.taint(f"`from {'.' * getattr(node, 'level', 0)}{getattr(node, 'module', '') or ''} import *`")
                continue
            if isinstance(node, ast.Import):
                name = alias.name if alias.asname else alias.name.partition(".")[0]
            else:
                name = f"{'.' * node.level}{node.module or ''}.{alias.name}"
            short = name if isinstance(node, ast.Import) else name.rpartition(".")[2]
            self.bind(alias.asname or short, Opaque("import", name), node)

    def _if(self, node: ast.If, depth: int) -> None:
        test = self.value(node.test)
        if isinstance(test, Unknown | Opaque):
            self._perhaps(node, depth)
        else:
            self.run(node.body if test else node.orelse, depth + 1)

    def _perhaps(self, node: ast.stmt, depth: int) -> None:
        """Names that a statement may bind are Unknown after it; `try` is read as if nothing failed."""
        if isinstance(node, ast.Try):
            self.run(node.body, depth + 1)
            self.run(node.orelse, depth + 1)
        why = "is set under a condition that cannot be told"
        inner = node.handlers if isinstance(node, ast.Try) else [node]
        for part in inner:
            if _reaches_into_names(part):
                self.taint("names are set through globals(), exec() or the like")
            if _writes_environment(part):
                self.lose_environment()
            for name, at in _bound_names(part):
                value = Unknown(f"{name} {why}", span_of(self.source, at))
                imported = isinstance(at, (ast.Import, ast.ImportFrom)) and name in self.names
                if not imported:
                    self.names[name] = Bound(value, span_of(self.source, at))
        if isinstance(node, ast.Try):
            self.run(node.finalbody, depth + 1)

    # ------------------------------------------------------------------------------- evaluating

    def unknown(self, node: ast.expr, why: str = "cannot be told without running it") -> Unknown:
        return Unknown(why, span_of(self.source, node))

    def value(self, node: ast.expr, depth: int = 0) -> object:
        """Return the value of an expression, an `Opaque` thing, or Unknown."""
        self._steps += 1
        if depth > _MOST_DEPTH or self._steps > _MOST_STEPS:
            return self.unknown(node, "nested too deeply" if depth > _MOST_DEPTH else "too much to read")
        handler = HANDLERS.get(type(node))
        value = handler(self, node, depth + 1) if handler is not None else self.unknown(node)
        if isinstance(value, (Unknown, Opaque)):
            return value
        size = weight(value)
        self._steps += size
        return value if size <= MOST_SIZE else self.unknown(node, "too large")

    def variable(self, name: str, node: ast.expr, otherwise: object) -> object:
        """Return an environment variable, `otherwise` where it is surely not set."""
        found = self.environment.get(name)
        if found is None:
            return otherwise
        if isinstance(found, Unknown):
            return self.unknown(node, f"depends on ${name}")
        return found.value

    def lose_environment(self) -> None:
        """From here on, any variable may have been set, changed or removed."""
        self.environment = Environment(complete=False, unseen=("os.environ",))

    def set_variable(self, name: object, value: object, node: ast.expr) -> None:
        """From here on, a variable of the environment has another value (`os.environ["X"] = ...`)."""
        if not isinstance(name, str):
            return self.lose_environment()
        at = span_of(self.source, node)
        told = Known(value, at) if isinstance(value, str) else Unknown(f"${name} cannot be told", at)
        self.environment = self.environment.with_more(Variable(name, told, at))

    def canonical(self, node: ast.expr) -> str:
        """Return the full dotted name of an imported thing: "os.environ.get" for `environ.get`."""
        name = dotted(node)
        first, dot, rest = name.partition(".")
        bound = self.names.get(first)
        if bound is None:
            return name
        if isinstance(bound.value, Opaque):
            return f"{bound.value.name}{dot}{rest}" if bound.value.kind == "import" else ""
        return ""


def _bound_names(node: ast.AST) -> Iterator[tuple[str, ast.expr | ast.stmt]]:
    for child in ast.walk(node):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            yield child.id, child
        elif isinstance(child, (ast.FunctionDef, ast.ClassDef)):
            yield child.name, child
        elif isinstance(child, (ast.Import, ast.ImportFrom)):
            for alias in child.names:
                yield (alias.asname or alias.name).partition(".")[0], child


def _writes_environment(node: ast.AST) -> bool:
    return any(
        isinstance(child, ast.Subscript)
        and isinstance(child.ctx, ast.Store)
        and dotted(child.value).rpartition(".")[2] == "environ"
        for child in ast.walk(node)
    )


def _reaches_into_names(node: ast.AST) -> bool:
    return any(
        isinstance(child, ast.Name) and child.id in ("globals", "locals", "vars", "exec", "eval", "setattr")
        for child in ast.walk(node)
    )
