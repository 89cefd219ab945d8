"""systemd ignores a line of the unit, or refuses the unit

A misspelt key or section (`Restar=always`, `[Services]`), a value that does not parse (`Restart=alway`), a
line without `=`: systemd writes `Unknown key name ... in section ..., ignoring` into the journal and starts
the service without the setting. What it refuses (an open quote, two `ExecStart=`) does not start at all:
`bad unit file setting`. Nor does a server whose socket lies in a `RuntimeDirectory=/run/shop`: nothing makes that folder.

Fix: write what systemd understands; `systemd-analyze verify shop.service` shows the same lines.
"""

from collections.abc import Iterator, Sequence

from flasklint.deployment import Deployment
from flasklint.deployment.runtime import Need, made_in_vain
from flasklint.deployment.specifiers import entry_of
from flasklint.edits import replace, together
from flasklint.facts import Problem, Unit
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule

# Rules of their own report these.
_ELSEWHERE = frozenset(
    {"trailing-comment", "refused-exec-not-absolute", "bad-exec-not-absolute", "refused-working-directory",
     "env-file-export"}
)  # fmt: skip


@rule(
    "unit-syntax-invalid",
    severity=Severity.WARNING,
    group="service",
    since="0.1",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.directives.html"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for unit in deployment.units:
        broken = [problem for problem in unit.problems if problem.at.text == "\\" and problem.kind == "bad-escape"]
        told = set()
        for problem in unit.problems:
            line = (problem.kind, problem.at.path, problem.at.line)
            if problem in broken:
                yield _no_continuation(unit, problem)
            elif line not in told and not _is_elsewhere(problem, unit) and not _follows(problem, broken):
                told.add(line)
                yield _invalid(unit, problem, made_in_vain(unit, problem, deployment))


def _is_elsewhere(problem: Problem, unit: Unit) -> bool:
    if entry_of(problem, unit):  # a `%` in a command or a variable: rule env-percent-specifier
        return True
    if problem.kind in _ELSEWHERE or problem.message.startswith("WorkingDirectory="):
        return True
    if problem.kind == "refused-two-exec-start":  # `cd /srv/shop ; ./run`: rule exec-shell-syntax
        first = problem.because[0][0].text if problem.because else ""
        return first.partition(" ")[0] in ("cd", "source", ".", "export", "set")
    # An unknown escape in a command is kept as written: what a shell or a pattern behind it needs.
    return problem.kind == "bad-escape" and not problem.message.startswith("Invalid syntax")


def _follows(problem: Problem, broken: Sequence[Problem]) -> bool:
    """Whether a line is what a continuation that is none has left over."""
    return problem.kind in ("missing-equals", "unknown-key") and any(
        each.at.source is problem.at.source and each.at.line < problem.at.line <= each.at.line + 12 for each in broken
    )


def _no_continuation(unit: Unit, problem: Problem) -> Finding:
    return finding(
        problem.at,
        f"a blank follows this backslash, so the line ends here: {unit.name} starts without the lines below "
        "(Missing '=', ignoring line)",
        label="does not continue the line",
        repair="remove the blank behind the backslash",
        severity=Severity.ERROR if any(problem.at.line == each.at.end_line for each in unit.exec_start) else None,
    )


def _invalid(unit: Unit, problem: Problem, need: Need | None) -> Finding:
    hides = _hides_the_command(unit, problem)
    refused = hides or problem.refuses
    verdict = f"refuses {unit.name}" if refused else f"does not take this line of {unit.name} as it is meant"
    follows = ", and no ExecStart= is left" if hides else f", so nothing makes {need.folder}" if need else ""
    return finding(
        problem.at,
        f"systemd {verdict}: {problem.message.rstrip('.')}{follows}",
        label=problem.label,
        because=[*problem.because, *([(need.at, f"its {need.what}: No such file or directory")] if need else [])],
        fix=together(replace(problem.at, problem.instead), safe=False) if problem.instead else None,
        repair=problem.repair or ("" if refused else "run systemd-analyze verify after the change"),
        severity=Severity.ERROR if refused or need else None,
    )


def _hides_the_command(unit: Unit, problem: Problem) -> bool:
    """Whether the unit has no command because of this: a misspelt [Service], ExecStart= in another section."""
    has = unit.kind != "service" or unit.partial or unit.exec_start or unit.last("Unit", "SuccessAction")
    return not has and problem.repair in ("write [Service]", "write ExecStart=", "ExecStart= belongs in [Service]")


BAD = """
-- shop.service --
[Service]
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restar=always    # finding: Unknown key 'Restar' in section [Service]
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- shop.service --
[Service]
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
"""

FIXED = GOOD
