"""The findings that a project lives with for now: a file that later runs subtract.

Entries are told by fingerprints (rule, path as seen from the file's folder, text of the place), so that edits
elsewhere in a file wake none of them.
"""

import os
import re
import stat
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from .finding import Finding
from .result import Entry, Result
from .rule import added, names
from .tree import Tree

VERSION = 1
MOST_BYTES = 20_000_000
MOST_COUNTED = 1_000_000  # findings of one entry
NEVER = "internal-error"  # nobody can live with what was not checked


class BaselineError(ValueError):
    """A baseline that cannot be used; the text says which, why and what to do."""


def read(file: str) -> tuple[Entry, ...]:
    """Return the entries of a baseline. Raises BaselineError, and OSError for one that cannot be opened."""
    import json

    data = _bytes(file)
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        line = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise _broken(file, f"it is no JSON{line}") from None
    if not isinstance(found, dict) or "version" not in found:
        raise _broken(file, "it names no version")
    version = found["version"]
    if version != VERSION or isinstance(version, bool):
        shown = version if isinstance(version, int) and not isinstance(version, bool) else "another one"
        raise BaselineError(
            f"{file}: its version is {shown}, and this flasklint reads version {VERSION}: take it away "
            "and run `flasklint baseline`, or install the release that wrote it"
        )
    listed = found.get("findings")
    if not isinstance(listed, list):
        raise _broken(file, "it has no list of findings")
    return tuple(_entry(file, number, one) for number, one in enumerate(listed, 1))


def _bytes(file: str) -> bytes:
    handle = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(handle, "rb", closefd=True) as opened:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise BaselineError(f"{file}: this baseline is no regular file")
        if status.st_size > MOST_BYTES:
            raise BaselineError(f"{file}: this baseline is larger than {MOST_BYTES // 1_000_000} MB")
        return opened.read(MOST_BYTES)


def _entry(file: str, number: int, one: Any) -> Entry:
    """Check one entry: strangers may have written it."""
    if not isinstance(one, dict):
        raise _broken(file, f"entry {number} is no object")
    fingerprint, rule, path, message = (one.get(key, "") for key in ("fingerprint", "rule", "path", "message"))
    if not isinstance(fingerprint, str) or not re.fullmatch(r"[0-9a-f]{16}", fingerprint):
        raise _broken(file, f"entry {number} has no fingerprint of 16 hexadecimal digits")
    if not all(isinstance(text, str) for text in (rule, path, message)) or not (rule and path) or "\0" in path:
        raise _broken(file, f"entry {number} lacks a rule, a path or a message")
    count = one.get("count", 1)
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= MOST_COUNTED:
        raise _broken(file, f"the count of entry {number} is no number from 1 on")
    return Entry(fingerprint, rule, path, message, count)


def _broken(file: str, why: str) -> BaselineError:
    return BaselineError(f"{file}: this baseline cannot be used, {why}; take it away and run `flasklint baseline`")


# -------------------------------------------------------------------------------------- subtracting


def subtract(result: Result, file: str, tree: Tree, ran: Collection[str]) -> Result:
    """Take out of a result what the baseline holds, and say which entries of it nothing answers to.

    Of several findings with one fingerprint the first ones are taken for the old. An entry is only stale where the
    rules that `ran`, on the files that were given, would have found it. Raises what `read` does.
    """
    folder = _folder(file)
    entries = merged(read(file))
    left = Counter({entry.fingerprint: entry.times for entry in entries})
    new: list[Finding] = []
    old: list[Finding] = []
    for finding in result.findings:
        fingerprint = finding.fingerprint_in(_path(finding, folder))
        is_old = left[fingerprint] > 0 and finding.rule != NEVER
        left[fingerprint] -= is_old
        (old if is_old else new).append(finding)
    idle = [entry._replace(times=left[entry.fingerprint]) for entry in entries if left[entry.fingerprint] > 0]
    known = {*names(), *(one.name for one in added())}
    stale = () if result.internal_errors else tuple(
        one for one in idle if (one.rule in ran or one.rule not in known) and _was_given(one, folder, tree)
    )  # fmt: skip
    return result._replace(findings=tuple(new), baselined=tuple(old), stale=stale)


def _was_given(entry: Entry, folder: str, tree: Tree) -> bool:
    path = tree.relative(os.path.normpath(os.path.join(folder, entry.path)))
    return path is not None and any(not given or f"{path}/".startswith(f"{given}/") for given in tree.given)


def merged(entries: Iterable[Entry]) -> list[Entry]:
    """Return entries by path, those of one fingerprint as one: two branches may have added the same."""
    found: dict[str, Entry] = {}
    for entry in entries:
        known = found.get(entry.fingerprint)
        found[entry.fingerprint] = entry._replace(times=entry.times + known.times) if known else entry
    return sorted(found.values(), key=lambda entry: (entry.path, entry.rule, entry.fingerprint))


def _folder(file: str) -> str:
    return os.path.dirname(os.path.realpath(file))


def _path(finding: Finding, folder: str) -> str:
    """Return the path of a finding as seen from a folder."""
    real = finding.at.source.real
    return os.path.relpath(real, folder).replace(os.sep, "/") if os.path.isabs(real) else finding.at.path


# ------------------------------------------------------------------------------------------ writing


def taken(findings: Iterable[Finding], file: str) -> list[Entry]:
    """Return what a baseline of these findings holds."""
    folder = _folder(file)
    paths = [(finding, _path(finding, folder)) for finding in findings if finding.rule != NEVER]
    return merged(Entry(one.fingerprint_in(path), one.rule, path, one.message, 1) for one, path in paths)


def without(entries: Iterable[Entry], stale: Iterable[Entry]) -> list[Entry]:
    """Return entries without what is stale of them."""
    gone = {entry.fingerprint: entry.times for entry in stale}
    left = [entry._replace(times=entry.times - gone.get(entry.fingerprint, 0)) for entry in merged(entries)]
    return [entry for entry in left if entry.times > 0]


def render(entries: Iterable[Entry]) -> str:
    """Write entries, sorted and one a line, so that changes are easy to review and to merge."""
    import json

    lines = [
        json.dumps({key: value for key, value in _fields(entry).items() if key != "count" or value != 1})
        for entry in merged(entries)
    ]
    listed = "[\n    " + ",\n    ".join(lines) + "\n  ]" if lines else "[]"
    return f'{{\n  "version": {VERSION},\n  "findings": {listed}\n}}\n'


def _fields(entry: Entry) -> dict[str, str | int]:
    """Name the fields of an entry, those by which people look it up first."""
    return {
        "path": entry.path,
        "rule": entry.rule,
        "fingerprint": entry.fingerprint,
        "count": entry.times,
        "message": entry.message,
    }
