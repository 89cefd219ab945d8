"""A summary for GitHub's job page, a merge request or a wiki: a table, and the findings folded below it.

Every text from a file is written in character references, which Markdown never takes for structure
(CommonMark 2.5), or stands in a fence that is longer than any in it.
"""

import re
from collections.abc import Iterator

from ..finding import Finding, Severity
from ..result import Result
from ..settings import Settings
from ._frame import frame
from ._places import Group, groups, tally
from ._screen import visible
from .text import counted, summary

WIDTH = 110
MOST = 200  # findings drawn in full: GitHub takes a mebibyte
_SIGNS = {Severity.ERROR: "🔴", Severity.WARNING: "🟠", Severity.NOTE: "🔵"}
# All but these may mean something inside of a line; a dot and a colon do only where they make a link.
_MEANS = re.compile(r"[^0-9A-Za-z ,;/()='\"+%?.:\x80-\U0010ffff-]|(?i:(?<=www)\.)|:(?![0-9 ])")


def render(result: Result, settings: Settings, *, color: bool, width: int) -> str:
    """Return Markdown as GitHub, GitLab and Gitea take it."""
    listed = groups(result)
    parts = [f"## flasklint: {_heading(result)}"]
    parts += ["\n".join(_table(listed))] if listed else []
    left = MOST
    for group in listed:
        parts += _group(group, left)
        left = max(0, left - len(group.findings))
    parts += [] if result.nothing_to_lint else [f"<sub>{escaped(summary(result, fail_on=settings.fail_on))}</sub>"]
    return "\n\n".join(parts) + "\n"


def _heading(result: Result) -> str:
    return "nothing to lint" if result.nothing_to_lint else tally(result)


def _table(listed: list[Group]) -> Iterator[str]:
    yield "| deployment | errors | warnings | notes |"
    yield "| --- | ---: | ---: | ---: |"
    for group in listed:
        counts = (group.count(level) for level in (Severity.ERROR, Severity.WARNING, Severity.NOTE))
        yield f"| {_name(group)} | {' | '.join(str(count) if count else '·' for count in counts)} |"


def _name(group: Group) -> str:
    return code(group.name) if group.name == group.title else escaped(group.title)


def _group(group: Group, left: int) -> Iterator[str]:
    """Yield the findings of a deployment, of which at most `left` are drawn."""
    if not group.findings:
        return
    yield f"### {_name(group)}"
    for finding in group.findings[:left]:
        yield from _finding(finding)
    if len(group.findings) > left:
        yield f"and {counted(len(group.findings) - left, 'finding')} more"


def _finding(finding: Finding) -> Iterator[str]:
    """Yield a folded finding; the blank lines let Markdown begin again inside of it."""
    yield (
        f"<details>\n<summary>{_SIGNS[finding.level]} <b>{finding.level}</b> {code(finding.rule)}: "
        f"{escaped(finding.message)}</summary>"
    )
    yield fenced(list(frame(finding, WIDTH, False)))
    if finding.repair:
        yield f"**Fix:** {escaped(finding.repair)}"
    yield "</details>"


def fenced(lines: list[str]) -> str:
    """Return lines in a fence that none of them can end."""
    text = "\n".join(line.rstrip() for line in lines)
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def escaped(text: str) -> str:
    """Return a text in which nothing is Markdown, HTML, a link or a mention."""
    shown = visible(text).replace("@", "@\u200b")  # without it GitHub would call a person of that name
    return _MEANS.sub(lambda char: f"&#{ord(char[0])};", shown)


def code(text: str) -> str:
    """Return a name in the letters of code: a tag, since a code span ends at a backtick."""
    return f"<code>{escaped(text)}</code>"
