"""The manual on the screen: `explain` and `rules`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ._links import linked, wants_links
from ._screen import BOLD, LEVELS, paint

if TYPE_CHECKING:
    from ..rule import Rule


def explain(rule: "Rule", color: bool = False) -> str:
    """Return the manual page of a rule: what is wrong, why it hurts, what to do, examples."""
    name = linked(rule.name, wants_links("auto", color))
    level = paint(f"{rule.severity}[{name}]", LEVELS[rule.severity], color)
    parts = [f"{level}{paint(f': {rule.title}', BOLD, color)}", rule.why]
    parts.append(f"{paint('Fix:', BOLD, color)} {rule.fix}")
    fixed = "" if rule.fixed == rule.good else rule.fixed
    for heading, example in (("Faulty:", rule.bad), ("Fixed:", fixed), ("Sound:", rule.good)):
        if example.strip():
            parts.append(f"{paint(heading, BOLD, color)}\n\n{_indented(example)}")
    parts.append(f"Group {rule.group}, since {rule.since}.")
    parts += [f"See {link}" for link in rule.links]
    return "\n\n".join(part for part in parts if part) + "\n"


def listing(rules: Iterable["Rule"], color: bool = False) -> str:
    """Return all rules by group, each with its severity and title."""
    rules = list(rules)
    links = wants_links("auto", color)
    widest = max((len(rule.name) for rule in rules), default=0)
    lines: list[str] = []
    for group, members in _groups(rules).items():
        lines += [paint(group, BOLD, color)]
        for rule in members:
            level = paint(f"{rule.severity!s:7}", LEVELS[rule.severity], color)
            gap = " " * (widest - len(rule.name))
            lines.append(f"  {linked(rule.name, links)}{gap}  {level}  {rule.title}")
        lines.append("")
    return "".join(f"{line}\n" for line in lines[:-1])


def listing_json(rules: Iterable["Rule"]) -> str:
    """Return all rules, in the same order, as a JSON array of objects."""
    import json

    listed = [
        {
            "name": rule.name,
            "group": rule.group,
            "severity": str(rule.severity),
            "since": rule.since,
            "title": rule.title,
            "fixable": bool(rule.fixed),
            "url": f"docs/rules.md#{rule.name}",
        }
        for members in _groups(rules).values()
        for rule in members
    ]
    return json.dumps(listed, indent=2) + "\n"


def _groups(rules: Iterable["Rule"]) -> dict[str, list["Rule"]]:
    groups: dict[str, list[Rule]] = {}
    for rule in sorted(rules, key=lambda rule: (rule.group, rule.name)):
        groups.setdefault(rule.group, []).append(rule)
    return groups


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.strip("\n").split("\n"))
