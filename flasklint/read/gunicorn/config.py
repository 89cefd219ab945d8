"""Gunicorn's config file: which one is read, and what its names come to (without running it)."""

from collections.abc import Collection, Iterator, Mapping
from posixpath import isabs, join, normpath
from types import MappingProxyType
from typing import TYPE_CHECKING

from ...facts import Command, Environment, IdleConfig, Problem, Word
from ...filenames import TEMPLATES
from ...record import Record
from ...source import Source, Span
from ...tree import Tree
from ...value import Default, Known, Unknown, Value

if TYPE_CHECKING:
    from ..evaluate import Bound

DEFAULT_FILE = "gunicorn.conf.py"
_TEMPLATES = tuple(DEFAULT_FILE + suffix for suffix in (*TEMPLATES, ".dist", ".sample", ".example"))
_FOLDERS = ("conf", "config", "configs", "deploy", "deployment", "gunicorn", "etc", "server")


class Piece(Record):
    """One text of a list setting with its place."""

    text: str
    at: Span
    fixed: bool = True


class ConfigFile(Record):
    """What a config file sets. `hidden` says why what it does not show may be set all the same."""

    source: Source | None = None
    values: Mapping[str, Value[object]] = MappingProxyType({})
    pieces: Mapping[str, tuple[Piece, ...]] = MappingProxyType({})
    hidden: Unknown | None = None
    problems: tuple[Problem, ...] = ()
    names: Mapping[str, "Bound"] = MappingProxyType({})  # all that it binds


def config_file(
    named: Word | None, command: Command, tree: Tree, folder: str | None, names: Collection[str]
) -> ConfigFile:
    """Read the config file of `-c`, else the default one of the directory that Gunicorn starts in.

    `names` are the settings there are. `folder` stands for the starting directory, before --chdir
    (gunicorn/app/base.py `load_config`).
    """
    if named is None:
        return _default(command, tree, folder, names)
    if not named.fixed:
        return ConfigFile(hidden=Unknown("the config file's name depends on a variable", named.at))
    if _is_relative(named.text) and _starts_in_root(command):
        message = f"Error: {named.text!r} doesn't exist"
        return ConfigFile(
            hidden=Unknown("the config file is looked for in /", named.at),
            problems=(Problem("gunicorn", "config-in-root", message, named.at, label="looked for in /"),),
        )
    path = _path(named.text, command, tree, folder)
    source = tree.read(path) if path is not None else None
    if source is None and (path := _surely(named.text, tree)):
        source = tree.read(path)
    if source is not None:
        return read(source, command.environment, names)
    why = Unknown(f"the config file {named.text} is not in the input", named.at)
    name = named.text.rpartition("/")[2]
    if folder is None or not _is_relative(named.text) or tree.named(name) or tree.named(f"{name}.j2"):
        return ConfigFile(hidden=why)
    near = [name for name in tree.names(folder) if "gunicorn" in name and name.endswith(".py")]
    repair = f"write {near[0]}" if len(near) == 1 else "name a file that is there"
    message = f"Error: {named.text!r} doesn't exist"
    return ConfigFile(
        hidden=why,
        problems=(Problem("gunicorn", "config-missing", message, named.at, repair=repair, label="no such file"),),
    )


def _is_relative(text: str) -> bool:
    return not isabs(text) and ":" not in text and "{" not in text


def _starts_in_root(command: Command) -> bool:
    """Whether the command starts in `/`, where nobody keeps a config file."""
    directory = command.directory
    return isinstance(directory, Default) and directory.value == "/" and not command.through_shell


def _surely(text: str, tree: Tree) -> str:
    """Return the one file of the tree that `deploy/gunicorn.conf.py` can mean, whatever folder stands for the
    directory Gunicorn starts in; "" for a bare name, which says less."""
    relative = normpath(text)
    if isabs(text) or "/" not in relative or relative.startswith("../"):
        return ""
    paths = tree.named(relative.rpartition("/")[2])
    found = [path for path in paths if path == relative or path.endswith(f"/{relative}")]
    return found[0] if len(found) == 1 else ""


def _default(command: Command, tree: Tree, folder: str | None, names: Collection[str]) -> ConfigFile:
    if _starts_in_root(command):
        return ConfigFile()
    if folder is None:
        return ConfigFile(hidden=Unknown(f"a {DEFAULT_FILE} may lie in the working directory"))
    source = tree.read(f"{folder}/{DEFAULT_FILE}" if folder else DEFAULT_FILE)
    if source is not None:
        return read(source, command.environment, names)
    if _has_template(tree):
        return ConfigFile(hidden=Unknown(f"a template of {DEFAULT_FILE} is in the input"))
    return ConfigFile()


def _has_template(tree: Tree) -> bool:
    """Whether something of the tree may become the default config file: asked once for all services."""
    question = (_has_template,)
    if question not in tree.memo:
        tree.memo[question] = any(map(tree.named, _TEMPLATES))
    found: bool = tree.memo[question]
    return found


def _path(location: str, command: Command, tree: Tree, folder: str | None) -> str | None:
    """Return the file of the tree that `-c` names, None where that cannot be told."""
    if location.startswith("python:"):
        module = location.removeprefix("python:").replace(".", "/")
        return _below(f"{module}.py", folder, tree) or _below(f"{module}/__init__.py", folder, tree)
    path = normpath(location.removeprefix("file:"))
    directory = command.directory
    if not isabs(path):
        return _below(path, folder, tree)
    if not isinstance(directory, Unknown) and directory.value not in ("", "/"):
        prefix = normpath(directory.value) + "/"
        below = _below(path.removeprefix(prefix), folder, tree) if path.startswith(prefix) else None
        if below is not None:
            return below
    base = path.rpartition("/")[2]
    found = [name for name in tree.named(base) if "gunicorn" in base or path.split("/")[-2:] == name.split("/")[-2:]]
    return found[0] if len(found) == 1 else None


def _below(path: str, folder: str | None, tree: Tree) -> str | None:
    found = normpath(join(folder, path)) if folder is not None else ""
    return found if found and tree.is_file(found) else None


def idle(command: Command, tree: Tree, folder: str, names: Collection[str]) -> Iterator[IdleConfig]:
    """Yield files that look like a configuration and have another name, or lie in a folder below.

    Only those that would set something that can be told.
    """
    for path in _candidates(tree, folder):
        source = tree.read(path)
        values = read(source, command.environment, names).values if source is not None else {}
        known = tuple((name, value) for name, value in values.items() if isinstance(value, Known))
        if source is not None and known:
            yield IdleConfig(source, path[len(folder) + 1 if folder else 0 :], known)


def _candidates(tree: Tree, folder: str) -> Iterator[str]:
    for name in tree.names(folder):
        if name in _FOLDERS:
            path = f"{folder}/{name}" if folder else name
            yield from (f"{path}/{inner}" for inner in tree.names(path) if _is_config(inner))
        elif _is_config(name) and name != DEFAULT_FILE:
            yield f"{folder}/{name}" if folder else name


def _is_config(name: str) -> bool:
    return name.endswith(".py") and "gunicorn" in name.lower() and "test" not in name


# ------------------------------------------------------------------------------------ the content


def read(source: Source, environment: Environment, names: Collection[str]) -> ConfigFile:
    """Return what a config file sets, told from its syntax."""
    from ..evaluate import Scope
    from ..expressions import Opaque
    from ..syntax import code_of

    code = code_of(source)
    if code.body is None:
        return _unparsed(source, code.error)
    scope = Scope(source, environment)
    scope.run(code.body)
    values: dict[str, Value[object]] = {}
    pieces: dict[str, tuple[Piece, ...]] = {}
    for name, bound in scope.names.items():
        if name not in names:
            continue
        value = bound.value
        if isinstance(value, Opaque):
            value = Unknown(f"{name} is a {value.kind}", bound.at)
        values[name] = value if isinstance(value, Unknown) else Known(value, bound.at)
        pieces[name] = _pieces(value, bound.at, _elements(scope, bound.node))
    hidden = Unknown(f"{scope.tainted} in {source.path}", source.whole()) if scope.tainted else None
    return ConfigFile(source, values, pieces, hidden, names=scope.names)


def _unparsed(source: Source, error: SyntaxError | None) -> ConfigFile:
    """What is known of a file that Python refuses, or (without `error`) that only a newer Python reads."""
    if "{{" in source.text or "{%" in source.text:
        return ConfigFile(source, hidden=Unknown("the config file is a template", source.whole()))
    at = source.line_span(error.lineno or 1) if error else source.whole()
    hidden = Unknown("the config file is no valid Python", at)
    if error is None:
        return ConfigFile(source, hidden=hidden)
    message = f"Failed to read config file: SyntaxError: {error.msg}"
    return ConfigFile(source, hidden=hidden, problems=(Problem("python", "config-invalid", message, at),))


def _elements(scope: object, node: object) -> tuple[Span, ...]:
    import ast

    from ..evaluate import Scope, span_of

    if isinstance(node, (ast.List, ast.Tuple)) and isinstance(scope, Scope):
        return tuple(span_of(scope.source, element) for element in node.elts)
    return ()


def _pieces(value: object, at: Span, places: tuple[Span, ...]) -> tuple[Piece, ...]:
    if isinstance(value, str):
        return (Piece(value.strip(), at),) if value else ()
    if isinstance(value, Unknown) or not isinstance(value, (list, tuple)):
        return ()
    exact = len(places) == len(value)
    return tuple(
        Piece(text.strip(), places[index] if exact else at) for index, text in enumerate(value) if isinstance(text, str)
    )
