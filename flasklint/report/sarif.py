"""SARIF 2.1.0 for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/.

Paths are relative to the folder where flasklint ran (`SRCROOT`); columns count characters.
"""

import os
from typing import Any

from .. import __version__
from ..finding import Finding, Fix, Label
from ..result import Result
from ..settings import Settings
from ..sift import reason
from ..site import SITE
from ..source import Source, Span
from ._dump import dump
from ._places import edits
from ._sarif_rules import descriptors
from ._screen import visible

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "flasklint/v1"
_Json = dict[str, Any]
IN_BASELINE: _Json = {"kind": "external", "status": "accepted", "justification": "in the baseline"}


def render(result: Result, settings: Settings, *, color: bool, width: int) -> str:
    """Return one log with one run; what a comment or the baseline silences is in it as a suppressed result."""
    return dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(result, settings)]}, indent=2) + "\n"


def _run(result: Result, settings: Settings) -> _Json:
    rules = sorted({finding.rule for finding in (*result.findings, *result.ignored, *result.baselined)})
    index = {rule: number for number, rule in enumerate(rules)}
    home = {"informationUri": SITE} if SITE else {}
    driver = {"name": "flasklint", "semanticVersion": __version__, **home, "rules": descriptors(rules)}
    return {
        "tool": {"driver": driver},
        "automationDetails": {"id": "flasklint/"},
        "invocations": [_invocation(result, settings)],
        "originalUriBaseIds": {"SRCROOT": {"uri": f"file://{_quoted(os.getcwd()).rstrip('/')}/"}},
        "columnKind": "unicodeCodePoints",
        "results": [
            *(_result(finding, index, []) for finding in result.findings),
            *(_result(finding, index, [_suppression(finding)]) for finding in result.ignored),
            *(_result(finding, index, [IN_BASELINE]) for finding in result.baselined),
        ],
    }


def _invocation(result: Result, settings: Settings) -> _Json:
    """Say how the run ended, what failed in it, and what it could not see."""
    failures = [finding for finding in result.findings if finding.rule == "internal-error"]
    told: list[_Json] = [
        {"level": "error", "message": _message(one.message), "locations": [_location(one.at)]} for one in failures
    ]
    if result.nothing_to_lint:
        told.append({"level": "error", "message": {"text": "nothing to lint"}})
    told += ({"level": "note", "message": _message(f"not seen: {name}")} for name in result.unseen)
    invocation: _Json = {
        "executionSuccessful": not (result.internal_errors or result.nothing_to_lint),
        "exitCode": result.exit_code(settings),
    }
    return {**invocation, "toolExecutionNotifications": told} if told else invocation


def _result(finding: Finding, index: dict[str, int], suppressions: list[_Json]) -> _Json:
    made: _Json = {
        "ruleId": visible(finding.rule),
        "ruleIndex": index[finding.rule],
        "level": str(finding.level),
        "message": _message(finding.message),
        "locations": [_location(finding.at, finding.label)],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "suppressions": suppressions,
    }
    if finding.because:
        made["relatedLocations"] = [_related(number, label) for number, label in enumerate(finding.because, 1)]
    if finding.fix and (fix := _fix(finding, finding.fix)):
        made["fixes"] = [fix]
    return made


def _suppression(finding: Finding) -> _Json:
    """Tell a comment by its reason; what else silences a finding does not stand in the source."""
    if said := visible(reason(finding)):
        return {"kind": "inSource", "status": "accepted", "justification": said}
    return {"kind": "external", "status": "accepted"}


# ------------------------------------------------------------------------------------------ places


def _location(at: Span, label: str = "") -> _Json:
    where = {"physicalLocation": {"artifactLocation": _artifact(at.source), "region": _region(at)}}
    return {**where, "message": _message(label)} if label else where


def _related(number: int, label: Label) -> _Json:
    return {"id": number, **_location(label.at, label.text)}


def _region(at: Span) -> _Json:
    """An end column is the one after the end, as in the specification (3.30.8)."""
    return {"startLine": at.line, "startColumn": at.column, "endLine": at.end_line, "endColumn": at.end_column}


def _artifact(source: Source) -> _Json:
    if source.path.startswith("../") or os.path.isabs(source.path):  # not below SRCROOT
        return {"uri": f"file://{_quoted(os.path.abspath(source.path))}"}
    return {"uri": _quoted(source.path), "uriBaseId": "SRCROOT"}


def _quoted(path: str) -> str:
    """Return a path as part of a URI: the bytes of its name, quoted."""
    from urllib.parse import quote

    path = path.replace(os.sep, "/")
    return quote(path.encode("utf-8", "surrogateescape" if _is_name(path) else "replace"), safe="/")


def _is_name(path: str) -> bool:
    """Tell whether a text can be a file's name: no half of a surrogate pair but those that stand for bytes."""
    return not any("\ud800" <= char < "\udc80" or "\udcff" < char <= "\udfff" for char in path)


# ------------------------------------------------------------------------------------------- texts


def _message(text: str) -> _Json:
    """Return a plain text message, in which `[text](1)` would be a link (3.11.6)."""
    shown = visible(text)
    if "](" in shown:
        shown = shown.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return {"text": shown}


def _fix(finding: Finding, fix: Fix) -> _Json | None:
    """Return the edits by file, to be made together; None where one of them cannot be made."""
    changes: dict[str, tuple[Source, list[_Json]]] = {}
    for edit in edits(finding):
        _, replacements = changes.setdefault(edit.at.path, (edit.at.source, []))
        replacements.append({"deletedRegion": _region(edit.at), "insertedContent": {"text": edit.text}})
    if not changes:
        return None
    doubt = "" if fix.safe else " (a good guess: look at it)"
    return {
        "description": _message(f"{finding.repair or 'fix'}{doubt}"),
        "artifactChanges": [
            {"artifactLocation": _artifact(source), "replacements": listed} for source, listed in changes.values()
        ],
    }
