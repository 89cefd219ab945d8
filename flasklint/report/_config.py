"""The settings in force, and where each of them comes from."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..config import Settled
from ..config.keys import KEYS
from ..finding import Severity
from ..record import Record
from ..source import Span
from ._screen import BOLD, beginning, paint, visible

WIDEST = 60  # columns of a value, after which the origin follows as it comes


class Row(Record):
    """A key, or an entry of one that is a table, its value as JSON has it, and its origin (see `Settled`)."""

    key: str
    entry: str
    value: Any
    origin: Span | str | None


def text(settled: Settled, color: bool) -> str:
    """Return a line for every value: name, value, origin."""
    import json

    cells = []
    for row in _rows(settled):
        name = beginning(f"{row.key}.{row.entry}" if row.entry else row.key)
        cells.append((name, visible(json.dumps(row.value, ensure_ascii=False)), _origin(row.origin)))
    first = max(len(name) for name, _, _ in cells)
    second = min(max(len(value) for _, value, _ in cells), WIDEST)
    head = f"settings of {visible(settled.file.path)}" if settled.file else "no settings file"
    lines = [paint(head, BOLD, color), *(f"{name:{first}}  {value:{second}}  {said}" for name, value, said in cells)]
    return "".join(f"{line}\n" for line in lines)


def json(settled: Settled) -> str:
    """Return an object with the file (null without one) and, by key, values and origins."""
    from json import dumps

    listed: dict[str, Any] = {}
    for row in _rows(settled):
        origin: dict[str, object] = {"from": row.origin or "command line"}
        if isinstance(row.origin, Span):
            origin = {"from": "file", "path": row.origin.path, "line": row.origin.line, "column": row.origin.column}
        value = {"value": row.value, **origin}
        if row.entry:
            listed.setdefault(row.key, {})[row.entry] = value
        else:
            listed[row.key] = value
    return dumps({"file": settled.file.path if settled.file else None, "settings": listed}, indent=2) + "\n"


def _rows(settled: Settled) -> Iterator[Row]:
    for key in KEYS:
        value = getattr(settled.settings, key.field)
        origin = settled.origins.get((key.field,), "default")
        if isinstance(value, Mapping) and value:
            for entry, item in value.items():
                yield Row(key.name, entry, _plain(item), settled.origins.get((key.field, entry), origin))
        else:
            yield Row(key.name, "", _plain(value), origin)


def _origin(origin: Span | str | None) -> str:
    if isinstance(origin, Span):
        return f"{visible(origin.path)}:{origin.line}"
    return origin or "command line"


def _plain(value: Any) -> Any:
    """Turn a setting into what JSON has."""
    if isinstance(value, Severity):
        return str(value)
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, tuple):
        return (
            {name: _plain(item) for name, item in value._asdict().items()}
            if hasattr(value, "_asdict")
            else [_plain(item) for item in value]
        )
    return value or None if isinstance(value, str) else value
