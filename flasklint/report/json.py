"""Everything, for programs. The form is described by docs/findings.schema.json."""

from typing import Any

from .. import __version__
from ..deployment import Deployment, Hop, Service
from ..finding import Finding, Severity
from ..result import Result
from ..settings import Settings
from ..source import Span
from ..value import Unknown, Value
from ._dump import dump
from ._places import edits

SCHEMA = "flasklint/v1"


def render(result: Result, settings: Settings, *, color: bool, width: int) -> str:
    """Return one JSON object; lines and columns count from 1, an end column is the one after the end."""
    return dump(document(result, settings), indent=2) + "\n"


def document(result: Result, settings: Settings) -> dict[str, Any]:
    """Return the report as plain dictionaries and lists."""
    return {
        "schema": SCHEMA,
        "version": __version__,
        "findings": [_finding(finding) for finding in result.findings],
        "deployments": [_deployment(deployment) for deployment in result.deployments],
        "summary": _summary(result, settings),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    fix = _fix(finding)
    return {
        "rule": finding.rule,
        "severity": str(finding.level),
        "message": finding.message,
        **_whole(finding.at),
        "because": [{**_place(label.at), "message": label.text} for label in finding.because],
        "repair": finding.repair,
        "fixable": fix is not None,
        "fix": fix,
        "url": f"docs/rules.md#{finding.rule}",
        "fingerprint": finding.fingerprint,
    }


def _fix(finding: Finding) -> dict[str, Any] | None:
    """Return the edits; None where there is no fix or one of them cannot be made."""
    if not finding.fix or not (made := edits(finding)):
        return None
    return {"safe": finding.fix.safe, "edits": [{**_whole(edit.at), "text": edit.text} for edit in made]}


def _whole(at: Span) -> dict[str, Any]:
    return {**_place(at), "end_line": at.end_line, "end_column": at.end_column}


def _place(at: Span) -> dict[str, Any]:
    return {"path": at.path, "line": at.line, "column": at.column}


def _summary(result: Result, settings: Settings) -> dict[str, Any]:
    return {
        "deployments": result.judged,
        "files": sum(file.kind != "skipped" for file in result.files),
        "errors": result.count(Severity.ERROR),
        "warnings": result.count(Severity.WARNING),
        "notes": result.count(Severity.NOTE),
        "below_threshold": result.below(settings.fail_on),
        "ignored": len(result.ignored),
        "baselined": len(result.baselined),
        "stale": [
            {"path": one.path, "rule": one.rule, "message": one.message, "count": one.times} for one in result.stale
        ],
        "fixed": len(result.fixed),
        "not_fixed": [{"rule": one.rule, **_place(one.at), "why": why} for one, why in result.unfixed],
        "internal_errors": result.internal_errors,
        "unseen": list(result.unseen),
        "seconds": round(result.seconds, 3),
    }


# ------------------------------------------------------------------------------------- deployments


def _deployment(deployment: Deployment) -> dict[str, Any]:
    return {
        "name": deployment.name,
        "files": [source.path for source in deployment.files],
        "services": [_service(service) for service in deployment.services],
        "sites": [
            {
                "names": [name.value for name in server.names],
                "listens": [str(listen.address) for listen in server.listens],
                **_place(server.at),
            }
            for _, server in deployment.sites
        ],
        "hops": [_hop(hop) for hop in deployment.hops],
        "unseen": list(deployment.unseen),
        "left_alone": deployment.left_alone,
    }


def _service(service: Service) -> dict[str, Any]:
    """A bind or an application that cannot be told is null."""
    return {
        "name": service.name,
        "manager": service.runs.manager,
        "server": service.kind,
        "binds": [_told(bind.address) for bind in service.binds],
        "application": _told(service.server.spec),
        "file": service.runs.at.path,
        "line": service.runs.at.line,
    }


def _told(value: Value[Any]) -> str | None:
    return None if isinstance(value, Unknown) else str(value.value)


def _hop(hop: Hop) -> dict[str, Any]:
    location = hop.route.location
    words = ("", "server") if location.modifier == "server" else (location.modifier, location.pattern)
    return {
        "location": " ".join(word for word in words if word),
        **_place(location.at),
        "address": str(hop.address),
        "service": hop.service.name,
    }
