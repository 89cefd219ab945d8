"""One line per finding, in the form that editors and other tools take apart."""

from ..result import Result
from ..settings import Settings
from ._links import linked, wants_links
from ._screen import BOLD, LEVELS, beginning, paint, visible


def render(result: Result, settings: Settings, *, color: bool, width: int) -> str:
    """Return `path:line:column: severity[rule] message` lines and nothing else."""
    lines = []
    links = wants_links(settings.hyperlinks, color)
    for finding in result.findings:
        place = paint(f"{beginning(finding.at.path)}:{finding.at.line}:{finding.at.column}", BOLD, color)
        level = paint(f"{finding.level}[{linked(visible(finding.rule), links)}]", LEVELS[finding.level], color)
        lines.append(f"{place}: {level} {visible(finding.message)}")
    return "".join(f"{line}\n" for line in lines)
