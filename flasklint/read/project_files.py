"""Requirements in project metadata: pyproject.toml, Pipfile, setup.cfg, setup.py, environment.yml.

tomllib tells no places; each requirement is looked up again in the text, in order. A file that does
not speak of requirements at all (a pyproject.toml that only configures tools) gives None.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache

from ..facts import Requirement
from ..source import Source, Span
from .requirement_lines import normal_name, requirement, requirement_lines
from .syntax import Code, code_of
from .toml import load

Read = tuple[list[Requirement], bool]

_MOST_MISSES = 100


class _Places:
    """Finds values again in a text, each time after the one before where there is such a place."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.offset = 0
        self.misses = 0
        self.keys: dict[str, list[int]] | None = None

    def of(self, text: str, start: int = -1) -> Span:
        at = -1
        if self.misses < _MOST_MISSES:  # each costs a look through the whole file
            at = self.source.text.find(text, self.offset if start < 0 else start)
            if at < 0:
                self.misses += 1
                at = self.source.text.find(text)
        if at < 0:
            return self.source.whole()
        self.offset = at + len(text)
        return Span(self.source, at, at + len(text))

    def key(self, name: str, start: int) -> Span:
        """Find a key at the beginning of a line, quoted or not."""
        if self.keys is None:
            self.keys = {}
            for found in _key().finditer(self.source.text):
                group = found.lastindex or 0
                self.keys.setdefault(found[group], []).append(found.start(group))
        places = self.keys.get(name)
        if not places:
            return self.of(name, start)
        at = next((place for place in places[:_MOST_MISSES] if place >= start), places[0])
        return Span(self.source, at, at + len(name))


@cache
def _key() -> re.Pattern[str]:
    return re.compile(r"^[ \t]*+(?:\"([^\"\n]*+)\"|'([^'\n]*+)'|([\w-]++))[ \t]*+[=.]", re.MULTILINE)


def _table(data: object, *keys: str) -> dict[str, object]:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def _texts(data: object) -> list[str]:
    return [text for text in data if isinstance(text, str)] if isinstance(data, list) else []


def pyproject(source: Source) -> Read | None:
    """Read [project], [dependency-groups] and Poetry's tables. `dynamic` dependencies are not told."""
    data = load(source)
    if data is None:
        return [], False
    if not (data.keys() & {"project", "dependency-groups"} or _table(data, "tool", "poetry")):
        return None
    places = _Places(source)
    project = _table(data, "project")
    lists = [project.get("dependencies"), *_table(project, "optional-dependencies").values()]
    lists += _table(data, "dependency-groups").values()
    lists.append(_table(data, "tool", "uv").get("dev-dependencies"))
    wanted = []
    for text in (text for group in lists for text in _texts(group)):
        found = requirement(text, places.of(text))
        wanted += [found] if found else []
    wanted += _poetry(_table(data, "tool", "poetry"), places)
    dynamic = {"dependencies", "optional-dependencies"} & set(_texts(project.get("dynamic")))
    return wanted, not dynamic


def _poetry(poetry: dict[str, object], places: _Places) -> Iterator[Requirement]:
    groups = [("[tool.poetry.dependencies]", poetry.get("dependencies"))]
    groups.append(("[tool.poetry.dev-dependencies]", poetry.get("dev-dependencies")))
    for name, group in _table(poetry, "group").items():
        groups.append((f"[tool.poetry.group.{name}.dependencies]", _table(group, "dependencies")))
    for heading, group in groups:
        yield from _named(heading, group, places)


def _named(heading: str, group: object, places: _Places) -> Iterator[Requirement]:
    """Return the requirements of a table `name = "^1.0"` or `name = { version = "...", extras = [...] }`."""
    start = places.source.text.find(heading)
    for name, value in group.items() if isinstance(group, dict) else ():
        if name == "python":
            continue
        written = value.get("version", "") if isinstance(value, dict) else value
        specifier = written if isinstance(written, str) and written != "*" else ""
        extras = tuple(extra.lower() for extra in _texts(value.get("extras"))) if isinstance(value, dict) else ()
        at = places.key(name, start)
        pinned = specifier.lstrip("=").strip() if specifier.startswith("==") or specifier[:1].isdigit() else ""
        if "," in pinned or "*" in pinned:
            pinned = ""
        yield Requirement(normal_name(name), specifier, pinned, at, extras)


def pipfile(source: Source) -> Read:
    data = load(source)
    if data is None:
        return [], False
    places = _Places(source)
    wanted = [*_named("[packages]", data.get("packages"), places)]
    return [*wanted, *_named("[dev-packages]", data.get("dev-packages"), places)], True


def setup_cfg(source: Source) -> Read | None:
    """Read `install_requires` and the extras of setuptools' declarative form, line by line."""
    if "install_requires" not in source.text and "[options" not in source.text:
        return None
    wanted: list[Requirement] = []
    section = key = ""
    complete = True
    offset = 0
    for row in source.text.splitlines(keepends=True):
        start, offset = offset, offset + len(row)
        text = row.strip()
        if not text or text[0] in "#;":
            continue
        if text[0] == "[":
            section, key = text.strip("[]").strip(), ""
            continue
        if row[0] not in " \t":
            key, _, text = (part.strip() for part in row.partition("="))
        if not text or not (section == "options.extras_require" or (section, key) == ("options", "install_requires")):
            continue
        at = start + row.find(text)
        found = requirement(text, Span(source, at, at + len(text)))
        wanted += [found] if found else []
        complete &= found is not None
    return wanted, complete


def setup_py(source: Source) -> Read | None:
    """Read literal `install_requires` and `extras_require` of `setup(...)`."""
    if "setup(" not in source.text:
        return None
    code = code_of(source)
    if code.body is None:
        return [], False
    wanted: list[Requirement] = []
    complete = True
    for node in (node for statement in code.body for node in ast.walk(statement)):
        if isinstance(node, ast.keyword) and node.arg in ("install_requires", "extras_require"):
            parts = node.value.values if isinstance(node.value, ast.Dict) else [node.value]
            for part in parts:
                found, told = _literal_list(part, code)
                wanted += found
                complete &= told
    return wanted, complete


def _literal_list(node: ast.expr, code: Code) -> Read:
    if not isinstance(node, ast.List | ast.Tuple):
        return [], False
    texts = [item for item in node.elts if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    found = [requirement(str(item.value), code.span(item)) for item in texts]
    wanted = [one for one in found if one is not None]
    return wanted, len(wanted) == len(node.elts)


def conda(source: Source) -> Read:
    """Read `- name=1.0` and, below `- pip:`, `- name==1.0` of an environment file as plain lines.

    Never complete: channels' packages go by other names, and the file may continue elsewhere.
    """
    wanted = []
    inside = False
    for line in requirement_lines(source):
        text = line.at.text
        if not text.startswith("-"):
            inside = text.startswith("dependencies:")
        elif inside and not text.endswith(":"):
            item = text.lstrip("- ").strip("\"'")
            at = line.at.part(len(text) - len(text.lstrip("- \"'")), len(text))
            name, _, version = item.partition("=")
            plain = (
                f"{name}=={version.partition('=')[0]}"
                if version and version[0] != "=" and name[-1:] not in tuple("<>!~")
                else item
            )
            found = requirement(plain, at)
            wanted += [found] if found else []
    return wanted, False
