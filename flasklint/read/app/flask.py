"""What the source says of a Flask object: static files, ProxyFix, configuration.

Flask's signature is `Flask(import_name, static_url_path=None, static_folder="static", ...)` (Flask 3.1,
`flask/app.py`); ProxyFix's is `ProxyFix(app, x_for=1, x_proto=1, x_host=0, x_port=0, x_prefix=0)`
(Werkzeug 3.1, `werkzeug/middleware/proxy_fix.py`).
"""

import ast
from collections.abc import Iterable, Mapping

from ...facts import ProxyFix
from ...record import Record
from ...source import Span
from ...value import Default, Known, Unknown, Value
from .callables import arguments
from .literal import literal
from .names import Follower
from .scope import Function, Scope, names_of, steps
from .thing import FLASK_CLASSES, PROXY_FIX, Thing

_COUNTS = {"x_for": 1, "x_proto": 1, "x_host": 0, "x_port": 0, "x_prefix": 0}
# Middleware that does not touch the forwarded headers.
_HARMLESS = frozenset(
    {"DispatcherMiddleware", "WhiteNoise", "SharedDataMiddleware", "ProfilerMiddleware",
     "DebuggedApplication", "SassMiddleware", "PrometheusMiddleware", "WSGIApp", "make_wsgi_app"}
)  # fmt: skip
_ATTRIBUTES = {"secret_key": "SECRET_KEY", "debug": "DEBUG", "testing": "TESTING"}
_LOADERS = frozenset(
    {"from_object", "from_pyfile", "from_envvar", "from_file", "from_json", "from_prefixed_env"}
)  # fmt: skip
_WITH_VALUE = (ast.Expr, ast.Return)
_HELPER_DEPTH = 2
_MOST_STEPS = 20_000  # statements


class FlaskFacts(Record):
    static_folder: Value[str] | None = None
    static_url_path: Value[str] | None = None
    proxy_fix: ProxyFix | None = None
    config: Mapping[str, Value[object]] = {}


def flask_facts(thing: Thing, follower: Follower) -> FlaskFacts:
    """Gather what is done to the Flask object at the heart of a thing, in every scope that names it."""
    if thing.flask is None:
        return FlaskFacts()
    gather = _Gather(follower)
    gather.static(*thing.flask)
    aliases = {(name, scope.module.path, scope.function): (name, scope) for name, scope in thing.aliases}
    for name, scope in aliases.values():
        gather.scope(name, scope, 0)
    for call, scope in thing.wraps:
        gather.wrap(call, scope, sure=True)
    if gather.is_cut:
        return _untold(scope.code.source.whole() for scope in follower.opened())
    return FlaskFacts(gather.static_folder, gather.url_path(), gather.proxy_fix, gather.config)


def _untold(places: Iterable[Span]) -> FlaskFacts:
    """What is known of an application with too much code to read: nothing, not even what it lacks."""
    unknown = Unknown("the application has too much code to read")
    counts: dict[str, Value[int]] = dict.fromkeys(_COUNTS, unknown)
    return FlaskFacts(unknown, unknown, ProxyFix(next(iter(places)), counts), {})


class _Gather:
    """Reads statements about one Flask object, in the order in which they run."""

    def __init__(self, follower: Follower) -> None:
        self.follower = follower
        self.static_folder: Value[str] = Default("static", "Flask's default")
        self.static_url_path: Value[str] | None = None
        self.proxy_fix: ProxyFix | None = None
        self.config: dict[str, Value[object]] = {}
        self._steps = 0

    @property
    def is_cut(self) -> bool:
        return self._steps > _MOST_STEPS

    # ------------------------------------------------------------------------------- static files

    def static(self, call: ast.Call, scope: Scope) -> None:
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        given |= dict(zip(("import_name", "static_url_path", "static_folder"), call.args, strict=False))
        callee = self.follower.evaluate(call.func, scope)
        unsure = "" if callee.origin in FLASK_CLASSES else "a class derived from Flask"
        if None in given or any(isinstance(value, ast.Starred) for value in call.args):
            unsure = "arguments that are unpacked"
        if unsure:
            self.static_folder = self.static_url_path = Unknown(unsure, scope.code.short_span(call))
        if "static_folder" in given:
            self.static_folder = self._text(given["static_folder"], scope)
        if "static_url_path" in given and not _is_none(given["static_url_path"]):
            self.static_url_path = self._text(given["static_url_path"], scope)

    def _text(self, node: ast.expr, scope: Scope) -> Value[str]:
        """Return a text; None (no static files at all) comes as the empty text."""
        value = literal(node, scope, self.follower)
        if isinstance(value, Known) and (isinstance(value.value, str) or value.value is None):
            return Known(value.value or "", value.at)
        return value if isinstance(value, Unknown) else Unknown("not a text", scope.code.short_span(node))

    def url_path(self) -> Value[str]:
        """Return the URL prefix; unless told it is the last part of the folder's name."""
        if self.static_url_path is not None:
            return self.static_url_path
        if isinstance(self.static_folder, Unknown):
            return self.static_folder
        base = self.static_folder.value.rstrip("/\\").rpartition("/")[2]
        return Default(f"/{base}".rstrip("/"), "Flask's default")

    # --------------------------------------------------------------------------------- statements

    def scope(self, name: str, scope: Scope, depth: int) -> None:
        """Read every statement of a scope that is about the object under this name."""
        for statement, sure, never in scope.steps:
            self._steps += 1
            if self._steps > _MOST_STEPS:
                break
            if never:
                continue
            if isinstance(statement, ast.Assign):
                for target in statement.targets:
                    if not isinstance(target, ast.Name):
                        self._assign(name, target, statement.value, scope, sure)
            elif not isinstance(statement, _WITH_VALUE):
                continue
            if isinstance(statement.value, ast.Call):
                self._called(name, statement.value, scope, sure, depth)

    def _assign(self, name: str, target: ast.expr, value: ast.expr, scope: Scope, sure: bool) -> None:
        match target:
            case ast.Attribute(value=ast.Name(id=owner), attr="wsgi_app") if owner == name:
                if isinstance(value, ast.Call):
                    self.wrap(value, scope, sure)
            case ast.Attribute(value=ast.Name(id=owner), attr="static_folder") if owner == name:
                self.static_folder = self._text(value, scope)
            case ast.Attribute(value=ast.Name(id=owner), attr="static_url_path") if owner == name:
                self.static_url_path = self._text(value, scope)
            case ast.Attribute(value=ast.Name(id=owner), attr=attr) if owner == name and attr in _ATTRIBUTES:
                self._set(_ATTRIBUTES[attr], value, scope, sure)
            case ast.Subscript(value=ast.Attribute() as config, slice=ast.Constant(value=str(key))):
                if _is_config(config, name):
                    self._set(key, value, scope, sure)

    def _called(self, name: str, call: ast.Call, scope: Scope, sure: bool, depth: int) -> None:
        function = call.func
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Attribute):
            if _is_config(function.value, name):
                self._configure(function.attr, call, scope, sure)
        elif depth < _HELPER_DEPTH:
            for parameter in _passed(name, call):
                self._helper(function, call, parameter, scope, depth)

    def _helper(self, func: ast.expr, call: ast.Call, passed: ast.expr, scope: Scope, depth: int) -> None:
        """Go into `configure(app)`, a function of the tree that is given the object."""
        callee = self.follower.evaluate(func, scope)
        if not isinstance(callee.node, Function) or callee.scope is None:
            return
        given = arguments(callee.node, call, scope)
        inner = self.follower.inside(callee.node, callee.scope, given)
        for parameter in (parameter for parameter, (value, _) in given.items() if value is passed):
            self.scope(parameter, inner, depth + 1)

    # -------------------------------------------------------------------------------------- config

    def _set(self, key: str, node: ast.expr, scope: Scope, sure: bool) -> None:
        self.config[key] = literal(node, scope, self.follower) if sure else _unsure(scope, node)

    def _configure(self, how: str, call: ast.Call, scope: Scope, sure: bool) -> None:
        if how in ("update", "from_mapping"):
            if not all(_is_spelled_out(argument) for argument in call.args) or _has_stars(call):
                self._forget(how, call, scope)
            for keyword in call.keywords:
                if keyword.arg is not None:
                    self._set(keyword.arg, keyword.value, scope, sure)
            for argument in call.args:
                for key, value in _pairs(argument):
                    self._set(key, value, scope, sure)
        elif how in _LOADERS:
            loaded = self._object(call, scope) if how == "from_object" and sure else None
            if loaded is None:
                self._forget(how, call, scope)
            else:
                for key, value, home in loaded:
                    self._set(key, value, home, True)

    def _forget(self, how: str, call: ast.Call, scope: Scope) -> None:
        """After `from_pyfile`, `update(settings)` and the like every value so far may be another."""
        unknown = Unknown(f"app.config.{how} may set it", scope.code.short_span(call))
        self.config = dict.fromkeys(self.config, unknown)

    def _object(self, call: ast.Call, scope: Scope) -> list[tuple[str, ast.expr, Scope]] | None:
        """Return the settings of `from_object(Config)` for a class of the tree, bases first."""
        if len(call.args) != 1:
            return None
        thing = self.follower.named(call.args[0], scope)
        return self._class_settings(thing, 0)

    def _class_settings(self, thing: Thing, depth: int) -> list[tuple[str, ast.expr, Scope]] | None:
        if not isinstance(thing.node, ast.ClassDef) or thing.scope is None or depth > 4:
            return None
        found: list[tuple[str, ast.expr, Scope]] = []
        for base in reversed(thing.node.bases):
            inherited = self._class_settings(self.follower.evaluate(base, thing.scope), depth + 1)
            if inherited is None and not (isinstance(base, ast.Name) and base.id == "object"):
                return None
            found += inherited or []
        for name, bindings in names_of(steps(thing.node.body), thing.scope.code).bound.items():
            value = bindings[-1].value
            if name.isupper() and isinstance(value, ast.expr):
                found.append((name, value, thing.scope))
        return found

    # ----------------------------------------------------------------------------------- ProxyFix

    def wrap(self, call: ast.Call, scope: Scope, sure: bool) -> None:
        """Take one layer of middleware. One that nobody knows may do what ProxyFix does."""
        origin = self.follower.evaluate(call.func, scope).origin
        known = origin in PROXY_FIX
        if not known and (origin.rpartition(".")[2] or _last_name(call.func)) in _HARMLESS:
            return
        if not known and self.proxy_fix is not None:
            return
        at = scope.code.short_span(call)
        counts: dict[str, Value[int]] = {}
        if not known:
            why: str = "middleware other than ProxyFix"
        elif not sure:
            why = "ProxyFix is applied under a condition"
        elif "contrib" in origin or any(not keyword.arg for keyword in call.keywords):
            why = "the arguments of ProxyFix cannot be told"
        else:
            why = ""
        for name, default in _COUNTS.items():
            counts[name] = Unknown(why, at) if why else Default(default, "Werkzeug's default")
        self.proxy_fix = ProxyFix(at, counts | (self._counts(call, scope) if known and sure else {}))

    def _counts(self, call: ast.Call, scope: Scope) -> dict[str, Value[int]]:
        given = [*zip(_COUNTS, call.args[1:], strict=False)]
        given += [(word.arg, word.value) for word in call.keywords if word.arg and word.arg != "app"]
        counts: dict[str, Value[int]] = {}
        for name, node in given:
            value = literal(node, scope, self.follower)
            if isinstance(value, Known) and isinstance(value.value, int):
                counts[name] = Known(int(value.value), value.at)
            else:
                counts[name] = Unknown("not a literal number", scope.code.short_span(node))
        return counts


def _passed(name: str, call: ast.Call) -> list[ast.expr]:
    values = [*call.args, *[keyword.value for keyword in call.keywords]] if call.keywords else call.args
    return [value for value in values if isinstance(value, ast.Name) and value.id == name]


def _unsure(scope: Scope, node: ast.expr) -> Unknown:
    return Unknown("set under a condition", scope.code.short_span(node))


def _is_config(node: ast.Attribute, name: str) -> bool:
    return node.attr == "config" and isinstance(node.value, ast.Name) and node.value.id == name


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _has_stars(call: ast.Call) -> bool:
    return any(keyword.arg is None for keyword in call.keywords)


def _is_spelled_out(argument: ast.expr) -> bool:
    """Whether the keys are all there to be read: `{"X": 1}`, `dict(X=1)`."""
    match argument:
        case ast.Dict(keys=keys):
            return all(isinstance(key, ast.Constant) for key in keys)
        case ast.Call(func=ast.Name(id="dict"), args=[]):
            return not _has_stars(argument)
    return False


def _pairs(argument: ast.expr) -> list[tuple[str, ast.expr]]:
    """Return the items of `{"X": 1}` and `dict(X=1)`."""
    match argument:
        case ast.Dict(keys=keys, values=values):
            return [
                (key.value, value)
                for key, value in zip(keys, values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            ]
        case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
            return [(keyword.arg, keyword.value) for keyword in keywords if keyword.arg is not None]
    return []
