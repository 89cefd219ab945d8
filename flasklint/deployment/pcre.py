"""Regular expressions of nginx (PCRE), in a time that nobody who wrote them can stretch.

Python's `re` backtracks: `(a+)+$` of a stranger's configuration would hold it for years. Here every part of
a pattern is asked once for every place of the text where it may begin, and answers with all places where
it may end. What is not known (back references, atomic groups, ...) leaves the answer open.
"""

from collections.abc import Callable
from functools import cache, lru_cache

from ..record import Record

_LONGEST = 200  # characters, of patterns and of texts
_DEEPEST = 12  # groups in groups
_MOST_STEPS = 5000
_MOST_REPEATS = 50


class _UntoldError(Exception):
    """A construct that is not known, or a pattern that takes too long."""


class _Char(Record):
    """One character that the test takes."""

    takes: Callable[[str], bool]


class _Anchor(Record):
    holds: Callable[[str, int], bool]


class _Sequence(Record):
    parts: "tuple[_Node, ...]"


class _Choice(Record):
    options: "tuple[_Node, ...]"


class _Repeat(Record):
    part: "_Node"
    least: int
    most: int


class _Look(Record):
    """`(?=x)`, `(?!x)`, `(?<=x)`, `(?<!x)`."""

    part: "_Node"
    wanted: bool
    behind: bool


_Node = _Char | _Anchor | _Sequence | _Choice | _Repeat | _Look


@lru_cache(1024)
def search(pattern: str, text: str, ignore_case: bool = False) -> bool | None:
    """Tell whether a pattern matches anywhere in a text; None where that cannot be told."""
    if len(pattern) > _LONGEST or len(text) > _LONGEST:
        return None
    if pattern.startswith("(?i)"):
        pattern, ignore_case = pattern[4:], True
    try:
        node = _parsed(pattern, ignore_case)
        matcher = _Matcher(text)
        return any(matcher.ends(node, start) for start in range(len(text) + 1))
    except _UntoldError:
        return None


# --------------------------------------------------------------------------------------- matching


class _Matcher:
    def __init__(self, text: str) -> None:
        self._text = text
        self._told: dict[tuple[int, int], frozenset[int]] = {}
        self._steps = 0

    def ends(self, node: _Node, start: int) -> frozenset[int]:
        """Every offset at which a match that begins at `start` may end."""
        key = (id(node), start)
        found = self._told.get(key)
        if found is None:
            found = self._told[key] = frozenset(self._find(node, start))
        self._steps += 1 + len(found)
        if self._steps > _MOST_STEPS:
            raise _UntoldError
        return found

    def _find(self, node: _Node, start: int) -> set[int]:
        if isinstance(node, _Char):
            return {start + 1} if start < len(self._text) and node.takes(self._text[start]) else set()
        if isinstance(node, _Anchor):
            return {start} if node.holds(self._text, start) else set()
        if isinstance(node, _Sequence):
            reached = {start}
            for part in node.parts:
                reached = self._step(part, reached)
            return reached
        if isinstance(node, _Choice):
            return {end for option in node.options for end in self.ends(option, start)}
        if isinstance(node, _Repeat):
            return self._repeated(node, start)
        if node.behind:
            found = any(start in self.ends(node.part, begin) for begin in range(start + 1))
        else:
            found = bool(self.ends(node.part, start))
        return {start} if found == node.wanted else set()

    def _step(self, part: _Node, reached: set[int]) -> set[int]:
        return {end for at in reached for end in self.ends(part, at)}

    def _repeated(self, node: _Repeat, start: int) -> set[int]:
        reached = {start}
        for _ in range(node.least):
            reached = self._step(node.part, reached)
        fresh, count = reached, node.least
        while fresh and count < node.most:
            fresh = self._step(node.part, fresh) - reached
            reached = reached | fresh
            count += 1
        return reached


# ---------------------------------------------------------------------------------------- parsing

_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_KINDS = {"d": frozenset("0123456789"), "w": _WORD, "s": frozenset(" \t\n\r\f\v")}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "e": "\x1b", "a": "\a"}
_LOOKS = {"?=": (True, False), "?!": (False, False), "?<=": (True, True), "?<!": (False, True)}
_COUNTS = {"*": (0, _LONGEST + 1), "+": (1, _LONGEST + 1), "?": (0, 1)}


@cache
def _parsed(pattern: str, ignore_case: bool) -> _Node:
    parser = _Parser(pattern, ignore_case)
    node = parser.choice(0)
    if parser.at < len(pattern):
        raise _UntoldError
    return node


class _Parser:
    def __init__(self, pattern: str, ignore_case: bool) -> None:
        self.pattern = pattern
        self.ignore_case = ignore_case
        self.at = 0

    def choice(self, depth: int) -> _Node:
        if depth > _DEEPEST:
            raise _UntoldError
        options = [self._sequence(depth)]
        while self._next("|"):
            options.append(self._sequence(depth))
        return options[0] if len(options) == 1 else _Choice(tuple(options))

    def _next(self, text: str) -> bool:
        found = self.pattern.startswith(text, self.at)
        self.at += len(text) if found else 0
        return found

    def _sequence(self, depth: int) -> _Node:
        parts: list[_Node] = []
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            parts.append(self._counted(self._atom(depth)))
        return _Sequence(tuple(parts))

    def _counted(self, part: _Node) -> _Node:
        sign = self.pattern[self.at : self.at + 1]
        least, most = _COUNTS.get(sign) or (self._braces() if sign == "{" else (1, 1))
        if sign in _COUNTS:
            self.at += 1
        if (least, most) == (1, 1) and sign != "{":
            return part
        if self._next("+"):  # possessive: what it took is not given back
            raise _UntoldError
        self._next("?")
        return _Repeat(part, least, most)

    def _braces(self) -> tuple[int, int]:
        inside, closed, _ = self.pattern[self.at + 1 :].partition("}")
        low, comma, high = inside.partition(",")
        if not closed or not low.isdecimal() or (high and not high.isdecimal()):
            raise _UntoldError  # a brace that stands for itself
        self.at += len(inside) + 2
        least = int(low)
        most = int(high) if high else _LONGEST + 1 if comma else least
        if least > _MOST_REPEATS or (high and most > _MOST_REPEATS):
            raise _UntoldError
        return least, most

    def _atom(self, depth: int) -> _Node:
        char = self.pattern[self.at]
        self.at += 1
        if char == "(":
            return self._group(depth)
        if char == "[":
            return self._class()
        if char == "\\":
            return self._escape()
        if char == ".":
            return _Char(lambda one: one != "\n")
        if char == "^":
            return _Anchor(lambda _, at: at == 0)
        if char == "$":
            return _Anchor(lambda text, at: text[at:] in ("", "\n"))
        if char in "*+?{":
            raise _UntoldError
        return self._one_of({char})

    def _one_of(self, chars: set[str], wanted: bool = True) -> _Char:
        if self.ignore_case:
            chars = {case for char in chars for case in (char.lower(), char.upper())}
        return _Char(lambda one: (one in chars) == wanted)

    def _group(self, depth: int) -> _Node:
        look = next((sign for sign in ("?=", "?!", "?<=", "?<!") if self._next(sign)), "")
        if not look and self._next("?"):
            if self._next("<") or self._next("P<"):
                self.at = self.pattern.find(">", self.at) + 1 or len(self.pattern)
            elif not self._next(":"):
                raise _UntoldError
        inner = self.choice(depth + 1)
        if not self._next(")"):
            raise _UntoldError
        return _Look(inner, *_LOOKS[look]) if look else inner

    def _escape(self) -> _Node:
        char = self.pattern[self.at : self.at + 1]
        self.at += 1
        if char.lower() in _KINDS:
            kind, wanted = _KINDS[char.lower()], char.islower()
            return _Char(lambda one: (one in kind) == wanted)
        if char in ("b", "B"):
            return _Anchor(lambda text, at: _is_edge(text, at) == (char == "b"))
        if char in ("A", "z"):
            return _Anchor(lambda text, at: at == (0 if char == "A" else len(text)))
        return self._one_of({self._literal(char)})

    def _literal(self, char: str) -> str:
        """What an escaped character stands for, inside a class or outside."""
        if not char or (char.isalnum() and char not in _CONTROLS):
            raise _UntoldError
        return _CONTROLS.get(char, char)

    def _class(self) -> _Node:
        wanted = not self._next("^")
        taken: set[str] = set()
        first = True
        while first or not self._next("]"):
            char, kind = self._member()
            first = False
            if kind is not None:
                taken |= kind
            elif self._begins_range():
                self.at += 1
                last, kind = self._member()
                if kind is not None or last < char:
                    raise _UntoldError
                taken.update(map(chr, range(ord(char), min(ord(last), 0x10FF) + 1)))
            else:
                taken.add(char)
        return self._one_of(taken, wanted)

    def _begins_range(self) -> bool:
        sign, last = self.pattern[self.at : self.at + 1], self.pattern[self.at + 1 : self.at + 2]
        return sign == "-" and last not in ("", "]")

    def _member(self) -> tuple[str, frozenset[str] | None]:
        """One character of a class, or the letter of a kind such as `\\d` with what it holds."""
        char = self.pattern[self.at : self.at + 1]
        self.at += 1
        if not char or (char == "[" and self.pattern[self.at : self.at + 1] in (":", ".", "=")):
            raise _UntoldError
        if char != "\\":
            return char, None
        char = self.pattern[self.at : self.at + 1]
        self.at += 1
        return (char, _KINDS[char]) if char in _KINDS else (self._literal(char), None)


def _is_edge(text: str, at: int) -> bool:
    """Whether a word begins or ends there."""
    before, behind = text[at - 1 : at] if at else "", text[at : at + 1]
    return (before in _WORD and before != "") != (behind in _WORD and behind != "")
