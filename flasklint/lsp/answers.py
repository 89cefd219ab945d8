"""Answers to the client's requests, from what was seen."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from lsprotocol import types

from ..finding import Finding
from ..report._places import places as all_places
from ..rule import names
from .actions import FIX_ALL, TextChange, fix_all, ignore, repair, workspace_edit
from .diagnostics import diagnostic
from .look import Seen
from .manual import page
from .places import Places, overlaps, real_path

VERSIONS = "workspace.workspace_edit.document_changes"
LATER = "text_document.code_action.resolve_support"


class Client(Protocol):
    """What the answers depend on."""

    def places(self, seen: Seen) -> Places: ...

    def can(self, what: str) -> bool: ...


def actions(client: Client, seen: Seen, params: types.CodeActionParams) -> list[types.CodeAction]:
    """Return the repairs of what is marked in a range, and all safe repairs of the folder."""
    path, only = real_path(params.text_document.uri), params.context.only
    places = client.places(seen)
    found: list[types.CodeAction] = []
    if _is_wanted(types.CodeActionKind.QuickFix, only):
        for finding in _at(seen, path, params.range, places):
            found += _quick_fixes(client, finding, places, path)
    safe = any(finding.fix and finding.fix.safe for finding in seen.findings)
    if safe and _is_wanted(FIX_ALL, only):
        everything = types.CodeAction("Make all safe repairs of flasklint", kind=FIX_ALL, data={"path": path})
        if client.can(LATER):
            found.append(everything)  # to work it out takes as long as several looks
        elif only:
            found.append(resolved(client, seen, everything))
    return found


def resolved(client: Client, seen: Seen, action: types.CodeAction) -> types.CodeAction:
    """Fill in the edit of the action that repairs everything."""
    path = action.data.get("path") if isinstance(action.data, dict) else ""
    if action.kind == FIX_ALL and isinstance(path, str) and action.edit is None:
        action.edit = _edit(client, fix_all(seen, path), client.places(seen))
    return action


def hover(client: Client, seen: Seen, params: types.HoverParams) -> types.Hover | None:
    """Return the manual pages of the rules that have something to say of a place."""
    where = types.Range(params.position, params.position)
    places = client.places(seen)
    found = _at(seen, real_path(params.text_document.uri), where, places)
    pages = dict.fromkeys(text for finding in found if (text := page(finding)))
    if not pages:
        return None
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(pages)))


def _at(seen: Seen, path: str, where: types.Range, places: Places) -> Iterator[Finding]:
    """Yield the findings with a place there, be it one that only explains: the user may want to change that side."""
    for finding in seen.findings:
        if any(span.source.target == path and overlaps(places.range(span), where) for span in all_places(finding)):
            yield finding


def _quick_fixes(client: Client, finding: Finding, places: Places, path: str) -> Iterator[types.CodeAction]:
    """Yield the repair of a finding, and the comment that silences it, as seen from a file."""
    is_here = finding.at.source.target == path
    told = [diagnostic(finding, places, linked=finding.rule in names())] if is_here else None
    safe = bool(finding.fix and finding.fix.safe)
    if changes := repair(finding):
        files = f" ({len(changes)} files)" if len(changes) > 1 else ""
        guess = "" if safe else " (a guess: look at it)"
        title = f"{_capital(finding.repair or f'repair {finding.rule}')}{files}{guess}"
        yield _quick_fix(title, _edit(client, changes, places), told, safe)
    if changes := ignore(finding):
        yield _quick_fix(f"Ignore {finding.rule} here, with a reason", _edit(client, changes, places), told, False)


def _quick_fix(
    title: str, edit: types.WorkspaceEdit, told: list[types.Diagnostic] | None, preferred: bool
) -> types.CodeAction:
    return types.CodeAction(
        title, kind=types.CodeActionKind.QuickFix, diagnostics=told, is_preferred=preferred, edit=edit
    )


def _edit(client: Client, changes: Sequence[TextChange], places: Places) -> types.WorkspaceEdit:
    return workspace_edit(changes, places, versions=client.can(VERSIONS))


def _is_wanted(kind: str, only: Sequence[str] | None) -> bool:
    """Whether a kind, or one that it is a kind of, is among those asked for."""
    return only is None or any(kind == one or kind.startswith(f"{one}.") for one in only)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
