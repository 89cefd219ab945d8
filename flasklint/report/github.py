"""Commands to GitHub's runner, which shows them as annotations of the changed lines.

The form: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions. The runner
(actions/runner, `ActionCommand`) splits properties at `,`, takes `::` for their end, and decodes `%25`, `%0D`
and `%0A`, in properties `%3A` and `%2C` too.
"""

from collections.abc import Iterator

from ..finding import Finding, Severity
from ..result import Result
from ..settings import Settings
from ._places import from_base
from ._screen import visible

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(result: Result, settings: Settings, *, color: bool, width: int) -> str:
    """Return one command a line and a finding."""
    return "".join(f"{_command(finding)}\n" for finding in result.findings)


def _command(finding: Finding) -> str:
    at = finding.at
    properties = {
        "title": visible(finding.rule),
        "file": from_base(at.source, "GITHUB_WORKSPACE"),
        "line": str(at.line),
        "endLine": str(at.end_line),
    }
    if at.line == at.end_line:  # GitHub takes columns of one line only
        properties |= {"col": str(at.column), "endColumn": str(at.end_column)}
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[finding.level]} {listed}::{'%0A'.join(map(_data, _said(finding)))}"


def _said(finding: Finding) -> Iterator[str]:
    """An annotation shows one place; the others are told by their names."""
    yield finding.message
    for label in finding.because:
        yield f"{label.at.path}:{label.at.line}: {label.text}".rstrip(": ")
    if finding.repair:
        yield f"fix: {finding.repair}"


def _data(text: str) -> str:
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
