"""Variables that nothing defines.

nginx says `unknown "hostt" variable`. Where a file outside the input may define it (`map`, a module),
only a near miss of a built-in variable is a problem.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from ...facts import Problem
from .effective import blocks, every
from .known import is_built_in, near_variable, words
from .mask import is_touched
from .tree import Directive, Word

_EVALUATING = words(
    """
    proxy_set_header proxy_pass uwsgi_param fastcgi_param add_header return rewrite set if root alias
    try_files grpc_set_header proxy_redirect log_format limit_rate access_log
    limit_req_zone limit_conn_zone uwsgi_pass fastcgi_pass scgi_pass grpc_pass map
    """
)
# Directives whose arguments are nothing but text with variables.
_COMPILED = words(
    """
    proxy_set_header add_header return rewrite set root alias try_files proxy_pass uwsgi_param limit_rate
    access_log map
    """
)
# The first argument is a name or a regex.
_NAMED = words("rewrite set proxy_set_header add_header uwsgi_param fastcgi_param grpc_set_header")
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


@cache
def _broken() -> re.Pattern[str]:
    return re.compile(r"\$(?![A-Za-z0-9_{])|\$\{(?:(\w+)(?!\w|\})|(?!\w))", re.A)


def refuse_variables(body: Iterable[Directive], complete: bool) -> Iterator[Problem]:
    """Yield a problem for each variable that is none, or that nothing defines.

    `complete`: every file that could define one was read; otherwise only what nearly is a built-in is told.
    """
    top = tuple(body)
    lost = _is_lost(top)
    directives = list(every(each for each in top if not (lost and each.name == "proxy_set_header")))
    defined: set[str] | None = None
    for directive in directives:
        if directive.name not in _EVALUATING or directive.origin or "$" not in directive.at.text:
            continue
        for word in _evaluated(directive):
            yield from _misformed(directive, word)
            for found in _used().finditer(word.text):
                name = found[1] or found[2]
                if is_built_in(name) or not (complete or near_variable(name)):
                    continue
                defined = _defined(directives) if defined is None else defined
                if name not in defined and not _is_foreign(directives):
                    at, near = word.at.part(*found.span()), near_variable(name)
                    repair = f'write "${near}"' if near else ""
                    yield Problem("nginx", "unknown-variable", f'unknown "{name}" variable', at, repair=repair)


def _is_lost(top: tuple[Directive, ...]) -> bool:
    """Whether every server has headers of its own: then nginx never looks at those of the http level."""
    servers = list(blocks(top, "server"))
    return bool(servers) and all(
        any(each.name == "proxy_set_header" for each in server.block or ()) for server in servers
    )


def _evaluated(directive: Directive) -> tuple[Word, ...]:
    """The arguments in which nginx looks for variables; a regex is none of them."""
    if directive.name in _NAMED:
        return directive.args[1:]
    if directive.name == "if":  # before an operator stands one name: `$http_a$b` is the header "a$b"
        return tuple(word for word in directive.args if word.text.count("$") == 1)
    regexes = directive.name in ("proxy_redirect", "map")
    return tuple(word for word in directive.args if "$" in word.text and not (regexes and word.text.startswith("~")))


def _misformed(directive: Directive, word: Word) -> Iterator[Problem]:
    found = _broken().search(word.text) if directive.name in _COMPILED and not is_touched(word.text) else None
    if found is not None:
        message = f'the closing bracket in "{found[1]}" variable is missing' if found[1] else "invalid variable name"
        yield Problem("nginx", "unknown-variable", message, word.at)


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
