"""The keys of a settings file as JSON Schema and as a page of the manual; both are generated and never edited."""

from typing import Any

from ..finding import Severity
from ..rule import load
from ..settings import Settings
from .keys import KEYS, SHAPE, Key

SCHEMA_ID = "flasklint.schema.json"
_TITLE = "Settings of flasklint: flasklint.toml, or [tool.flasklint] in pyproject.toml"


def schema() -> dict[str, Any]:
    """Return the schema of the table that holds the settings. Rules are named for completion; others are allowed,
    for a project may have its own."""
    properties = {}
    for key in KEYS:
        properties[key.name] = {**key.shape.schema(), "description": key.doc, "examples": [_example(key)]}
    rules = load()
    names = sorted({one.group for one in rules}) + [one.name for one in rules]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": SCHEMA_ID,
        "title": _TITLE,
        **SHAPE.schema(),
        "properties": properties,
        "definitions": {"selector": {"anyOf": [{"enum": ["all", *names]}, {"type": "string", "minLength": 1}]}},
    }


def _example(key: Key) -> Any:
    import tomllib

    return tomllib.loads(example(key, ""))[key.name]


def example(key: Key, table: str = "tool.flasklint") -> str:
    """Return the lines that set a key, with the header they stand below; of a file of its own where `table` is ""."""
    name = f"{table}.{key.name}" if table else key.name
    match key.shape.schema():
        case {"type": "object"}:
            return f"[{name}]\n{key.example}\n"
        case {"type": "array", "items": {"type": "object"}}:
            return f"[[{name}]]\n{key.example}\n"
    return f"[{table}]\n{key.example}\n" if table else f"{key.example}\n"


def page() -> str:
    """Return the reference of all keys in Markdown."""
    return "\n".join(_entry(key) for key in KEYS)


def _entry(key: Key) -> str:
    option = f" On the command line: `{key.option}`." if key.option else ""
    described = f"{key.doc}\n\nIt is {key.shape.words}.{option}"
    default = _default(key)
    described += f" Default: `{default}`." if default else ""
    return f"### `{key.name}`\n\n{described}\n\n```toml\n{example(key)}```\n"


def _default(key: Key) -> str:
    """Return the default of a key that has one which says something."""
    default = getattr(Settings(), key.field)
    return f'"{default}"' if default and isinstance(default, str | Severity) else ""
