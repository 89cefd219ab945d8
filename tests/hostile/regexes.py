"""Every regular expression of flasklint and its rules, from the source, and texts that may be the worst for each."""

import ast
import importlib
import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, NamedTuple

from .child import ROOT

_PARSER: Any = importlib.import_module("re._parser")
_CALLS = frozenset({"compile", "match", "search", "fullmatch", "finditer", "findall", "sub", "subn", "split"})
# What stands for the local names that patterns are put together from.
_LOCALS = {
    "name": "gunicorn", "names": "pip|apt", "variable": "SECRET_KEY", "file": "shop.env", "folder": "/srv/shop", "quote": '"',
    "skip": rb"\s*", "blocks": "server|http", "known": ["listen", "root"],
}  # fmt: skip


class Found(NamedTuple):
    where: str
    pattern: "re.Pattern[Any]"


def collect() -> Iterator[Found]:
    """Every pattern that a call of `re` is given, with its flags."""
    for path in sorted((*ROOT.glob("flasklint/**/*.py"), *ROOT.glob("rules/*.py"))):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _is_re(node.func):
                yield from _patterns(node, name)


def _is_re(called: ast.expr) -> bool:
    return isinstance(called, ast.Attribute) and ast.unparse(called.value) == "re" and called.attr in _CALLS


def _patterns(call: ast.Call, module: str) -> Iterator[Found]:
    assert isinstance(call.func, ast.Attribute)
    given = [ast.unparse(keyword.value) for keyword in call.keywords if keyword.arg == "flags"]
    if call.func.attr == "compile":
        given += [ast.unparse(one) for one in call.args[1:2]]
    first = call.args[0]
    choices = first.value.values if isinstance(first, ast.Subscript) and isinstance(first.value, ast.Dict) else [first]
    for number, choice in enumerate(choices):
        where = f"{module}:{call.lineno}" + f"/{number}" * bool(number)
        scope = {**_names(module), **_LOCALS, "re": re}
        pattern = _evaluated(ast.unparse(choice), scope)
        flags = _evaluated(given[0], scope) if given else 0
        if pattern is not None:
            yield Found(where, re.compile(pattern, flags or 0))


def _names(module: str) -> dict[str, Any]:
    """What is defined in a module; nothing where a package that is not needed is not installed."""
    try:
        return vars(importlib.import_module(module))
    except ModuleNotFoundError:
        return {}


def _evaluated(text: str, scope: dict[str, Any]) -> Any:
    """None for what is put together from other local names than `_LOCALS`."""
    try:
        return eval(text, scope)
    except (NameError, AttributeError):
        return None


def worst(pattern: "re.Pattern[Any]", size: int) -> Iterator[Any]:
    """Long runs of each character that the pattern tells from others, of pairs of them, and of its own words."""
    source = pattern.pattern
    text = source if isinstance(source, str) else source.decode("latin-1")
    parsed = _PARSER.parse(text, pattern.flags & ~re.LOCALE)
    characters = list(dict.fromkeys(_characters(parsed)))
    words = [word for word in dict.fromkeys(_words(parsed)) if len(word) > 1]
    pairs = [one + other for one, other in product(characters[:9], repeat=2) if one != other]
    starts = ["", *words[:4], *(word + each for word in words[:2] for each in characters[:4])]
    for piece in (*characters, *pairs, *words, *(word + each for word in words[:8] for each in characters[:6])):
        for start in starts if len(piece) == 1 else [""]:
            made = start + (piece * (size // len(piece)))[: size - len(start) - 1] + "\x01"
            yield made if isinstance(source, str) else made.encode("latin-1", "replace")


def _characters(parsed: Iterable[Any]) -> Iterator[str]:
    """One character of each class and each literal."""
    for operator, argument in parsed:
        name = str(operator)
        if name == "LITERAL" or name == "NOT_LITERAL":
            yield chr(argument) if name == "LITERAL" else "a"
        elif name == "ANY":
            yield "a"
        elif name == "IN":
            yield from _of_class(argument)
        else:
            for inner in _inside(argument):
                yield from _characters(inner)


def _of_class(members: Iterable[Any]) -> Iterator[str]:
    negated = False
    for operator, argument in members:
        name = str(operator)
        if name == "NEGATE":
            negated = True
        elif name == "LITERAL":
            yield chr(argument)
        elif name == "RANGE":
            yield chr(argument[0])
        elif name == "CATEGORY":
            yield {"DIGIT": "1", "SPACE": " ", "WORD": "a"}.get(str(argument).rpartition("_")[2], "-")
    if negated:
        yield from ("a", " ")


def _words(parsed: Iterable[Any]) -> Iterator[str]:
    """The literal words of a pattern."""
    word = ""
    for operator, argument in parsed:
        if str(operator) == "LITERAL":
            word += chr(argument)
            continue
        if word:
            yield word
        word = ""
        for inner in _inside(argument):
            yield from _words(inner)
    if word:
        yield word


def _inside(argument: Any) -> Iterator[Any]:
    """The patterns that an operator holds."""
    if isinstance(argument, _PARSER.SubPattern):
        yield argument
    elif isinstance(argument, (tuple, list)):
        for one in argument:
            yield from _inside(one)
