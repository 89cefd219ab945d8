"""Each directive by itself: does nginx know it, here, with these arguments?

crossplane's table answers (generated from nginx's source up to 1.21); it was compared with every
directive of nginx 1.22.1 and found right but for names that came later, see `known.LATER`.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from crossplane.analyzer import CONTEXTS, DIRECTIVES, NGX_CONF_FLAG, analyze, enter_block_ctx
from crossplane.errors import NgxParserDirectiveContextError, NgxParserDirectiveError

from ...facts import Problem
from .known import LISTEN_FLAGS, NUMBERS, SIZES, TABLES, TIMES, directive_names, near_directive
from .mask import is_touched
from .tree import Directive, Word
from .values import parse_size, parse_time
from .words import LINED, refuse_lines, word_fault

Context = tuple[str, ...]

HTTP: Context = ("http",)
SERVER: Context = ("http", "server")
LOCATION: Context = ("http", "location")
_GUESSES: tuple[Context, ...] = (HTTP, SERVER, LOCATION, ("http", "upstream"), ())
_SKIPPED = frozenset({"stream", "mail"})
_LONG = 100  # characters of an argument that is not kept


@cache
def _name() -> re.Pattern[str]:
    return re.compile(r"[a-z][a-z0-9_]*\Z")


@cache
def _foreign_marks() -> re.Pattern[str]:
    """Signs of a placeholder or a template language that nobody masks, and of left-out text."""
    return re.compile(r"[<>@%\[\]]|\A\$|\A\.+\Z|…")


def guess_context(body: tuple[Directive, ...]) -> Context | None:
    """Return the context that a loose file is included from: the first that takes all its directives."""
    for context in _GUESSES:
        if all(_allowed(directive, context) for directive in body):
            return context
    blocks = {directive.name for directive in body if directive.block is not None}
    if blocks & {"server", "upstream"}:
        return HTTP
    return SERVER if "location" in blocks else None


def check(body: tuple[Directive, ...], context: Context) -> list[Problem]:
    """Return what nginx refuses in these directives and all below them."""
    found: list[Problem] = []
    known = directive_names()
    for directive in body:
        name = directive.name
        if directive.origin or (not context and name in _SKIPPED):
            continue
        if name not in known:
            found += () if directive.is_hole else _unknown(directive, context)
            continue
        swallowed = _swallowed(directive, context)
        problem = _refused(directive, context, swallowed) or _invalid(directive)
        if problem is not None and not is_touched(_ground(problem, directive)):
            found.append(problem)
        if name in LINED:
            found += refuse_lines(directive)
        if directive.block and name not in TABLES and not name.endswith("_lua_block"):
            inner = enter_block_ctx({"directive": swallowed.text if swallowed else name}, context)
            found += check(directive.block, inner)
    return found


def _ground(problem: Problem, directive: Directive) -> str:
    """The text that a problem rests on: where a directive may stand does not depend on its arguments."""
    return directive.name if problem.kind == "wrong-context" else directive.at.text


def _refused(directive: Directive, context: Context, swallowed: Word | None) -> Problem | None:
    message = _verdict(directive, context)
    if swallowed is not None:
        return _missing_semicolon(directive, swallowed, message)
    if not message:
        return None
    if "not allowed" in message:
        return Problem("nginx", "wrong-context", message, directive.name_at)
    open_end = "no opening" in message or "not terminated" in message
    return Problem("nginx", "syntax" if open_end else "arguments", message, directive.at)


def _verdict(directive: Directive, context: Context) -> str:
    """Return nginx's message, or "" where it accepts the directive."""
    count = len(directive.args)
    # What is written matters where "on" or "off" is wanted, elsewhere the number of arguments alone.
    word = directive.args[0].text if count == 1 and _is_switch(directive.name) else ""
    ask = _analyzed if len(word) < _LONG else _analyzed.__wrapped__
    return ask(directive.name, count, word, directive.block is not None, context)


@cache
def _is_switch(name: str) -> bool:
    return any(mask & NGX_CONF_FLAG for mask in DIRECTIVES.get(name, ()))


@lru_cache(maxsize=1000)
def _analyzed(name: str, count: int, word: str, has_block: bool, context: Context) -> str:
    """Ask crossplane's table; the directives of many sites are the same few."""
    word = word.replace("%", "%%")  # crossplane formats its message twice
    try:
        analyze("", {"directive": name, "line": 0, "args": [word] * count}, "{" if has_block else ";", context)
    except NgxParserDirectiveError as error:
        return str(error.strerror)
    return ""


def _allowed(directive: Directive, context: Context) -> bool:
    try:
        analyze("", {"directive": directive.name, "line": 0}, ";", context, check_args=False)
    except NgxParserDirectiveContextError:
        return False
    return True


# ---------------------------------------------------------------------------- the missing semicolon


def _swallowed(directive: Directive, context: Context) -> Word | None:
    """Return the argument that begins a line and is a directive with arguments of its own here."""
    if (len(directive.args) < 2 and directive.block is None) or "\n" not in directive.at.text:
        return None
    for number, word in enumerate(directive.args):
        more = number + 1 < len(directive.args) or directive.block is not None
        if more and not word.quoted and word.text in DIRECTIVES and context in CONTEXTS and _begins_line(word):
            inner = Directive(word.text, directive.args[number + 1 :], word.at, directive.block)
            if not _verdict(inner, context):
                return word
    return None


def _begins_line(word: Word) -> bool:
    text, start = word.at.source.text, word.at.start
    return not text[text.rfind("\n", 0, start) + 1 : start].strip()


def _missing_semicolon(directive: Directive, swallowed: Word, message: str) -> Problem:
    before = [word for word in directive.args if word.at.start < swallowed.at.start]
    end = before[-1].at.end + before[-1].quoted if before else directive.name_at.end
    at = directive.at._replace(end=end)
    taken = f'"{swallowed.text}" is taken for an argument of "{directive.name}" and never applies'
    if not message and directive.name in ("listen", "server"):  # they take only options that they know
        strange = (w.text for w in directive.args if w.at.start >= swallowed.at.start and w.text not in LISTEN_FLAGS)
        message = f'invalid parameter "{next(strange, "")}"'
    kind = "missing-semicolon" if message else "swallowed-directive"
    because = ((swallowed.at, f'belongs to "{directive.name}" now'),)
    return Problem("nginx", kind, message or taken, at, because, 'put a ";" at the end', 'the ";" is missing')


def _unknown(directive: Directive, context: Context) -> Iterator[Problem]:
    if context not in CONTEXTS or is_touched(directive.at.text) or _foreign_marks().search(directive.name):
        return
    message = f'unknown directive "{directive.name}"'
    swallowed = _swallowed(directive, context)
    near = near_directive(directive.name)
    if swallowed is not None:
        because = ((swallowed.at, f'belongs to "{directive.name}" now'),)
        yield Problem("nginx", "unknown-directive", message, directive.name_at, because)
    elif near and _allowed(directive._replace(name=near), context):
        repair = f'write "{near}"'
        yield Problem("nginx", "unknown-directive", message, directive.name_at, repair=repair, instead=near)
    elif not _name().match(directive.name):
        yield Problem("nginx", "unknown-directive", message, directive.name_at)


def _invalid(directive: Directive) -> Problem | None:
    if message := word_fault(directive):
        return Problem("nginx", "arguments", message, directive.at)
    if len(directive.args) != 1 or "$" in (value := directive.arg(0)):
        return None
    if directive.name in NUMBERS and not (value.isascii() and value.isdecimal()):
        return Problem("nginx", "arguments", f'"{directive.name}" directive invalid number', directive.args[0].at)
    bad_time = directive.name in TIMES and parse_time(value) is None
    if bad_time or (directive.name in SIZES and parse_size(value) is None):
        return Problem("nginx", "arguments", f'"{directive.name}" directive invalid value', directive.args[0].at)
    return None
