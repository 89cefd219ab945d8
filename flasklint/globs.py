"""Globs as in a .gitignore; gitignore(5), wildmatch.c of git 2.39. The last pattern that matches decides.

Most patterns are plain names or endings and are looked up. Of the others one regular expression is made, in which
nothing that a star has matched is tried again (atomic groups), so that no pattern takes more than linear time.
"""

import re
from collections.abc import Iterable, Sequence

MAX_LENGTH = 1000  # of a pattern, in characters; a longer one matches nothing
_SPECIAL = frozenset("*?[\\")
_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": " \\t-\\r",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


class Globs:
    """Asked about paths relative to the folder of the patterns, with `/`."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._excepts: list[bool] = []  # of each pattern, whether it begins with `!`
        self._names: dict[str, int] = {}  # a name as it is (a folder's ends with `/`), and its last pattern
        self._paths: dict[str, int] = {}
        self._ends: dict[str, int] = {}
        self._globs: dict[bool, list[tuple[str, int]]] = {True: [], False: []}  # by whether they are asked of paths
        for pattern in patterns:
            if pattern.strip("/! ") and pattern[0] != "#" and len(pattern) <= MAX_LENGTH:
                self._take(pattern)
        self._endings = tuple(self._ends)
        self._asked = [_Any(self._globs[of_paths]) for of_paths in (False, True)]
        self.costly = len(self._ends) + len(self._globs[True]) + len(self._globs[False])

    def covers(self, path: str) -> bool:
        """Tell whether a file, or a folder above it, is meant. Nothing below such a folder can be excepted."""
        cuts = [at for at, char in enumerate(path) if char == "/"]
        return any(self.verdict(path[:cut], folder=True) for cut in cuts) or bool(self.verdict(path, folder=False))

    def verdict(self, path: str, *, folder: bool) -> bool | None:
        """Tell whether the file or folder is meant itself: True, excepted (False), or not spoken of (None)."""
        path = f"{path}/" if folder else path
        name = path[path.rfind("/", 0, -1) + 1 :]
        last = max(self._names.get(name, -1), self._paths.get(path, -1))
        if name.endswith(self._endings):
            last = max(last, *(number for end, number in self._ends.items() if name.endswith(end)))
        for globs, text in zip(self._asked, (name, path), strict=True):
            if globs.last > last:
                last = max(last, globs.match(text))
        return None if last < 0 else not self._excepts[last]

    def _take(self, pattern: str) -> None:
        excepts = pattern.startswith("!")
        pattern = pattern[1:] if excepts else pattern
        tails = ("/",) if pattern.endswith("/") else ("", "/")
        pattern = pattern[:-1] if pattern.endswith("/") else pattern
        of_paths = "/" in pattern
        pattern = pattern.removeprefix("/")
        number = len(self._excepts)
        self._excepts.append(excepts)
        if _SPECIAL.isdisjoint(pattern):
            (self._paths if of_paths else self._names).update({pattern + tail: number for tail in tails})
        elif pattern[0] == "*" and not of_paths and _SPECIAL.isdisjoint(pattern[1:]):
            self._ends.update({pattern[1:] + tail: number for tail in tails})
        elif regex := _regex(pattern, of_paths=of_paths):
            self._globs[of_paths].append((regex + ("/" if len(tails) == 1 else "/?"), number))


class _Any:
    """Several regular expressions as one, made when it is first asked."""

    def __init__(self, globs: Sequence[tuple[str, int]]) -> None:
        self._globs = globs[::-1]  # the last decides: it is tried first
        self._regex: re.Pattern[str] | None = None
        self.last = globs[-1][1] if globs else -1  # number of the last pattern

    def match(self, text: str) -> int:
        """Return the number of the last pattern that matches the whole text, -1 if none does."""
        if self._regex is None:
            self._regex = re.compile("|".join(f"({regex})\\Z" for regex, _ in self._globs), re.DOTALL)
        found = self._regex.match(text)
        return self._globs[found.lastindex - 1][1] if found and found.lastindex else -1


# ----------------------------------------------------------------------------------------- translating


def _regex(pattern: str, *, of_paths: bool) -> str:
    """Return a regular expression without groups that capture, empty where the pattern can match nothing."""
    try:
        return _path(_parts(pattern)) if of_paths else _part(pattern)
    except (IndexError, ValueError):
        return ""


def _parts(pattern: str) -> list[str]:
    """Split a pattern at `/`, but not in a set, where it stands for itself and matches nothing."""
    parts, start, at = [], 0, 0
    while at < len(pattern):
        if pattern[at] == "/":
            parts.append(pattern[start:at])
            start = at + 1
        at = _set(pattern, at + 1)[1] if pattern[at] == "[" else at + (pattern[at] == "\\")
        at += 1
    return [*parts, pattern[start:]]


def _path(parts: Sequence[str]) -> str:
    """Translate parts between `/`. `**` stands for any number of folders, at the end for anything inside."""
    regex, run, anywhere = "", list[str](), False
    for part in parts:
        if not part:
            raise ValueError("an empty name")
        if part.strip("*") or len(part) == 1:
            run.append(_part(part))
            continue
        regex += _run(run, anywhere=anywhere, inner=True)
        run, anywhere = [], True
    if run:
        return regex + _run(run, anywhere=anywhere, inner=False)
    return regex + "[^/].*?"


def _run(run: Sequence[str], *, anywhere: bool, inner: bool) -> str:
    """Translate parts that follow each other, below any folder or here. The first place found is as good as any."""
    if not run:
        return ""
    regex = "/".join(run) + ("/" if inner else "")
    regex = f"(?:[^/]+/)*?{regex}" if anywhere else regex
    return f"(?>{regex})" if anywhere and inner else regex


def _part(part: str) -> str:
    """Translate one name. What stands between two stars has a fixed length: the first place found will do."""
    pieces, at = [""], 0
    while at < len(part):
        char = part[at]
        if char == "*":
            pieces.append("")
        elif char == "[":
            chosen, at = _set(part, at + 1)
            pieces[-1] += chosen
        else:
            at += char == "\\"
            pieces[-1] += "[^/]" if char == "?" else re.escape(part[at])
        at += 1
    first, *rest = pieces
    if not rest:
        return first
    if not any(pieces):
        return "[^/]+"
    return first + "".join(f"(?>[^/]*?{piece})" for piece in rest[:-1] if piece) + f"[^/]*{rest[-1]}"


def _set(part: str, at: int) -> tuple[str, int]:
    """Translate the set that begins behind a bracket, and return where its closing bracket is.

    Raises IndexError where there is none.
    """
    negated = part[at] in "!^"
    at += negated
    chosen, before, start = "", "", at
    while part[at] != "]" or at == start:
        char = part[at]
        if (
            part.startswith("[:", at)
            and (close := part.index("]", at + 2))
            and part[close - 1] == ":"
            and close > at + 2
        ):
            chosen += _CLASSES.get(part[at + 2 : close - 1]) or _unknown()
            before, at = "", close + 1
            continue
        if char == "-" and before and part[at + 1] != "]":
            at += 1 + (part[at + 1] == "\\")
            chosen += f"{_one(before)}-{_one(part[at])}" if before <= part[at] else ""
            before = ""
        else:
            at += char == "\\"
            before = part[at]
            chosen += _one(before)
        at += 1
    return f"(?!/)[{'^' if negated else ''}{chosen}]", at


def _one(char: str) -> str:
    return f"\\x{ord(char):02x}" if ord(char) < 128 else re.escape(char)


def _unknown() -> str:
    raise ValueError("no class of characters")
