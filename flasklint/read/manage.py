"""`python manage.py run`: a script that is the command line of Flask or of Flask-Script."""

import ast

from ..facts import Bind, Command, ServerFacts
from ..tree import Tree
from ..value import Default, Unknown
from .devserver import read_flask
from .evaluate import span_of
from .reached import Walk

# What makes the object that is called: its methods that read the command line ("" is the object itself),
# and the argument that starts the development server.
_STARTS = {"FlaskGroup": (("", "main"), "run"), "Manager": (("run",), "runserver")}
# Options of Flask-Script 2.0 that `flask run` has by another name, or not at all.
_RENAMED = {"runserver": "run", "-d": "--debug", "-D": "--no-debug", "-r": "--reload", "-R": "--no-reload"}
_ABSENT = frozenset({"--threaded", "--passthrough-errors", "-?"})


def from_call(walk: Walk, node: ast.Call, command: Command, tree: Tree) -> ServerFacts | None:
    """Return the development server where `cli()` or `manager.run()` is reached and the command asks for it.

    Flask's own group takes the options of `flask run`; so does Flask-Script, but for `-d` and its like.
    """
    on, method = (node.func.value, node.func.attr) if isinstance(node.func, ast.Attribute) else (node.func, "")
    methods, verb = _STARTS.get(walk.maker(on), ((), ""))
    start = next((i for i, word in enumerate(command.words) if word.text.endswith(".py")), 0)
    words = command.words[start:]
    if method not in methods or len(words) < 2 or words[1].text != verb:
        return None
    module = walk.scope.source
    folder = tree.relative(module.real)
    if verb == "runserver":
        words = tuple(w._replace(text=_RENAMED.get(w.text, w.text)) for w in words if w.text not in _ABSENT)
    facts = read_flask(command._replace(words=words), tree, folder.rpartition("/")[0] if folder else None)
    facts = facts._replace(at=span_of(module, node), spec=Unknown("made by the script"), problems=(), in_code=True)
    if verb == "run":
        return facts
    settings = dict(facts.settings)
    if isinstance(settings["debug"], Default):
        settings["debug"] = Unknown("may be set in the application's configuration")
    if "Server(" in module.text:
        facts = facts._replace(binds=(Bind(Unknown("an address of the script's own"), "", None),))
    return facts._replace(settings=settings)
