"""Comments above findings that silence them, made as fixes are: together, tried out first, written whole or not."""

from collections.abc import Iterable

from ..comments import syntax
from ..edits import add_after, add_before
from ..finding import Edit, Finding, Fix
from ..ignores import head
from ..source import Source

LONGEST = 300  # characters of a reason
NEVER = "internal-error"  # a failure of flasklint, not of the file
_TEMPLATES = ("{{", "}}", "{%", "%}", "{#", "#}", "<%", "%>")


def fits(reason: str) -> str:
    """Say what keeps a text from being a reason in comments of every format, "" where nothing does."""
    if not any(char.isalnum() for char in reason):
        return "in words"
    if len(reason) > LONGEST:
        return f"in at most {LONGEST} characters"
    if not reason.isprintable():
        return "on one line, without control characters"
    if any(sign in reason for sign in _TEMPLATES):
        return "without the brackets of templates"
    return "without a backslash at its end" if reason.endswith("\\") else ""


def commented(findings: Iterable[Finding], reason: str) -> tuple[Finding, ...]:
    """Return findings whose fix is a comment that silences them: one comment for all of a line."""
    findings = list(findings)
    rules: dict[tuple[Source, int], set[str]] = {}
    for one in findings:
        rules.setdefault(_line(one), set()).add(one.rule)
    return tuple(one._replace(fix=_fix(one, rules[_line(one)], reason)) for one in findings)


def why_not(finding: Finding) -> str:
    """Say why no comment is written above a finding."""
    if finding.rule == NEVER:
        return "a failure of flasklint"
    if not syntax(finding.at.source).written:
        return "the format has no comments"
    return "the file cannot be changed" if not finding.at.source.text else "a comment here would change what it says"


def comment_above(source: Source, line: int, rules: Iterable[str], reason: str) -> Edit | None:
    """Put a comment above a line, indented alike, or above the value that the line is part of.

    None where no comment can stand: the format has none.
    """
    sign = syntax(source).written
    if not (sign and source.text):
        return None
    text = f"{sign} flasklint: ignore[{', '.join(sorted(rules))}] {reason}"
    first = head(source, line)
    is_interpreter = first == 1 and source.text.startswith("#!")
    return (add_after if is_interpreter else add_before)(source.line_span(first), text)


def _line(finding: Finding) -> tuple[Source, int]:
    return finding.at.source, head(finding.at.source, finding.at.line)


def _fix(finding: Finding, rules: set[str], reason: str) -> Fix | None:
    edit = None if finding.rule == NEVER else comment_above(finding.at.source, finding.at.line, rules - {NEVER}, reason)
    return Fix((edit,)) if edit else None
