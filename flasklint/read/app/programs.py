"""Which programs of the host the application starts by their bare names."""

import ast
from collections.abc import Iterator, Sequence

from ...tree import Tree
from ...value import Known
from .glance import STARTS_PROGRAMS
from .imported import modules_of
from .modules import Module
from .names import Follower
from .scope import Scope

_MOST_FILES = 40
_STARTERS = frozenset(
    {"subprocess.run", "subprocess.Popen", "subprocess.call", "subprocess.check_call", "subprocess.check_output",
     "subprocess.getoutput", "subprocess.getstatusoutput", "os.system", "os.popen", "shutil.which"}
)  # fmt: skip
# What a distribution runs for the application unless it is told a path.
_BEHIND = {
    "pytesseract": ("tesseract", "tesseract_cmd"),
    "pdfkit": ("wkhtmltopdf", "configuration"),
    "imgkit": ("wkhtmltoimage", "config"),
    "pdf2image": ("pdftoppm", "poppler_path"),
    "pydub": ("ffmpeg", "converter"),
}


def programs(tree: Tree, search: tuple[str, ...], entry: Sequence[Module]) -> tuple[Known[str], ...]:
    """Return the bare names that the entry modules, and what they import of the tree, look up in `PATH`."""
    follower = Follower(tree, search, _MOST_FILES)
    waiting, seen = list(entry), set[str]()
    found: list[Known[str]] = []
    while waiting:
        module = waiting.pop(0)
        if module.path in seen or not module.path:
            continue
        seen.add(module.path)
        scope = follower.scope(module)
        if isinstance(scope, str):
            continue
        nodes = [node for statement in scope.body for node in ast.walk(statement)]
        for node in nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                waiting += modules_of(node, scope, follower)
        if any(word in scope.code.source.text for word in STARTS_PROGRAMS):
            found += (name for node in nodes for name in _started(node, scope, follower))
    return tuple(found)


def _started(node: ast.AST, scope: Scope, follower: Follower) -> Iterator[Known[str]]:
    match node:
        case ast.Call(func=ast.Name() | ast.Attribute() as function, args=[first, *_]):
            told = {keyword.arg for keyword in node.keywords}
            if follower.evaluate(function, scope).origin in _STARTERS and not told & {"env", "executable", None}:
                name = _first_word(first)
                if name and name.replace("-", "").replace("_", "").isalnum():
                    yield Known(name, scope.code.short_span(node))
        case ast.Import(names=aliases):
            for alias in aliases:
                yield from _behind(alias.name, node, scope)
        case ast.ImportFrom(module=str(name), level=0):
            yield from _behind(name, node, scope)


def _behind(module: str, node: ast.stmt, scope: Scope) -> Iterator[Known[str]]:
    program, told = _BEHIND.get(module.partition(".")[0], ("", ""))
    if program and told not in scope.code.source.text:
        yield Known(program, scope.code.span(node))


def _first_word(node: ast.expr) -> str:
    """The program that `["git", "log"]`, `"git log"` or f"git log {x}" starts."""
    match node:
        case ast.List(elts=[first, *_]) | ast.Tuple(elts=[first, *_]):
            return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            return text.partition(" ")[0] if " " in text else ""
        case ast.Constant(value=str(text)):
            return text.partition(" ")[0]
    return ""
