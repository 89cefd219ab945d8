"""JUnit's XML, which shows in CI as tests: a suite for each deployment, a test for each finding.

A finding from `--fail-on` on is a failed test, one below it a passed one that says so, one that a comment
silences is skipped. A deployment without a finding is one passed test, so that it is seen.
"""

from ..finding import Finding
from ..result import Result
from ..settings import Settings
from ._frame import frame
from ._places import Group, groups
from ._xml import block, document, element, text

WIDTH = 120
CLEAN = "no faults"


def render(result: Result, settings: Settings, *, color: bool, width: int) -> str:
    """Return `testsuites` with their counts."""
    cases = [(group, _cases(group, settings)) for group in groups(result)]
    if not cases:
        cases = [(Group("", None, ()), [_empty(result)])]
    silenced = [_skipped(finding) for finding in result.ignored]
    suites = [_suite(_name(group), listed) for group, listed in cases]
    suites += [_suite("silenced by comments", silenced)] if silenced else []
    everything = [case for _, listed in cases for case in listed] + silenced
    attributes = {"name": "flasklint", **_counts(everything), "time": f"{result.seconds:.3f}"}
    return document(element("testsuites", attributes, "".join(f"\n  {suite}" for suite in suites) + "\n"))


def _name(group: Group) -> str:
    return group.name or "flasklint"


def _suite(name: str, cases: list[str]) -> str:
    inside = "".join(f"\n    {case}" for case in cases)
    return element("testsuite", {"name": name, **_counts(cases)}, f"{inside}\n  ")


def _counts(cases: list[str]) -> dict[str, int]:
    """Count cases by what they hold; text is escaped, so that a tag is a tag."""
    said = {"failures": "<failure ", "errors": "<error ", "skipped": "<skipped "}
    return {"tests": len(cases)} | {name: sum(tag in case for case in cases) for name, tag in said.items()}


def _cases(group: Group, settings: Settings) -> list[str]:
    if not group.findings:
        return [element("testcase", {"classname": _name(group), "name": CLEAN})]
    return [_case(_name(group), finding, settings) for finding in group.findings]


def _case(suite: str, finding: Finding, settings: Settings) -> str:
    details = block(_details(finding))
    if finding.rule == "internal-error" or finding.level >= settings.fail_on:
        tag = "error" if finding.rule == "internal-error" else "failure"
        inside = element(tag, {"message": finding.message, "type": str(finding.level)}, details)
    else:
        inside = element("system-out", {}, f"{text(f'{finding.level}: {finding.message}')}\n{details}")
    return element("testcase", _attributes(suite, finding), inside)


def _skipped(finding: Finding) -> str:
    return element(
        "testcase",
        _attributes("silenced by comments", finding),
        element("skipped", {"message": finding.message}),
    )


def _attributes(suite: str, finding: Finding) -> dict[str, object]:
    at = finding.at
    name = f"{finding.rule} at {at.path}:{at.line}:{at.column}"
    return {"classname": suite, "name": name, "file": at.path, "line": at.line}


def _details(finding: Finding) -> list[str]:
    fix = [f"fix: {finding.repair}"] if finding.repair else []
    return [*frame(finding, WIDTH, False), *fix]


def _empty(result: Result) -> str:
    """Nothing to lint must not look like a clean deployment; what is plainly not Flask's is clean."""
    if not result.nothing_to_lint:
        return element("testcase", {"classname": "flasklint", "name": CLEAN})
    inside = element("error", {"message": "nothing to lint", "type": "error"})
    return element("testcase", {"classname": "flasklint", "name": "nothing to lint"}, inside)
