"""Globs as in a .gitignore; gitignore(5). Patterns are relative to one folder, the last that matches decides.

No regular expression is made of a whole pattern: a path is compared part by part, so that time grows
with the product of the lengths and never faster.
"""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from .record import Record


class _Pattern(Record):
    parts: tuple[str, ...]
    excepts: bool  # begins with `!`
    folders_only: bool  # ends with `/`


class Globs:
    """Asked about paths relative to the folder of the patterns, with `/`."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = [_pattern(pattern) for pattern in patterns if pattern.strip("/! ") and pattern[0] != "#"]

    def covers(self, path: str) -> bool:
        """Tell whether a file, or a folder above it, is meant. Nothing below such a folder can be excepted."""
        names = path.split("/")
        return any(self.meets(names[:count], folder=count < len(names)) for count in range(1, len(names) + 1))

    def meets(self, names: Sequence[str], *, folder: bool) -> bool:
        """Tell whether the file or folder of these names is meant itself."""
        for pattern in reversed(self._patterns):
            if (folder or not pattern.folders_only) and _matches(pattern.parts, names):
                return not pattern.excepts
        return False


def _pattern(text: str) -> _Pattern:
    excepts = text.startswith("!")
    text = text[1:] if excepts else text
    folders_only = text.endswith("/")
    text = text.rstrip("/")
    named = [_plain(part) for part in text.lstrip("/").split("/")]
    parts = named if "/" in text else ["**", *named]
    twice = [at > 0 and part == parts[at - 1] == "**" for at, part in enumerate(parts)]
    once = tuple(part for part, again in zip(parts, twice, strict=True) if not again)
    return _Pattern(once, excepts, folders_only)


def _plain(part: str) -> str:
    """Write one part as fnmatch does, which knows no backslash and negates with `!` only."""
    if part == "**":
        return part
    done, at = "", 0
    while at < len(part):
        char = part[at]
        if char == "\\" and at + 1 < len(part):
            at += 1
            done += f"[{part[at]}]" if part[at] in "*?[" else part[at]
        else:
            done += "[!" if part.startswith("[^", at) else char
            at += part.startswith("[^", at)
        at += 1
    return done


def _matches(parts: Sequence[str], names: Sequence[str]) -> bool:
    """Compare part by part; `**` stands for any number of folders, at the end for at least one name."""
    states = _skipped({0}, parts)
    for name in names:
        reached = {at for at in states if at < len(parts) and parts[at] == "**"}
        reached |= {at + 1 for at in states - reached if at < len(parts) and fnmatchcase(name, parts[at])}
        if parts[-1] == "**" and len(parts) - 1 in states:
            reached.add(len(parts))
        states = _skipped(reached, parts)
    return len(parts) in states


def _skipped(states: set[int], parts: Sequence[str]) -> set[int]:
    """Add what is reached where `**` stands for no folder."""
    return states | {at + 1 for at in states if at < len(parts) - 1 and parts[at] == "**"}
