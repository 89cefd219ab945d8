"""The small languages inside arguments: conditions, return codes, flags of `rewrite`, lines of a `map`.

Each function answers with nginx's message, or "" where nginx takes the directive (1.22.1:
ngx_http_rewrite_module.c, ngx_http_core_module.c, ngx_http_map_module.c).
"""

from collections.abc import Iterator

from ...facts import Problem
from .known import words
from .mask import is_touched
from .tree import Directive

_FLAGS = words("last break redirect permanent")
_OPERATORS = words("= != ~ ~* !~ !~*")
_TESTS = words("-f -d -e -x !-f !-d !-e !-x")
_METHODS = words("GET HEAD POST PUT DELETE MKCOL COPY MOVE OPTIONS PROPFIND PROPPATCH LOCK UNLOCK PATCH")
_REPEATING = ("*", "+", "?")


def word_fault(directive: Directive) -> str:
    """Return what nginx says of a directive's words."""
    arguments = [word.text for word in directive.args]
    tell = _TELL.get(directive.name)
    return tell(arguments) if tell and arguments else ""


def _if(arguments: list[str]) -> str:
    inner = list(arguments)
    if not inner[0].startswith("("):
        return f'invalid condition "{inner[0]}"'
    if not inner[-1].endswith(")"):
        return f'invalid condition "{inner[-1]}"'
    inner[0] = inner[0][1:]
    inner[-1] = inner[-1][:-1]
    inner = inner[not inner[0] : len(inner) - (len(inner) > 1 and not inner[-1])]
    return _condition(inner) if inner else 'invalid condition ""'


def _condition(inner: list[str]) -> str:
    first = inner[0]
    if len(first) > 1 and first[0] == "$":
        if len(inner) not in (1, 3):
            return f'invalid condition "{first}"'
        return "" if len(inner) == 1 or inner[1] in _OPERATORS else f'unexpected "{inner[1]}" in condition'
    return "" if first in _TESTS and len(inner) == 2 else f'invalid condition "{first}"'


def _return(arguments: list[str]) -> str:
    code = arguments[0]
    if len(arguments) == 1 and code.startswith(("http://", "https://", "$scheme")):
        return ""
    return "" if _is_number(code) and int(code[:9]) <= 999 else f'invalid return code "{code}"'


def _rewrite(arguments: list[str]) -> str:
    if _cannot_repeat(arguments[0]):
        return _NOTHING_TO_REPEAT
    return "" if len(arguments) < 3 or arguments[2] in _FLAGS else f'invalid parameter "{arguments[2]}"'


def _set(arguments: list[str]) -> str:
    name = arguments[0]
    return "" if len(name) > 1 and name[0] == "$" else f'invalid variable name "{name}"'


def _error_page(arguments: list[str]) -> str:
    codes = arguments[:-1]
    if len(codes) > 1 and codes[-1].startswith("="):
        answer = codes.pop()[1:]
        if answer and not _is_number(answer):
            return f'invalid value "={answer}"'
    for code in codes:
        if not _is_number(code) or code == "499":
            return f'invalid value "{code}"'
        if not 300 <= int(code[:9]) <= 599:
            return f'value "{code}" must be between 300 and 599'
    return ""


def _limit_except(arguments: list[str]) -> str:
    return next((f'invalid method "{each}"' for each in arguments if each.upper() not in _METHODS), "")


def _location(arguments: list[str]) -> str:
    regex = len(arguments) == 2 and arguments[0] in ("~", "~*") and _cannot_repeat(arguments[1])
    return _NOTHING_TO_REPEAT if regex else ""


_NOTHING_TO_REPEAT = "pcre2_compile() failed: quantifier does not follow a repeatable item"
_TELL = {
    "if": _if,
    "return": _return,
    "rewrite": _rewrite,
    "set": _set,
    "error_page": _error_page,
    "limit_except": _limit_except,
    "location": _location,
}


def _cannot_repeat(regex: str) -> bool:
    return regex.startswith(_REPEATING)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


# ------------------------------------------------------------------------------- the lines of a map


def refuse_lines(table: Directive) -> Iterator[Problem]:
    """Yield what nginx refuses of the lines of a `map`."""
    seen: set[str] = set()
    for line in table.block or () if table.name == "map" else ():
        key = line.name.lower()
        if is_touched(line.at.text) or line.name in ("include", "volatile", "hostnames"):
            continue
        if len(line.args) != 1:
            yield Problem("nginx", "arguments", "invalid number of the map parameters", line.at)
        elif key in seen and not key.startswith(("~", "\\")):
            message = "duplicate default map parameter" if key == "default" else f'conflicting parameter "{line.name}"'
            yield Problem("nginx", "duplicate", message, line.at)
        seen.add(key)
