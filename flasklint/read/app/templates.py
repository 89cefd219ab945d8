"""Templates that views render by a literal name, and that the tree does not hold.

Flask looks for them in `templates` beside the module that makes the application, or in its `template_folder`, then in
those of the blueprints (Flask 3.1, `flask/templating.py`). Loaders, extensions and packages' blueprints bring others.
"""

import ast
from collections.abc import Iterator, Sequence
from posixpath import basename, dirname, join, normpath

from ...facts import Rendered
from ...filenames import TEMPLATES
from ...tree import Tree
from ...value import Known
from .callables import decorator_name
from .imported import modules_of, surely
from .modules import Missing, Module, find
from .names import Follower
from .scope import Function, Scope

_MOST_FILES = 40
_ROUTES = frozenset({"route", "get", "post", "put", "delete", "patch"})
# Words of a module that finds its templates elsewhere, or does without one.
_ELSEWHERE = ("Loader", "jinja_", ".template_folder", "TemplateNotFound")
# Extensions that hold no template which an application would name.
_BARE = frozenset(
    {"flask", "flask_apscheduler", "flask_babel", "flask_bcrypt", "flask_caching", "flask_compress", "flask_cors",
     "flask_executor", "flask_httpauth", "flask_jwt_extended", "flask_limiter", "flask_login", "flask_mail",
     "flask_marshmallow", "flask_migrate", "flask_moment", "flask_mysqldb", "flask_pymongo", "flask_redis",
     "flask_restful", "flask_script", "flask_seasurf", "flask_session", "flask_socketio", "flask_sock",
     "flask_sqlalchemy", "flask_sslify", "flask_talisman", "flask_uploads", "flask_wtf"}
)  # fmt: skip


def lacking(
    tree: Tree, search: tuple[str, ...], entry: Sequence[Module], rendered: frozenset[str], foreign: frozenset[str]
) -> tuple[Rendered, ...]:
    """Return what views render of the names `rendered` without a file of that name anywhere in the tree.

    `foreign` are the packages that are imported. Nothing is told where one of them may bring templates, or where a
    module cannot be read, sets a loader, speaks of templates otherwise, or there is not exactly one application.
    """
    names = frozenset(name for name in rendered if not _is_there(basename(name), tree))
    if not names or any("flask" in package and package not in _BARE for package in foreign):
        return ()
    follower = Follower(tree, search, _MOST_FILES)
    modules = _imported(entry, follower)
    made = [call for module in modules for call in module.calls("Flask")]
    folder = next((module.folder(made[0]) for module in modules if made and made[0] in module.nodes), None)
    if len(made) != 1 or folder is None or tree.is_hidden(folder) or any(module.is_open for module in modules):
        return ()
    registered = frozenset(name for module in modules for name in module.registered)
    folders = frozenset((folder, *(each for module in modules for each in module.folders)))
    holds = any(path.startswith(f"{folder}/") for path in tree.paths)
    return tuple(
        Rendered(name, view.name, folder, holds, sure)
        for module in modules
        for view, name, sure in module.rendered(names, registered)
        if not any(tree.is_hidden(f"{each}/{name.value}") for each in folders)
    )


def _is_there(name: str, tree: Tree) -> bool:
    """Whether a file of the tree bears the name, or is what the file is made of."""
    return any(tree.named(f"{name}{suffix}") for suffix in ("", *TEMPLATES))


def _imported(entry: Sequence[Module], follower: Follower) -> list["_Module"]:
    """The entry modules and what they import of the tree; none at all if one of them cannot be read."""
    waiting, seen = list(entry), set[str]()
    found: list[_Module] = []
    while waiting:
        module = waiting.pop(0)
        if module.path in seen or not module.path:
            continue
        seen.add(module.path)
        scope = follower.scope(module)
        if isinstance(scope, str):
            return []
        found.append(_Module(scope, follower))
        waiting += (inner for node in found[-1].imports for inner in modules_of(node, scope, follower))
    return found


class _Module:
    """One module, with all that is written in it."""

    def __init__(self, scope: Scope, follower: Follower) -> None:
        self.scope = scope
        self.follower = follower
        self.nodes = [node for statement in scope.body for node in ast.walk(statement)]
        self.imports = [node for node in self.nodes if isinstance(node, ast.Import | ast.ImportFrom)]

    def calls(self, name: str) -> list[ast.Call]:
        return [node for node in self.nodes if isinstance(node, ast.Call) and _last_name(node.func) == name]

    def folder(self, call: ast.Call) -> str | None:
        """The tree's folder of the templates of `Flask(...)`, None where that cannot be told."""
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        plain = not given.keys() & {None, "root_path", "import_name"} and len(call.args) == 1
        if not plain or not isinstance(call.args[0], ast.Name) or call.args[0].id != "__name__":
            return None
        return self._beside(given.get("template_folder", ast.Constant("templates"))) or None

    def _beside(self, name: ast.expr) -> str:
        """The tree's folder that is meant by one below the module's own, "" where that cannot be told."""
        value = _text(name)
        if not value.strip("./") or value.startswith("/") or ".." in value:
            return ""
        return normpath(join(dirname(self.scope.module.path), value))

    @property
    def is_open(self) -> bool:
        """Whether templates may come from elsewhere, or be written by the application itself."""
        named = self._named_folders()
        spoken = (_text(node) for node in self.nodes if node not in named)
        return (
            any(word in self.scope.code.source.text for word in _ELSEWHERE)
            or not all(self.folders)
            or any("templates" in text for text in spoken)
            or not all(map(self._is_of_the_tree, self._blueprints()))
        )

    @property
    def folders(self) -> list[str]:
        """The tree's folders of templates that the application and blueprints of this module name."""
        return [self._beside(name) for name in self._named_folders()]

    def _named_folders(self) -> list[ast.expr]:
        calls = (node for node in self.nodes if isinstance(node, ast.Call))
        return [word.value for call in calls for word in call.keywords if word.arg == "template_folder"]

    def _blueprints(self) -> list[ast.expr]:
        return [argument for call in self.calls("register_blueprint") for argument in call.args[:1]]

    @property
    def registered(self) -> frozenset[str]:
        return frozenset(map(_last_name, self._blueprints()))

    def _is_of_the_tree(self, blueprint: ast.expr) -> bool:
        """Whether a blueprint is made in this module, or imported from another of the tree."""
        root = blueprint.value if isinstance(blueprint, ast.Attribute) else blueprint
        name = root.id if isinstance(root, ast.Name) else ""
        for node in self.imports:
            for alias in node.names:
                if name and (alias.asname or alias.name.partition(".")[0]) == name:
                    return isinstance(self._home(node, alias), Module)
        return any(name in _targets(node) for node in self.nodes) and bool(self.calls("Blueprint"))

    def _home(self, node: ast.Import | ast.ImportFrom, alias: ast.alias) -> Module | Missing:
        if isinstance(node, ast.ImportFrom):
            return self.follower.from_module(node, self.scope)[0]
        return find(alias.name, self.follower.tree, self.follower.search)

    def rendered(
        self, names: frozenset[str], registered: frozenset[str]
    ) -> Iterator[tuple[Function, Known[str], bool]]:
        """Views, the name that each renders, and whether it does so for every visitor."""
        for view in self.nodes:
            if not isinstance(view, Function) or not (owners := _routed(view)):
                continue
            served = len(owners) == len(view.decorator_list) and self._is_served(owners, registered)
            always = frozenset(surely(view.body)) if served else frozenset()
            for node in ast.walk(view):
                match node:
                    case ast.Call(func=ast.Name(id="render_template") as function, args=[first, *_]):
                        if _text(first) in names and self._is_of_flask(function):
                            yield view, Known(_text(first), self.scope.code.span(first)), node in always

    def _is_of_flask(self, function: ast.Name) -> bool:
        return self.follower.evaluate(function, self.scope).origin == "flask.render_template"

    def _is_served(self, owners: list[ast.Name], registered: frozenset[str]) -> bool:
        """Whether a view is the application's, or that of a blueprint which is registered."""
        made = {name for node in self.nodes for name in _targets(node) if _last_name(_maker(node)) == "Flask"}
        return all(
            owner.id in made or owner.id in registered or self.follower.evaluate(owner, self.scope).kind == "flask"
            for owner in owners
        )


def _routed(function: Function) -> list[ast.Name]:
    """The `app` of each `@app.route(...)`."""
    calls = [
        one.func for one in function.decorator_list if isinstance(one, ast.Call) and decorator_name(one) in _ROUTES
    ]
    return [one.value for one in calls if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name)]


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _targets(node: ast.AST) -> list[str]:
    return (
        [target.id for target in node.targets if isinstance(target, ast.Name)] if isinstance(node, ast.Assign) else []
    )


def _maker(node: ast.AST) -> ast.expr:
    made = node.value if isinstance(node, ast.Assign) else ast.Constant(None)
    return made.func if isinstance(made, ast.Call) else made


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
