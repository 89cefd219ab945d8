"""Misspelt variables.

nginx says `unknown "hostt" variable`. What a configuration outside the input defines (`map`, a
module) cannot be seen, so only a near miss of a built-in variable is a problem.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from ...facts import Problem
from .effective import every
from .known import near_variable, words
from .tree import Directive

_EVALUATING = words(
    """
    proxy_set_header proxy_pass uwsgi_param fastcgi_param add_header return rewrite set if root alias
    try_files grpc_set_header proxy_redirect log_format
    """
)
# Which argument of a directive is the name of a variable that it defines.
_DEFINING = {
    **dict.fromkeys(("set", "auth_request_set", "perl_set", "js_set", "js_var", "auth_jwt_claim_set"), 0),
    **dict.fromkeys(("map", "split_clients", "keyval"), 1),
    **dict.fromkeys(("geo", "geoip2"), -1),
}


@cache
def _used() -> re.Pattern[str]:
    return re.compile(r"\$(?:([a-z][a-z0-9_]*)(?![A-Za-z0-9_])|\{([a-z][a-z0-9_]*)\})")


@cache
def _captured() -> re.Pattern[str]:
    return re.compile(r"\(\?P?[<']([A-Za-z_]\w*)[>']")


def refuse_variables(body: Iterable[Directive]) -> Iterator[Problem]:
    """Yield a problem for each use of a variable that nothing defines and that nearly is a built-in."""
    directives = list(every(body))
    defined: set[str] | None = None
    for directive in directives:
        if directive.name not in _EVALUATING or directive.origin:
            continue
        for word in directive.args:
            for found in _used().finditer(word.text) if "$" in word.text else ():
                name = found[1] or found[2]
                near = near_variable(name)
                if not near:
                    continue
                defined = _defined(directives) if defined is None else defined
                if name not in defined and not _is_foreign(directives):
                    at = word.at.part(*found.span())
                    message = f'unknown "{name}" variable'
                    yield Problem("nginx", "unknown-variable", message, at, repair=f'Write "${near}".')


def _defined(directives: list[Directive]) -> set[str]:
    names: set[str] = set()
    for directive in directives:
        position = _DEFINING.get(directive.name)
        if position is not None and directive.args:
            names.add(directive.args[min(position, len(directive.args) - 1)].text.lstrip("$"))
        if "(?" in directive.at.text:  # `server_name ~(?<name>...)`, or the key of a map
            names.update(_captured().findall(directive.at.text))
    return names


def _is_foreign(directives: list[Directive]) -> bool:
    """Whether Lua or njs may define variables of any name."""
    return any("lua" in directive.name or directive.name.startswith("js_") for directive in directives)
