"""Repairs as edits of the editor's own, and comments that silence."""

import os
from collections.abc import Iterable

from lsprotocol import types

from ..finding import Edit, Finding
from ..fix import Refused, comment_above, plain, planned
from ..fix.choose import Repair, is_whole
from ..fix.ignores import NEVER
from ..record import Record
from ..result import Change
from ..source import Source, Span, decode
from .look import SETTINGS, Job, Seen
from .places import Places

FIX_ALL = "source.fixAll.flasklint"
REASON = "say why"  # the reason that the user is to put in its place


class TextChange(Record):
    """What is to become of one file."""

    source: Source
    edits: tuple[Edit, ...]


def repair(finding: Finding) -> tuple[TextChange, ...]:
    """Return the edits that make the fix of a finding, by file; none where it cannot be made as it stands."""
    if not finding.fix:
        return ()
    try:
        edits = tuple(plain(edit) for edit in finding.fix.edits)
    except Refused:
        return ()
    return _by_file(edits) if is_whole(Repair(finding, edits)) else ()


def ignore(finding: Finding) -> tuple[TextChange, ...]:
    """Return the edit that puts a comment above a finding, which silences it; none where no comment can stand."""
    if finding.rule in (NEVER, SETTINGS):
        return ()
    edit = comment_above(finding.at.source, finding.at.line, [finding.rule], REASON)
    return (TextChange(finding.at.source, (edit,)),) if edit else ()


def fix_all(seen: Seen, path: str) -> tuple[TextChange, ...]:
    """Return all safe repairs of the folder that a file (its real path) lies in, made one after the other."""
    place = _home(seen.job, path)
    if place not in seen.settings:
        return ()
    try:
        changes = planned([place], seen.settings[place]._replace(unsafe_fixes=False), seen.job.held)
    except (OSError, ValueError):
        return ()
    return tuple(map(_difference, changes))


def _home(job: Job, path: str) -> str:
    """Return the innermost folder that holds a file, or the file itself where it lies outside of all."""
    holding = [folder for folder in job.folders if path.startswith(os.path.join(os.path.realpath(folder), ""))]
    return max(holding, key=len, default=path)


def _difference(change: Change) -> TextChange:
    """Return what differs, line by line."""
    from difflib import SequenceMatcher

    old, new = decode(change.old)[0], decode(change.new)[0]
    source = Source(change.path, old, change.target)
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    starts = [0]
    for line in before:
        starts.append(starts[-1] + len(line))
    parts = SequenceMatcher(None, before, after).get_opcodes()
    edits = (
        Edit(Span(source, starts[first], starts[last]), "".join(after[begin:end]))
        for kind, first, last, begin, end in parts
        if kind != "equal"
    )
    return TextChange(source, tuple(edits))


def _by_file(edits: Iterable[Edit]) -> tuple[TextChange, ...]:
    found: dict[str, list[Edit]] = {}
    for edit in edits:
        known = found.setdefault(edit.at.source.target, [])
        if not any(_same(edit, other) for other in known):
            known.append(edit)
    return tuple(TextChange(edits[0].at.source, tuple(edits)) for edits in found.values())


def _same(one: Edit, other: Edit) -> bool:
    return (one.at.start, one.at.end, one.text) == (other.at.start, other.at.end, other.text)


def workspace_edit(changes: Iterable[TextChange], places: Places, *, versions: bool) -> types.WorkspaceEdit:
    """Return changes as one edit; with `versions` it holds for the very versions that were looked at."""
    listed = {
        places.uri(change.source): [types.TextEdit(places.range(edit.at), edit.text) for edit in change.edits]
        for change in changes
    }
    if not versions:
        return types.WorkspaceEdit(changes=listed)
    told = {places.uri(change.source): places.version(change.source) for change in changes}
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri, told[uri]), list(edits))
            for uri, edits in listed.items()
        ]
    )
