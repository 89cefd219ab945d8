"""What systemd ignores with a warning: unknown keys and sections, and values it cannot parse.

The table of directives is generated from a real systemd. A later version may know more, so a key
that the table lacks is a problem only where it is a near miss of one that it has.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from ...facts import Problem
from ...source import Span
from .directives import CHECKS, KEYS, NEWER, NEWER_VALUES
from .environment import DIRECTORIES
from .holes import has_hole
from .lines import Assignment, Parsed, Section
from .specifiers import Scope, expand

_PATH_LISTS = frozenset({"ReadWritePaths", "ReadOnlyPaths", "InaccessiblePaths", "ExecPaths", "NoExecPaths"})
_PATHS = _PATH_LISTS.union(DIRECTORIES, ["EnvironmentFile"])
_DEPENDENCY = "UNIT [...]"  # the type of a key that names other units
_PROSE = frozenset({"Description", "Documentation", "StandardInputText", "SyslogIdentifier"})
_BOOLEANS = frozenset({"1", "yes", "y", "true", "t", "on", "0", "no", "n", "false", "f", "off"})
_TIME_UNITS = (  # src/basic/time-util.c
    "usec|us|µs|μs|msec|ms|seconds|second|sec|s|minutes|minute|min|m|hours|hour|hr|h|days|day|d|weeks|week|w|"
    "months|month|M|years|year|y"
)


def section_problems(parsed: Parsed) -> Iterator[Problem]:
    """Sections systemd does not know. Its assignments are ignored, too."""
    for section in parsed.sections:
        if section.name in sections() or section.name.startswith("X-") or has_hole(section.name):
            continue
        near = _near(section.name, sections())
        repair = f"write [{near}]" if near else ""
        message = f"Unknown section '{section.name}'. Ignoring."
        yield Problem(
            "systemd", "unknown-section", message, section.at, repair=repair, instead=f"[{near}]" if near else ""
        )


def key_problem(assignment: Assignment, named: Sequence[Section]) -> Problem | None:
    """The problem of a key that systemd does not know in its section, None where it does or may."""
    section, key = assignment.section, assignment.key
    known, near = keys(section), ""
    if key in known or key.startswith("X-") or has_hole(key):
        return None
    message = f"Unknown key '{key}' in section [{section}], ignoring."
    if homes := [other for other in sections() if key in keys(other)]:
        home = next((each.name for each in named if each.name in homes), homes[0])
        repair = f"{key}= belongs in [{home}]"
    elif near := _near(key, known):
        repair = f"write {near}="
    else:
        return None
    return Problem("systemd", "unknown-key", message, assignment.key_at, repair=repair, instead=near)


def value_problem(assignment: Assignment, unit: str, scope: Scope) -> Problem | None:
    """The problem of a value that makes systemd ignore the line, None where there is none to be told."""
    section, key, value, _, _ = assignment
    kind = keys(section)[key]
    takes_all = kind not in CHECKS and kind != _DEPENDENCY and key not in _PATHS
    if (takes_all and "#" not in value and ";" not in value) or not value or has_hole(value) or "<" in value:
        return None
    if (comment := trailing_comment(assignment)) is not None:
        return comment
    check = _VALUES.get(kind, _enumerated) if kind in CHECKS else None
    if check is not None and not check(value, kind) and value not in NEWER_VALUES.get(key, "").split():
        message = CHECKS[kind][0].format(key=key, value=value)
        near = _near(value.lower(), CHECKS[kind][1].split())
        repair = f"write {key}={near}" if near else ""
        return Problem("systemd", "bad-value", message, assignment.at, repair=repair, instead=near)
    if key in _PATHS:
        return _path_problem(assignment, expand(unit, value, scope))
    return _dependency_problem(assignment) if is_dependency(section, key) else None


def trailing_comment(assignment: Assignment) -> Problem | None:
    """Text after a value that looks like a comment: to systemd it is part of the value."""
    value = assignment.value
    if ("#" not in value and ";" not in value) or assignment.key in _PROSE:
        return None
    if assignment.key.startswith(("Exec", "Condition", "Assert")):
        return None  # commands are judged word by word
    found = _comment().search(value)
    if found is None or _quoted(value[: found.start()]):
        return None
    return comment_problem(assignment, found.start("mark"))


def comment_problem(assignment: Assignment, start: int) -> Problem:
    """Say that what begins at `start` of the value is no comment to systemd."""
    check = CHECKS.get(keys(assignment.section).get(assignment.key, ""))
    value = assignment.value
    message = (
        check[0].format(key=assignment.key, value=value) if check else f"{assignment.key}= is taken to be: {value}"
    )
    span = assignment.span(start, len(value))
    return Problem("systemd", "trailing-comment", message, span, repair="move the comment to a line of its own")


def is_comment(words: Sequence[str], at: int) -> bool:
    """Tell whether the word at `at` of a command looks like the beginning of a comment."""
    word = words[at]
    return word == "#" or (word.startswith("#") and not word.startswith("#!") and len(words) - at > 1)


@cache
def keys(section: str) -> dict[str, str]:
    """Every key of a section and the type of its value."""
    found = {key: kind for names, kind, row in KEYS if section in names.split() for key in row.split()}
    found.update((key, "OTHER") for _, names, row in NEWER if section in names.split() for key in row.split())
    return found


@cache
def sections() -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names, _, _ in KEYS for name in names.split()))


def is_checked(assignment: Assignment) -> bool:
    """Tell whether a value of another syntax would make systemd ignore the assignment."""
    return keys(assignment.section).get(assignment.key) in CHECKS


def is_dependency(section: str, key: str) -> bool:
    """Tell whether a key names other units in [Unit]: an empty assignment does not reset such a list."""
    return section == "Unit" and keys(section).get(key) == _DEPENDENCY


def _enumerated(value: str, kind: str) -> bool:
    values = CHECKS[kind][1].split()
    return (
        value in values
        or ("yes" in values and value.lower() in _BOOLEANS)
        or (":" in value and value.partition(":")[0] in values)
        or (kind in ("SyslogLevel", "SyslogFacility") and value.isdigit())
    )


def _boolean(value: str, _: str) -> bool:
    return value.lower() in _BOOLEANS


def _mode(value: str, _: str) -> bool:
    return value.isascii() and all(digit in "01234567" for digit in value) and int(value, 8) <= 0o7777


def _seconds(value: str, _: str) -> bool:
    return value == "infinity" or _time().fullmatch(value) is not None


def _number(value: str, _: str) -> bool:
    return re.fullmatch(r"[+-]?\s*(0x[0-9a-fA-F]+|0b[01]+|0o?[0-7]+|\d+)", value) is not None


def _signal(value: str, _: str) -> bool:
    from signal import Signals

    name = value.removeprefix("SIG")
    return (
        value.isdigit()
        or f"SIG{name}" in Signals.__members__
        or name.startswith("RT")
        or name in ("STKFLT", "IOT", "POLL")
    )


_VALUES = {
    "BOOLEAN": _boolean, "MODE": _mode, "SECONDS": _seconds,
    "UNSIGNED": _number, "INTEGER": _number, "SIGNAL": _signal,
}  # fmt: skip


def _path_problem(assignment: Assignment, value: str) -> Problem | None:
    key = assignment.key
    if key == "EnvironmentFile" and not value.removeprefix("-").startswith(("/", "{{%")):
        message = f"EnvironmentFile= path is not absolute, ignoring: {value.removeprefix('-')}"
        return Problem("systemd", "bad-path", message, assignment.at)
    if key in DIRECTORIES:
        for word in value.split():
            if word.startswith("/"):
                message = f"{key}= path is absolute, ignoring: {word}"
                return Problem("systemd", "bad-path", message, _word_at(assignment, word))
    if key in _PATH_LISTS:
        for word in value.split():
            if not word.lstrip("-+").startswith(("/", "%", "{{%", '"', "'")):
                message = f"{key}= path is not absolute, ignoring: {word.lstrip('-+')}"
                return Problem("systemd", "bad-path", message, _word_at(assignment, word))
    return None


def _dependency_problem(assignment: Assignment) -> Problem | None:
    for word in assignment.value.split():
        stem, dot, suffix = word.rpartition(".")
        if "%" in word or "$" in word or (dot and stem and suffix in _SUFFIXES and "," not in word):
            continue
        message = f"Failed to add dependency on {word}, ignoring: Invalid argument"
        meant = f"{word}.target" if f"{word}.target" in _TARGETS else ""
        repair = f"write {meant}" if meant else ""
        return Problem("systemd", "bad-dependency", message, _word_at(assignment, word), repair=repair, instead=meant)
    return None


_SUFFIXES = frozenset({
    "service", "socket", "device", "mount", "automount", "swap", "target", "path", "timer", "slice",
    "scope",
})  # fmt: skip
_TARGETS = frozenset({
    "network.target", "network-online.target", "multi-user.target", "default.target", "syslog.target",
})  # fmt: skip


def _word_at(assignment: Assignment, word: str) -> Span:
    start = assignment.value.find(word)
    return assignment.span(start, start + len(word)) if start >= 0 else assignment.at


def _near(word: str, known: Sequence[str] | dict[str, str]) -> str:
    """The known word that this one most likely means: other case, or a slip of a letter or two."""
    for each in known:
        if each.lower() == word.lower() and each != word:
            return each
    from difflib import get_close_matches

    if len(word) >= 80:
        return ""
    near = get_close_matches(word, list(known), 1, 0.8)
    longer = [one for one in known if len(word) > 6 and one.startswith(word)]  # WorkingDir
    return near[0] if near else longer[0] if len(longer) == 1 else ""


def _quoted(text: str) -> bool:
    return text.count('"') % 2 == 1 or text.count("'") % 2 == 1


@cache
def _comment() -> re.Pattern[str]:
    return re.compile(r"\S[ \t]+(?P<mark>#(?:[ \t]|[^\W\d_]|$)|;[ \t])")


@cache
def _time() -> re.Pattern[str]:
    return re.compile(rf"(?:\s*\d+(?:\.\d*)?\s*(?:{_TIME_UNITS})?)++\s*")
