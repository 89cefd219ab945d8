"""From a WSGI spec to the callable it names and what is known of it."""

import ast
from functools import partial
from typing import Any, Literal

from ...facts import App
from ...source import Span
from ...stdlib import is_standard
from ...tree import Tree
from ...value import Known
from .asked import Asked, Once
from .callables import (
    has_factory_name,
    is_decorated,
    is_view,
    misfit,
    misfit_as_wsgi,
    returns,
    takes_wsgi_arguments,
)
from .flask import flask_facts
from .glance import glance
from .modules import Missing, Module, find, parents
from .names import Follower
from .rebound import hidden, rebound
from .scope import Function, Scope
from .spec import parse
from .thing import Thing

_State = Literal["found", "no-module", "no-import", "no-attribute", "no-call", "refused", "unknown"]


class Resolver:
    """Resolves one spec; see `entry.resolve`, which hands it on."""

    def __init__(
        self, spec: Known[str], tree: Tree, search: tuple[str, ...], server: str, call: bool, certain: bool
    ) -> None:
        self.spec = spec
        self.server = server
        self.certain = certain
        self.tree = tree
        self.parsed = parse(spec.value, server, search, tree)
        if self.parsed.folder is not None:
            search = tuple(dict.fromkeys((self.parsed.folder, *search)))
        self.search = search
        self.called = call or self.parsed.called
        self.follower = Follower(tree, search)
        self.entry: list[Module] = []  # what the server imports
        self.glance = Once(partial(glance, tree, search, self.entry))

    def app(self) -> App:
        parsed = self.parsed
        if parsed.why:
            return self._app("refused" if parsed.refusal else "unknown", why=parsed.refusal or parsed.why)
        module = find(parsed.module, self.tree, self.search)
        attributes = parsed.attributes
        if self.server == "waitress" and ":" not in self.spec.value:
            module, attributes = self._longest(module, attributes)
        if isinstance(module, Missing):
            return self._no_module(module)
        self.entry += (*parents(module.name, self.tree, self.search), module)
        for parent in self.entry[:-1]:
            self.follower.scope(parent)
        if not module.path:
            return self._app("unknown", why=f"{module.name} is a namespace package")
        scope = self.follower.scope(module)
        if isinstance(scope, str):
            return self._app("unknown", module=self.tree.read(module.path), why=scope)
        if self.certain and self.server in ("gunicorn", "waitress") and not self.glance().sound:
            from .importing import failure  # most applications have nothing wrong in their imports

            failed = failure(self.tree, self.search, self.entry)
            if failed:
                return self._app("no-import", missing=failed.missing, why=failed.why, made_at=failed.at)
        if attributes:
            return self._named(attributes, scope)
        if self.server == "flask":
            return self._discovered(scope)
        return self._app("unknown", module=scope.code.source, why="the spec names a module")

    def _longest(self, module: Module | Missing, rest: tuple[str, ...]) -> tuple[Module | Missing, tuple[str, ...]]:
        """`a.b.c` without a colon: as many parts as are modules, then attributes."""
        while rest and isinstance(module, Module):
            deeper = find(f"{module.name}.{rest[0]}", self.tree, self.search)
            if isinstance(deeper, Missing):
                break
            module, rest = deeper, rest[1:]
        return module, rest

    def _no_module(self, missing: Missing) -> App:
        top = missing.name.partition(".")[0]
        why = missing.why
        if not self.certain:
            why = why or "the folder it is started in is not certain"
        elif is_standard(top):
            why = why or f"Python's standard library has a module {top}"
        elif not any(self.tree.is_folder(folder) and self.tree.names(folder) for folder in self.search):
            why = why or "the folder it is started in is not part of the input"
        return self._app("unknown" if why else "no-module", missing=missing.name, why=why)

    # ---------------------------------------------------------------------------------- attributes

    def _named(self, attributes: tuple[str, ...], scope: Scope) -> App:
        thing = self.follower.lookup(attributes[0], scope)
        for name in attributes[1:]:
            thing = self._attribute_of(thing, name, scope)
        return self._judge(thing, scope)

    def _attribute_of(self, thing: Thing, name: str, scope: Scope) -> Thing:
        if thing.kind == "module" and thing.module is not None:
            return self.follower.attribute(thing.module, name)
        if thing.flask and name == "wsgi_app":
            return thing._replace(kind="other")
        return thing if thing.kind in ("absent", "unknown") else Thing("other", scope)

    def _judge(self, thing: Thing, scope: Scope) -> App:
        """Say what a thing comes to as the callable of a server."""
        match thing.kind:
            case "unknown":
                return self._app("unknown", module=scope.code.source, why=thing.why)
            case "absent":
                return self._absent(thing, scope)
            case "module":
                return self._app(
                    "no-attribute", module=scope.code.source, why="it is a module, not a callable",
                    missing=self.parsed.attributes[-1] if self.parsed.attributes else "",
                    candidates=self._candidates(scope),
                )  # fmt: skip
            case "function" if isinstance(thing.node, Function) and thing.scope is not None:
                return self._function(thing, thing.node, thing.scope, scope)
        return self._found(thing, scope, _kind(thing))

    def _absent(self, thing: Thing, scope: Scope) -> App:
        lacking = thing.scope or scope
        why = thing.why
        if lacking is not scope and not why:
            why = f"imported from there by {scope.code.source.path}"
        return self._app(
            "no-attribute", module=lacking.code.source, made_at=thing.at, missing=thing.name, why=why,
            candidates=self._candidates(lacking),
        )  # fmt: skip

    def _function(self, thing: Thing, function: Function, home: Scope, scope: Scope) -> App:
        """A function: called by the server or not, and meant for that or not."""
        if is_view(function):
            app = self._found(thing, scope, "view")
            hides = hidden(function.name, home, self.follower)
            return app._replace(why=misfit_as_wsgi(function), rebound=hides, candidates=self._candidates(scope))
        if self.called or self.server == "flask":
            why = misfit(function, self.parsed.call) if self._is_plain_call(function) else ""
            if why:
                return self._app("refused", module=scope.code.source, made_at=home.code.span(function), why=why)
            result = self.follower.returned(function, home)
            return self._found(result, scope, "factory", home.code.span(function))
        if is_decorated(function) or isinstance(function, ast.AsyncFunctionDef):
            return self._found(thing, scope, "function")
        result = self.follower.returned(function, home)
        named_so = has_factory_name(function) and not takes_wsgi_arguments(function)
        if (named_so and returns(function)) or result.kind == "flask":
            app = self._found(result, scope, "function", home.code.span(function))
            return app._replace(state="no-call", why=misfit(function, None))
        return self._found(thing, scope, "function")

    def _is_plain_call(self, function: Function) -> bool:
        """Whether the server calls the function itself, with the arguments that are written."""
        return self.server in ("gunicorn", "waitress") and not is_decorated(function)

    # ----------------------------------------------------------------------------- flask's search

    def _discovered(self, scope: Scope) -> App:
        """Search a module as `flask.cli.find_best_app` does: app, application, the only Flask
        object, then create_app or make_app."""
        unsure = "a star import may bring the application" if scope.names.stars else ""
        for name in ("app", "application", *scope.names.bound, "create_app", "make_app"):
            thing = self.follower.lookup(name, scope)
            if thing.kind == "flask":
                return self._found(thing, scope, "flask")
            if thing.kind == "function" and name in ("create_app", "make_app"):
                return self._judge(thing, scope)
            if thing.kind in ("other", "unknown", "foreign") and not _is_plain_import(thing):
                unsure = unsure or f"{name} may be the application"
        if unsure:
            return self._app("unknown", module=scope.code.source, why=unsure)
        candidates = self._candidates(scope)
        return self._app("no-attribute", module=scope.code.source, missing="app", candidates=candidates)

    # ------------------------------------------------------------------------------------ answers

    def _found(self, thing: Thing, scope: Scope, kind: str, at: Span | None = None) -> App:
        facts = flask_facts(thing, self.follower)
        return self._app(
            "found", module=scope.code.source, made_at=at or _made_at(thing), kind=kind,
            static_folder=facts.static_folder, static_url_path=facts.static_url_path,
            proxy_fix=facts.proxy_fix, config=facts.config, rebound=rebound(thing.aliases, self.follower),
        )  # fmt: skip

    def _app(self, state: _State, **known: Any) -> App:
        """Make the answer, with what holds of every answer."""
        runs = self._runs()
        read = tuple(code.source for code in self.follower.files.values())
        made_at = known.get("made_at") if state == "found" else None
        asked = Asked(self.follower, self.entry, made_at, self.glance)
        return App(
            state, self.spec, read=read, runs_at_import=runs, reads=asked.reads, programs=asked.programs,
            needs=asked.needs, lacks=asked.lacks, may_need=asked.may_need, **known,
        )  # fmt: skip

    def _candidates(self, scope: Scope) -> tuple[Known[str], ...]:
        """Return the WSGI callables of a module; where there is none, calls of its factories."""
        objects, calls = [], []
        for name, bindings in scope.names.bound.items():
            thing = self.follower.lookup(name, scope)
            place = scope.code.span(bindings[-1].at)
            if thing.flask:
                objects.append(Known(name, place))
            elif self._is_factory(thing):
                calls.append(Known(f"{name}()", place))
        return tuple(objects or calls)

    def _is_factory(self, thing: Thing) -> bool:
        if not isinstance(thing.node, Function) or thing.scope is None or thing.node.decorator_list:
            return False
        return self.follower.returned(thing.node, thing.scope).flask is not None

    def _runs(self) -> tuple[Span, ...]:
        """Return the calls that start a server while the modules read so far are imported."""
        found = []
        for scope in self.follower.opened():
            text = scope.code.source.text
            if "run(" in text or "serve" in text:
                found += [scope.code.short_span(call) for call in _calls(scope) if self._starts(call, scope)]
        return tuple(found)

    def _starts(self, call: ast.Call, scope: Scope) -> bool:
        """Tell whether a call is `app.run()`, `socketio.run(app)`, `serve(app)` or its like."""
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("run", "serve_forever"):
            owner = self.follower.evaluate(call.func.value, scope)
            wanted = "flask_socketio.SocketIO" if call.func.attr == "run" else "gevent.pywsgi.WSGIServer"
            return (owner.kind == "flask" and call.func.attr == "run") or owner.origin == wanted
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        return name == "serve" and self.follower.evaluate(call.func, scope).origin == "waitress.serve"


def _calls(scope: Scope) -> list[ast.Call]:
    """Return the calls that stand alone at a module's own level and surely run."""
    return [
        statement.value
        for statement, sure, never in scope.steps
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call) and sure and not never
    ]


def _kind(thing: Thing) -> str:
    if thing.origin.startswith("django."):
        return "django"
    return thing.kind if thing.kind in ("flask", "class", "function") else "other"


def _is_plain_import(thing: Thing) -> bool:
    """Tell of names that are certainly no Flask object: what Flask itself exports, whole packages."""
    return thing.kind == "foreign" and (thing.origin.startswith("flask.") or "." not in thing.origin)


def _made_at(thing: Thing) -> Span | None:
    if thing.node is None or thing.scope is None:
        return None
    if thing.flask:
        call, scope = thing.flask
        return scope.code.short_span(call)
    if isinstance(thing.node, ast.expr):
        return thing.scope.code.short_span(thing.node)
    return thing.scope.code.span(thing.node)
