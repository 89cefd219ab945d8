"""What a unit file is called, and what its name says: templates, instances, drop-ins."""

import re
from functools import cache
from posixpath import basename, dirname

from ...filenames import UNITS, plain_name
from ...record import Record


class DropIn(Record):
    """`folder`/`owner`.d/`name`: settings for every unit that `owner` covers."""

    folder: str
    owner: str
    name: str


def looks_like(name: str, head: bytes) -> bool:
    """Tell whether a file is a unit or drop-in, by its path (relative to the input) and first bytes."""
    if b"[" not in head or head.startswith(b"#!"):
        return False
    stem, _, suffix = plain_name(basename(name)).rpartition(".")
    if (suffix in UNITS and stem) or drop_in(name) is not None:
        return _headers().search(head) is not None
    return b"ExecStart=" in head and b"[Service]" in head and _bare_unit().search(head) is not None


def unit_name(path: str) -> str:
    """Return the name systemd would know a unit file by: "deploy/shop.service.j2" is "shop.service"."""
    name = plain_name(basename(path))
    stem, _, suffix = name.rpartition(".")
    return name if suffix in UNITS and stem else f"{name}.service"


def drop_in(path: str) -> DropIn | None:
    """Return what a path `.../shop.service.d/10-env.conf` says, None for anything else."""
    if ".d/" not in path:
        return None
    folder, name = dirname(path), plain_name(basename(path))
    owner = basename(folder)
    if not name.endswith(".conf") or not owner.endswith(".d"):
        return None
    owner = owner[:-2]
    return DropIn(dirname(folder), owner, name) if owner.rpartition(".")[2] in UNITS else None


def drop_in_owners(unit: str) -> tuple[str, ...]:
    """Return the names whose `.d` folders apply to a unit, the most specific first.

    systemd.unit(5): the unit itself, its template, names cut at each dash ("a-b.service": "a-.service"),
    and the bare kind ("service").
    """
    stem, _, kind = unit.rpartition(".")
    owners = [unit]
    prefix, at, instance = stem.partition("@")
    if at and instance:
        owners.append(f"{prefix}@.{kind}")
    cut = prefix.rstrip("-")
    while (dash := cut.rfind("-")) > 0:
        owners.append(f"{cut[: dash + 1]}{at}.{kind}" if at else f"{cut[: dash + 1]}.{kind}")
        cut = cut[:dash].rstrip("-")
    return (*owners, kind)


@cache
def _headers() -> re.Pattern[bytes]:
    """A header of a unit, or (the header may be misspelt) a key that nothing else has."""
    return re.compile(
        rb"(?m)^(?:\xef\xbb\xbf)?[ \t]*"
        rb"\[(?:Unit|Service|Socket|Install|Timer|Path|Mount|Automount|Slice|Swap|Scope)\]"
        rb"[ \t\r]*$|^[ \t]*ExecStart[ \t]*=[ \t]*[-/@:+!\w]"
    )


@cache
def _bare_unit() -> re.Pattern[bytes]:
    """A unit under any other name: comments, blank and template lines, then a header."""
    return re.compile(
        rb"\A(?:\xef\xbb\xbf)?(?:[ \t\r]*(?:[#;][^\n]*|\{[%{#][^\n]*)?\n)*+"
        rb"[ \t]*\[(?:Unit|Service|Install)\][ \t\r]*\n"
    )
