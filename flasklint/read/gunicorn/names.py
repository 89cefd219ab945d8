"""Names of a config file that look like settings of Gunicorn and are none, or are and hold no value.

Gunicorn takes the names it knows from the file and passes over all others in silence
(gunicorn/app/base.py, `load_config_from_module_name_or_filename`).
"""

import ast
from collections.abc import Iterator, Mapping

from ...facts import Problem
from ...source import Source
from ...stdlib import is_standard
from ...value import Unknown
from ..evaluate import Bound, span_of
from ..expressions import Opaque
from ..syntax import code_of
from .table import Table
from .values import checked

# Functions and modules of the standard library that bear the name of a setting, or are used as its value by mistake.
_NO_VALUES = frozenset({"reload", "umask", "chdir", "config", "timeout", "cpu_count"})
# Options whose name without dashes is too common a word to be meant for the setting.
_COMMON = frozenset({"env", "name", "help", "version", "user", "group"})


def no_values(names: Mapping[str, Bound], known: Table) -> Iterator[Problem]:
    """Yield what Gunicorn refuses (kind `config-import`): a function or a module that bears the name of a setting."""
    for name, bound in names.items():
        message = _refusal(name, bound, known) if name in known.settings else ""
        if message:
            yield Problem("gunicorn", "config-import", message, bound.at, repair=f"import it as _{name}")


def slips(source: Source, names: Mapping[str, Bound], known: Table) -> Iterator[Problem]:
    """Yield what Gunicorn passes over (kind `config-name`; `repair` is the setting that was meant).

    A name that the file itself uses is a helper and none of Gunicorn's business.
    """
    odd = [name for name in names if name not in known.variants and not name.startswith("_")]
    used = _used(source) if odd else frozenset()
    for name in odd:
        meant = _meant(name, names[name], known) if name not in used else ""
        if meant and meant not in names:
            yield _passed_over(source, name, meant)


def _passed_over(source: Source, name: str, meant: str) -> Problem:
    at = source.whole()
    for node in code_of(source).body or ():
        for part in ast.walk(node):
            match part:
                case ast.Name(id=bound, ctx=ast.Store()) | ast.FunctionDef(name=bound) if bound == name:
                    at = span_of(source, part)
    return Problem("gunicorn", "config-name", f"Gunicorn has no setting {name}", at, repair=meant)


def _used(source: Source) -> frozenset[str]:
    nodes = (node for statement in code_of(source).body or () for node in ast.walk(statement))
    return frozenset(node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))


def _meant(name: str, bound: Bound, known: Table) -> str:
    """The setting that a name is a slip of, "" where it resembles none or its value does not fit."""
    value = bound.value
    hook = isinstance(value, Opaque)
    if isinstance(value, Unknown) or (isinstance(value, Opaque) and value.kind != "function"):
        return ""
    settings = [each for each, row in known.settings.items() if ("callable" in row.check) is hook]
    flags = {_squashed(flag): row.name for flag, row in known.flags.items() if flag.startswith("--") and row.name}
    squashed = {_squashed(each): each for each in settings}
    meant = squashed.get(_squashed(name)) or ("" if name in _COMMON else flags.get(_squashed(name), ""))
    if not meant:
        from difflib import get_close_matches

        near = get_close_matches(name, settings, 1, 0.88) if len(name) < 40 else []
        meant = near[0] if near and near[0][0] == name[0] else ""
    fits = meant in settings and (hook or not checked(known.variants[meant], value)[1])
    return meant if fits else ""


def _squashed(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def _refusal(name: str, bound: Bound, known: Table) -> str:
    """What Gunicorn says where a function, a class or a module stands for the setting's value; "" where it does not."""
    value = bound.value
    if not isinstance(value, Opaque) or name not in known.variants:
        return ""
    if value.kind == "import":
        top, _, last = value.name.partition(".")
        if not is_standard(top) or last.rpartition(".")[2] not in _NO_VALUES:
            return ""
    elif value.kind not in ("function", "class"):
        return ""
    message = checked(known.variants[name], _Thing(f"<{value.kind} {value.name}>"))[1]
    return message.replace(_Thing.__name__, value.kind)


class _Thing:
    """Stands for what cannot be a value, in Gunicorn's messages."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text
