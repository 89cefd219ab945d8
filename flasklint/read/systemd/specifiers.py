"""The `%` specifiers of units (systemd.unit(5), "Specifiers"; src/core/unit-printf.c of systemd 252)."""

from collections.abc import Callable
from typing import Literal

from .holes import holes

Scope = Literal["system", "user"]

_DIRECTORIES = {
    "t": "/run", "S": "/var/lib", "C": "/var/cache", "L": "/var/log", "E": "/etc", "D": "/usr/share",
    "T": "/tmp", "V": "/var/tmp",  # noqa: S108 - what they stand for; nothing is written there
    "h": "/root", "s": "/bin/sh", "u": "root", "U": "0", "g": "root", "G": "0",
}  # fmt: skip
_SAME_FOR_USERS = frozenset("TV")
_UNTOLD = frozenset("abBcdfHJlmMoqrRvwWyYAPs")  # the host's or the moment's own: not to be told from files
_NAME = frozenset("nNpiIjJPf")


def expand(unit: str, text: str, scope: Scope = "system") -> str:
    """Return `text` as systemd understands it for a unit of that name.

    What only the host, the instance or the user can tell becomes a hole such as `{{%i}}`, which
    compares like any other template variable. A `%` that systemd refuses stays as it is: see
    `bad_specifier`.
    """
    if "%" not in text:
        return text
    done, parts = 0, []
    for start, end in [*holes(text), (len(text), len(text))]:
        parts += [_expand(unit, text[done:start], scope), text[start:end]]
        done = end
    return "".join(parts)


def bad_specifier(text: str) -> str | None:
    """Return the first specifier that makes systemd reject the line ("%z"), None if there is none.

    A letter or digit that is no specifier is an error ("Invalid slot"); any other character after
    `%`, and a `%` at the end, are literal.
    """
    if "%" not in text:
        return None
    done = 0
    for start, end in [*holes(text), (len(text), len(text))]:
        at = text.find("%", done, start)
        while 0 <= at < start - 1:
            char = text[at + 1]
            if char.isascii() and char.isalnum() and char not in _DIRECTORIES and char not in _UNTOLD | _NAME:
                return "%" + char
            at = text.find("%", at + 2, start)
        done = end
    return None


def _expand(unit: str, text: str, scope: Scope) -> str:
    parts = []
    done = 0
    while (at := text.find("%", done)) >= 0 and at + 1 < len(text):
        parts += [text[done:at], _value(unit, text[at + 1], scope)]
        done = at + 2
    return "".join(parts) + text[done:]


def _value(unit: str, letter: str, scope: Scope) -> str:
    if letter == "%":
        return "%"
    if letter in _NAMES_OF:
        value = _NAMES_OF[letter](unit)
        return f"{{{{%{letter}}}}}" if value is None else value
    if letter in _DIRECTORIES and (scope == "system" or letter in _SAME_FOR_USERS) and letter != "s":
        return _DIRECTORIES[letter]
    if letter in _UNTOLD or letter in _DIRECTORIES:
        return f"{{{{%{letter}}}}}"
    return "%" + letter


def _stem(unit: str) -> str:
    return unit.rpartition(".")[0]


def _prefix(unit: str) -> str:
    return _stem(unit).partition("@")[0]


def _instance(unit: str) -> str | None:
    """The instance; empty for a unit that is no template, None for a template without one."""
    _, at, instance = _stem(unit).partition("@")
    return None if at and not instance else instance


def _unescaped(text: str | None) -> str | None:
    if text is None or "\\x" in text:
        return None  # escapes of bytes: rare, and nothing else depends on them
    return text.replace("-", "/")


def _whole(unit: str, name: str) -> str | None:
    return None if _instance(unit) is None else name


_NAMES_OF: dict[str, Callable[[str], str | None]] = {
    "n": lambda unit: _whole(unit, unit),
    "N": lambda unit: _whole(unit, _stem(unit)),
    "p": _prefix,
    "P": lambda unit: _unescaped(_prefix(unit)),
    "i": _instance,
    "I": lambda unit: _unescaped(_instance(unit)),
    "j": lambda unit: _prefix(unit).rpartition("-")[2],
    "J": lambda unit: _unescaped(_prefix(unit).rpartition("-")[2]),
    "f": lambda unit: None if _instance(unit) is None else _path(_instance(unit) or _prefix(unit)),
}


def _path(text: str) -> str | None:
    plain = _unescaped(text)
    return None if plain is None else "/" + plain.lstrip("/")
