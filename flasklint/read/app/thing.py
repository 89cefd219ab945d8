"""What a name or an expression of the application's source comes to."""

import ast
from typing import Literal

from ...record import Record
from ...source import Span
from .modules import Module
from .scope import Scope

FLASK_CLASSES = frozenset({"flask.Flask", "flask.app.Flask", "apiflask.APIFlask", "flask_openapi3.OpenAPI"})
PROXY_FIX = frozenset({"werkzeug.middleware.proxy_fix.ProxyFix", "werkzeug.contrib.fixers.ProxyFix"})


class Thing(Record):
    """What a name or an expression comes to.

    `kind`: "flask", "function", "class", "module", "constant", "other" (an object nobody can tell
    more of), "foreign" (a name of a package outside the tree, `origin` is its dotted path), "unknown"
    (`why`), "absent" (`why`; `scope` is the module that lacks it).
    `flask` is the call that makes the Flask object at its heart, `wraps` the ProxyFix calls around
    it, `aliases` the names it goes by, innermost first.
    """

    kind: Literal["flask", "function", "class", "module", "constant", "other", "foreign", "unknown", "absent"]
    scope: Scope | None = None
    node: ast.expr | ast.stmt | None = None
    why: str = ""
    origin: str = ""
    module: Module | None = None
    flask: tuple[ast.Call, Scope] | None = None
    wraps: tuple[tuple[ast.Call, Scope], ...] = ()
    aliases: tuple[tuple[str, Scope], ...] = ()
    name: str = ""  # of what is absent
    at: Span | None = None  # a binding that an import does not reach


def either(*things: Thing) -> Thing:
    """Choose what tells most: a Flask object, then anything that is no constant."""
    if len(things) == 1:
        return things[0]
    flask = next((thing for thing in things if thing.flask), None)
    return flask or next((thing for thing in things if thing.kind not in ("constant", "absent")), things[0])
