"""What a value of a settings file may look like: checked, described and written as JSON Schema from one place."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from .places import Path

Object = dict[str, Any]
MOST = 50  # mistakes of one file that are told
LONGEST = 60  # characters of a word that is shown or that something near is looked for
Problem = Callable[[str], str]  # of a text: what is wrong with it, "" where nothing is


class Mistakes:
    """What is wrong, and with which key or value. `selectors` are the names of rules and groups, None where
    they cannot be told."""

    def __init__(self, selectors: Sequence[str] | None = None) -> None:
        self.selectors = selectors
        self.found: list[tuple[Path, bool, str, str]] = []

    @property
    def full(self) -> bool:
        """Whether so much is wrong that nobody reads on."""
        return len(self.found) >= MOST

    def add(self, path: Path, message: str, label: str = "", *, key: bool = False) -> None:
        """Say that something is wrong with the value at a path, or with its key."""
        self.found.append((path, key, message, label))


class Shape:
    """One kind of value. `words` says it to a person, `schema` to an editor."""

    words = ""
    type: type | tuple[type, ...] = object

    def check(self, value: Any, path: Path, mistakes: Mistakes) -> None:
        if mistakes.full:
            return
        if not isinstance(value, self.type) or (isinstance(value, bool) and self.type is not bool):
            bare = self.type is str and isinstance(value, int | float)
            label = f"expected {self.words}{', in quotes' if bare else ''}"
            mistakes.add(path, f"{named(path)} is {self.words}, not {_kind(value)}", label)
        else:
            self.look(value, path, mistakes)

    def look(self, value: Any, path: Path, mistakes: Mistakes) -> None:
        """Check a value of the right type."""

    def schema(self) -> Object:
        raise NotImplementedError


class Text(Shape):
    """A text that is not empty; `problem` says what else may be wrong with it."""

    type = str

    def __init__(self, words: str = "a text", problem: Problem | None = None, pattern: str = "") -> None:
        self.words = words
        self._problem = problem
        self._pattern = pattern

    def look(self, value: str, path: Path, mistakes: Mistakes) -> None:
        wrong = "it is empty" if not value.strip() else self._problem(value) if self._problem else ""
        if wrong:
            mistakes.add(path, f"{named(path)} cannot be {quoted(value)}", wrong)

    def schema(self) -> Object:
        return {"type": "string", "minLength": 1, **({"pattern": self._pattern} if self._pattern else {})}


class Choice(Shape):
    """One of a few words."""

    type = str

    def __init__(self, choices: Iterable[str]) -> None:
        self.choices = tuple(choices)
        self.words = listed([f"{one!r}" for one in self.choices], "or")

    def look(self, value: str, path: Path, mistakes: Mistakes) -> None:
        if value not in self.choices:
            mistakes.add(
                path, f"{named(path)} cannot be {quoted(value)}", meant(value, self.choices) or f"use {self.words}"
            )

    def schema(self) -> Object:
        return {"enum": list(self.choices)}


class Count(Shape):
    """A whole number from 1 on."""

    type = int
    words = "a whole number from 1 on"

    def look(self, value: int, path: Path, mistakes: Mistakes) -> None:
        if value < 1:
            mistakes.add(path, f"{named(path)} is {self.words}", "too small")

    def schema(self) -> Object:
        return {"type": "integer", "minimum": 1}


class Selector(Shape):
    """A rule, a group of rules or a glob of rule names."""

    type = str
    words = "a rule, a group or a glob"

    def look(self, value: str, path: Path, mistakes: Mistakes) -> None:
        if mistakes.selectors is None or is_selector(value, mistakes.selectors):
            return
        near = meant(value, mistakes.selectors)
        mistakes.add(path, f"no rule or group {quoted(value)}", near or "see `flasklint rules`")

    def schema(self) -> Object:
        return {"$ref": "#/definitions/selector"}


class List(Shape):
    """Any number of values of one shape."""

    type = list

    def __init__(self, item: Shape, words: str) -> None:
        self.item = item
        self.words = words

    def look(self, value: list[Any], path: Path, mistakes: Mistakes) -> None:
        for number, item in enumerate(value):
            self.item.check(item, (*path, number), mistakes)

    def schema(self) -> Object:
        return {"type": "array", "items": self.item.schema()}


class Table(Shape):
    """Keys of one shape that lead to values of another."""

    type = dict

    def __init__(self, key: Shape, item: Shape, words: str) -> None:
        self.key = key
        self.item = item
        self.words = words

    def look(self, value: Object, path: Path, mistakes: Mistakes) -> None:
        for name, item in value.items():
            if mistakes.full:
                return
            keys = Mistakes(mistakes.selectors)
            self.key.check(name, path, keys)
            for _, _, said, label in keys.found:
                said = said.replace(" cannot be ", " cannot have the key ", 1)
                mistakes.add((*path, name), said, label, key=True)
            self.item.check(item, (*path, name), mistakes)

    def schema(self) -> Object:
        return {"type": "object", "propertyNames": self.key.schema(), "additionalProperties": self.item.schema()}


class Fields(Shape):
    """A table with known keys, some of which must be there."""

    type = dict

    def __init__(self, fields: Mapping[str, tuple[Shape, str]], words: str, required: Sequence[str] = ()) -> None:
        self.fields = fields
        self.words = words
        self.required = tuple(required)

    def look(self, value: Object, path: Path, mistakes: Mistakes) -> None:
        for name, item in value.items():
            if mistakes.full:
                return
            if name in self.fields:
                self.fields[name][0].check(item, (*path, name), mistakes)
            else:
                hint = meant(name, self.fields) or f"known here: {listed(sorted(self.fields), 'and')}"
                mistakes.add((*path, name), f"unknown key {quoted(name)}", hint, key=True)
        for name in self.required:
            if name not in value:
                mistakes.add(path, f"{named(path)} needs {name!r}", f"{name!r} is missing")

    def schema(self) -> Object:
        properties = {name: {**shape.schema(), "description": doc} for name, (shape, doc) in self.fields.items()}
        required = {"required": list(self.required)} if self.required else {}
        return {"type": "object", "properties": properties, **required, "additionalProperties": False}


# ------------------------------------------------------------------------------------------- words


def named(path: Path) -> str:
    """Name a value by its key: `severity.upstream`, `ignore[2]`; the table itself by its own name."""
    said = ""
    for part in path:
        said += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if said else part
    return f"`{said[:LONGEST]}`" if said else "the file"


def quoted(word: str) -> str:
    return repr(word if len(word) <= LONGEST else f"{word[:LONGEST]}…")


def meant(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word[:LONGEST], sorted(set(known)), 2, 0.6)
    return f"did you mean {listed([f'{one!r}' for one in near], 'or')}?" if near else ""


def listed(words: Sequence[str], last: str) -> str:
    return f" {last} ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def is_selector(word: str, names: Sequence[str]) -> bool:
    """Whether it is a rule or a group of these, or a glob that matches one."""
    from fnmatch import fnmatchcase

    is_glob = not set("*?[").isdisjoint(word)
    return word == "all" or word in names or (is_glob and any(fnmatchcase(name, word) for name in names))


def _kind(value: object) -> str:
    """Say what a value of TOML is."""
    kinds = {bool: "a boolean", str: "a text", int: "a number", float: "a number", list: "a list", dict: "a table"}
    return kinds.get(type(value), "a date or a time")
