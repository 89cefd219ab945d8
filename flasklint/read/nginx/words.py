"""The small languages inside arguments: conditions, return codes, flags of `rewrite`, lines of a `map`.

Each function answers with nginx's message, or "" where nginx takes the directive (1.22.1:
ngx_http_rewrite_module.c, ngx_http_core_module.c, ngx_http_map_module.c).
"""

from collections.abc import Callable, Iterator

from ...facts import Problem
from .known import CHANGEABLE, VARIABLES, words
from .mask import is_touched
from .tree import Directive

_FLAGS = words("last break redirect permanent")
_OPERATORS = words("= != ~ ~* !~ !~*")
_TESTS = words("-f -d -e -x !-f !-d !-e !-x")
_METHODS = words("GET HEAD POST PUT DELETE MKCOL COPY MOVE OPTIONS PROPFIND PROPPATCH LOCK UNLOCK PATCH")
_REPEATING = ("*", "+", "?")


def word_fault(directive: Directive) -> str:
    """Return what nginx says of a directive's words."""
    tell = _TELL.get(directive.name)
    return tell([word.text for word in directive.args]) if tell and directive.args else ""


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
    return _new_variable(arguments[0])


def _new_variable(name: str) -> str:
    if len(name) < 2 or name[0] != "$":
        return f'invalid variable name "{name}"'
    return f'the duplicate "{name[1:]}" variable' if name[1:] in VARIABLES and name[1:] not in CHANGEABLE else ""


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


def _access(arguments: list[str]) -> str:
    from ipaddress import ip_network

    if arguments[0] in ("all", "unix:"):
        return ""
    try:
        ip_network(arguments[0], strict=False)
    except ValueError:
        return f'invalid parameter "{arguments[0]}"'
    return ""


def _added_header(arguments: list[str]) -> str:
    return f'invalid parameter "{arguments[2]}"' if len(arguments) == 3 and arguments[2] != "always" else ""


def _keepalive(arguments: list[str]) -> str:
    value = arguments[0]
    return "" if _is_number(value) and int(value[:9]) else f'invalid value "{value}" in "keepalive" directive'


def _chosen(*choices: str) -> Callable[[list[str]], str]:
    return lambda arguments: "" if arguments[0].lower() in choices else f'invalid value "{arguments[0]}"'


_NOTHING_TO_REPEAT = "pcre2_compile() failed: quantifier does not follow a repeatable item"
_TELL: dict[str, Callable[[list[str]], str]] = {
    "if": _if,
    "return": _return,
    "rewrite": _rewrite,
    "set": _set,
    "error_page": _error_page,
    "limit_except": _limit_except,
    "location": _location,
    "allow": _access,
    "deny": _access,
    "add_header": _added_header,
    "add_trailer": _added_header,
    "keepalive": _keepalive,
    "proxy_http_version": _chosen("1.0", "1.1", "2"),
    "gzip_static": _chosen("on", "off", "always"),
    "satisfy": _chosen("all", "any"),
}


def _cannot_repeat(regex: str) -> bool:
    return regex.startswith(_REPEATING)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


# ----------------------------------------------------------------------- the lines of map and geo

LINED = {"map": ("volatile", "hostnames"), "geo": ("ranges", "proxy_recursive")}  # and what may stand alone on a line


def refuse_lines(table: Directive) -> Iterator[Problem]:
    """Yield what nginx refuses of a `map` or `geo` and of its lines."""
    if table.name not in LINED or not table.args:
        return
    name = table.args[-1]
    if (fault := _new_variable(name.text)) and not is_touched(name.text):
        yield Problem("nginx", "arguments", fault, name.at)
    seen: set[str] = set()
    for line in table.block or ():
        key = line.name.lower()
        if is_touched(line.at.text) or line.name == "include":
            continue
        if line.block is not None:
            yield Problem("nginx", "syntax", 'unexpected "{"', line.at)
        elif len(line.args) != 1 and line.name not in LINED[table.name]:
            yield Problem("nginx", "arguments", f"invalid number of the {table.name} parameters", line.at)
        elif table.name == "map" and key in seen and not key.startswith(("~", "\\")):
            message = "duplicate default map parameter" if key == "default" else f'conflicting parameter "{key}"'
            yield Problem("nginx", "duplicate", message, line.at)
        seen.add(key)
