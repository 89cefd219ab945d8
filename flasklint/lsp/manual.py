"""A rule's manual page, for a small window beside the text."""

from ..finding import Finding
from ..rule import UnknownSelectorError, get, names
from ..site import rule_page
from .look import SETTINGS


def page(finding: Finding) -> str:
    """Return the manual page of a finding's rule as Markdown, "" where there is none."""
    if finding.rule == SETTINGS:
        return ""
    try:
        rule = get(finding.rule)
    except UnknownSelectorError:
        return ""
    links = [rule_page(rule.name)] if rule.name in names() else []
    links += rule.links
    parts = (
        f"**{rule.title}**",
        f"`{rule.name}` · {finding.level} · {rule.group}",
        rule.why,
        f"**Fix:** {rule.fix}",
        "\n".join(f"- <{link}>" for link in links if link),
    )
    return "\n\n".join(part for part in parts if part)
