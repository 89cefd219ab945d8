"""Lock files: which version of each distribution is installed.

uv.lock, poetry.lock and pdm.lock are TOML with one `[[package]]` table per distribution; Pipfile.lock
is JSON with one object per distribution in "default" and "develop".
"""

import json

from ..facts import Requirement
from ..source import Source, Span
from .requirement_lines import normal_name
from .toml import load

Read = tuple[list[Requirement], bool]

_NEAR = 100_000  # characters; the entry of one distribution, its hashes included, is not longer


def toml_lock(source: Source) -> Read:
    """Read the `[[package]]` tables of uv, Poetry and PDM."""
    data = load(source)
    if data is None:
        return [], False
    packages = data.get("package", [])
    wanted = []
    offset = 0
    for package in packages if isinstance(packages, list) else []:
        if not isinstance(package, dict):
            continue
        name, version = package.get("name"), package.get("version", "")
        if not isinstance(name, str) or not isinstance(version, str):
            continue
        at = max(source.text.find("[[package]]", offset), offset)
        at = source.text.find(f'"{name}"', at, at + _NEAR)
        if at < 0:
            continue
        offset = at + len(name)
        wanted.append(Requirement(normal_name(name), "", version, Span(source, at + 1, offset + 1)))
    return wanted, True


def pipfile_lock(source: Source) -> Read:
    """Read Pipenv's lock file."""
    try:
        data = json.loads(source.text)
    except (ValueError, RecursionError):
        return [], False
    wanted = []
    offset = 0
    for section in ("default", "develop"):
        group = data.get(section) if isinstance(data, dict) else None
        offset = max(source.text.find(f'"{section}"', offset), offset)
        for name, entry in group.items() if isinstance(group, dict) else ():
            at = source.text.find(f'"{name}"', offset, offset + _NEAR)
            if at < 0:
                continue
            offset = at + len(name)
            version = entry.get("version", "") if isinstance(entry, dict) else ""
            version = version if isinstance(version, str) else ""
            span = Span(source, at + 1, offset + 1)
            wanted.append(Requirement(normal_name(name), version, version.lstrip("="), span))
    return wanted, True
