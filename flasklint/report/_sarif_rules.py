"""What code scanning shows of a rule beside its findings."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..site import rule_page
from ._screen import visible

if TYPE_CHECKING:
    from ..rule import Rule

# How bad a fault is for security, on the scale of CVSS, for those that let somebody in or hand something out.
SECURITY = {
    "alias-traversal": "7.5",
    "app-server-without-proxy": "5.3",
    "debugger-reachable": "9.8",
    "dev-server-in-production": "7.5",
    "dotfiles-served": "7.5",
    "project-root-served": "7.5",
    "public-bind-behind-proxy": "5.3",
    "service-runs-as-root": "6.7",
    "socket-in-tmp": "4.4",
    "waitress-public-default": "5.3",
    "waitress-trusted-proxy-not-one-address": "5.3",
}


def descriptors(names: Iterable[str]) -> list[dict[str, Any]]:
    """Return a reporting descriptor for each rule; of a name that is no rule's nothing more is known."""
    from .. import rule as rules

    known = set(rules.names())
    return [_descriptor(rules.get(name)) if name in known else {"id": visible(name)} for name in names]


def _descriptor(rule: "Rule") -> dict[str, Any]:
    page = rule_page(rule.name)
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why or rule.title},
        **({"helpUri": page} if page else {}),
        "help": {"text": _plain(rule), "markdown": _markdown(rule)},
        "defaultConfiguration": {"level": str(rule.severity)},
        "properties": _properties(rule),
    }


def _properties(rule: "Rule") -> dict[str, Any]:
    tags = ["deployment", rule.group]
    shared: dict[str, Any] = {"precision": "high", "problem.severity": _PROBLEM[str(rule.severity)]}
    if rule.name in SECURITY:
        return {"tags": [*tags, "security"], **shared, "security-severity": SECURITY[rule.name]}
    return {"tags": tags, **shared}


_PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}  # the words of code scanning


def _plain(rule: "Rule") -> str:
    return "\n\n".join(part for part in (rule.title, rule.why, f"Fix: {rule.fix}", *rule.links) if part)


def _markdown(rule: "Rule") -> str:
    """The manual page: docstrings are written in Markdown, examples are fenced."""
    parts = [f"# {rule.title}", rule.why, f"**Fix:** {rule.fix}"]
    parts += [
        f"## {heading}\n\n```text\n{example.strip()}\n```"
        for heading, example in (("Faulty", rule.bad), ("Sound", rule.good))
        if example.strip()
    ]
    parts += ["\n".join(f"* <{link}>" for link in rule.links)]
    return "\n\n".join(part for part in parts if part)
