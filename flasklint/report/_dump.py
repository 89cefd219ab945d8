"""JSON that no log can take for a command."""

from typing import Any


def dump(value: Any, indent: int | None = None) -> str:
    """Return a value as JSON in ASCII; `##[`, a command to GitHub's runner anywhere in a line, is broken up."""
    import json

    return json.dumps(value, indent=indent).replace("##", "#\\u0023")
