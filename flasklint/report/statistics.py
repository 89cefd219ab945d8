"""How many findings each rule has, the most frequent first, and how many of them can be repaired."""

from collections import Counter

from ..finding import Finding
from ..result import Result
from ..settings import Settings
from ._screen import BOLD, LEVELS, paint, visible
from .text import summary


def render(result: Result, settings: Settings, *, color: bool, width: int) -> str:
    """Return a table of the rules with findings, and the summary unless `quiet`."""
    groups: dict[str, list[Finding]] = {}
    for finding in result.findings:
        groups.setdefault(finding.rule, []).append(finding)
    order = sorted(groups.values(), key=lambda group: (-len(group), group[0].rule))
    first = max((len(str(len(group))) for group in order), default=0)
    second = max((len(visible(group[0].rule)) for group in order), default=0)
    lines = []
    for group in order:
        level = max(finding.level for finding in group)
        count = paint(f"{len(group):{first}}", BOLD, color)
        name = f"{visible(group[0].rule):{second}}"
        lines.append(f"{count}  {paint(f'{level!s:7}', LEVELS[level], color)}  {name}  {_fixable(group)}".rstrip())
    if not settings.quiet:
        lines.append(summary(result, color, settings.fail_on))
    return "".join(f"{line}\n" for line in lines)


def _fixable(group: list[Finding]) -> str:
    """Say how many the options of `--fix` repair."""
    safe = Counter(finding.fix.safe for finding in group if finding.fix)
    options = ((safe[True], "--fix"), (safe[False], "--fix --unsafe-fixes"))
    return ", ".join(f"{count} by {option}" for count, option in options if count)
