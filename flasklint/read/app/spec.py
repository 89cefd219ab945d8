"""What an application spec such as `shop.wsgi:create_app("prod")` asks for, server by server.

* gunicorn: `gunicorn.util.import_app`, the same from 20.1 to 27: one name, or one call with literal
  arguments; `application` where nothing is written.
* waitress: `pkgutil.resolve_name` since 3.0: dotted attributes, never a call; `--call` calls the result.
* flask: `flask.cli.locate_app`: a module, a path, a name or a call; without a name it searches.
* uWSGI: `application` where nothing is written; `module:factory()` works.
"""

import ast
from collections.abc import Sequence
from keyword import iskeyword

from ...record import Record
from ...tree import Tree
from ...value import has_hole


class Spec(Record):
    """`attributes` is empty where the server has to search for the callable itself.

    `path` says that the module was written as the path of a file; `folder` is where the module then
    lies. `why` is set where the server would not take the spec, or where it cannot be told; `refusal`
    is what it says where it surely would not. `call` has the arguments of a call that is written out.
    """

    module: str
    attributes: tuple[str, ...] = ()
    called: bool = False
    why: str = ""
    folder: str | None = None
    refusal: str = ""
    call: ast.Call | None = None


def parse(text: str, server: str, search: Sequence[str], tree: Tree) -> Spec:
    """Take a spec apart as the server does."""
    if has_hole(text):
        return Spec(text, why="the spec is a template")
    if server == "flask":
        return _flask(text, search, tree)
    module, colon, name = text.partition(":")
    if server == "waitress":
        return _waitress(module, colon, name)
    if server == "uwsgi" and module.endswith(".py") and search:
        module, folder = _path(module, search[0], tree)
        return _expression(module, name if colon else "application", folder)
    if not colon:
        return Spec(module, ("application",))
    spec = _expression(module, name, None)
    if server == "gunicorn" and len(spec.attributes) > 1:
        why = "gunicorn takes no dotted attribute"
        return Spec(module, why=why, refusal=f"Failed to parse '{name}' as an attribute name or function call.")
    if server == "gunicorn" and spec.why and _is_call(name):
        return spec._replace(refusal=f"Failed to parse arguments as literal values: '{name}'")
    return spec


def _is_call(text: str) -> bool:
    """Whether it is a call of a plain name."""
    try:
        node = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


def _waitress(module: str, colon: str, name: str) -> Spec:
    if not colon:
        first, _, rest = module.partition(".")
        why = "it names a module, not the application in it: every request is answered with 500"
        return Spec(first, tuple(rest.split("."))) if rest else Spec(first, why=why, refusal=why)
    if not all(part.isidentifier() for part in name.split(".")):
        why = "waitress-serve takes a dotted name after the colon"
        return Spec(module, why=why, refusal=f"{why}, and no call" if name.endswith(")") else "")
    return Spec(module, tuple(name.split(".")))


def _expression(module: str, name: str, folder: str | None) -> Spec:
    """Read `app`, `app.wsgi` or `create_app("x")` with literal arguments."""
    if name.isidentifier() and not iskeyword(name):
        return Spec(module, (name,), folder=folder)
    unread = Spec(module, why="it is neither a name nor a call with literal arguments", folder=folder)
    try:
        node = ast.parse(name, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return unread
    call = node if isinstance(node, ast.Call) else None
    if isinstance(node, ast.Call):
        try:
            for value in (*node.args, *(keyword.value for keyword in node.keywords)):
                ast.literal_eval(value)
        except (ValueError, RecursionError, MemoryError, TypeError):
            return unread
        node = node.func
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return unread
    return Spec(module, (node.id, *reversed(names)), call is not None, folder=folder, call=call)


def _flask(text: str, search: Sequence[str], tree: Tree) -> Spec:
    home = search[0] if search else ""
    if not text:
        base = f"{home}/" if home else ""
        text = next((name for name in ("wsgi.py", "app.py") if tree.is_file(base + name)), "wsgi.py")
    path, _, name = text.partition(":")
    module, folder = _path(path, home, tree)
    if not name:
        return Spec(module, folder=folder)
    spec = _expression(module, name, folder)
    return spec._replace(why="flask takes no dotted attribute") if len(spec.attributes) > 1 else spec


def _path(path: str, home: str, tree: Tree) -> tuple[str, str | None]:
    """Turn a path into a module and the folder it is imported from, as `flask.cli.prepare_import`
    does: up while there is an `__init__.py`."""
    if path.startswith(("/", "~")):
        return path, None
    path = path.removeprefix("./").removesuffix(".py").removesuffix("/__init__").strip("/")
    folder, _, name = (f"{home}/{path}" if home else path).rpartition("/")
    parts = [name]
    while folder and tree.is_file(f"{folder}/__init__.py"):
        folder, _, parent = folder.rpartition("/")
        parts.insert(0, parent)
    return ".".join(parts), folder
