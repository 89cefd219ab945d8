"""A script that makes a Flask object and ends: `app.run()` was forgotten, or nobody meant it to be started."""

import ast

from ..source import Source, Span
from ..tree import Tree
from .evaluate import span_of
from .syntax import code_of

# Words of what may serve all the same, wherever they stand in the file.
_SERVING = ("run(", "serve", "listen(", "start(", "Popen", "exec(", "execv", "system(", "import_module", "__import__")


def unserved(module: Source, path: str, tree: Tree) -> Span | None:
    """Return where a script at `path` of the tree makes the Flask object that it never serves.

    None where it makes none, or where it or another file of the tree that it imports may serve.
    """
    if any(word in module.text for word in _SERVING):
        return None
    body = code_of(module).body
    if body is None:
        return None
    nodes = (node for statement in body for node in ast.walk(statement))
    imported = [node for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))]
    if any(_is_of_tree(node, path.rpartition("/")[0], tree) for node in imported):
        return None
    made = (node for node in body if isinstance(node, ast.Assign) and _makes_flask(node.value))
    return next((span_of(module, node) for node in made), None)


def _is_of_tree(node: ast.Import | ast.ImportFrom, folder: str, tree: Tree) -> bool:
    if isinstance(node, ast.ImportFrom):
        names = [node.module or ""]
        if node.level:
            return True
    else:
        names = [alias.name for alias in node.names]
    tops = [f"{folder}/{name.partition('.')[0]}".lstrip("/") for name in names]
    return any(tree.is_file(f"{top}.py") or tree.is_folder(top) for top in tops)


def _makes_flask(value: ast.expr) -> bool:
    if not isinstance(value, ast.Call):
        return False
    made = value.func
    return (isinstance(made, ast.Name) and made.id == "Flask") or (
        isinstance(made, ast.Attribute) and made.attr == "Flask"
    )
