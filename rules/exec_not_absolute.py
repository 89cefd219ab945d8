"""A program of the unit is not named by an absolute path

systemd refuses a unit whose program is a relative path (`Neither a valid executable name nor an absolute
path: venv/bin/gunicorn`). A bare name is looked up in systemd's own fixed list of folders, not in
`Environment=PATH=...`: a `gunicorn` that lives in a virtual environment is not found, and the unit fails
with `status=203/EXEC`.

Fix: write the absolute path of the program, `/srv/shop/venv/bin/gunicorn`.
"""

from collections.abc import Iterator
from posixpath import join, normpath

from flasklint.deployment import Deployment, Service
from flasklint.deployment.venv import named_in
from flasklint.edits import replace_within, together
from flasklint.facts import Problem, Unit
from flasklint.finding import Finding, Place, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known, has_hole, is_left_open

# Console scripts of Python packages: pip puts them into the virtual environment.
_FROM_PACKAGES = frozenset({"gunicorn", "waitress-serve", "flask"})


@rule(
    "exec-not-absolute",
    severity=Severity.ERROR,
    group="service",
    since="0.1",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Command%20lines"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for unit in deployment.units:
        for problem in unit.problems:
            path = problem.at.text.strip("\"'-@:+!")
            relative = problem.kind in ("refused-exec-not-absolute", "bad-exec-not-absolute")
            if relative and not _is_for_a_shell(path) and not is_left_open(path, problem.at.path):
                yield _relative(unit, problem, path)
    for service in deployment.services:
        if service.unit and not service.unit.last("Service", "ExecSearchPath"):
            yield from _bare(service)


def _is_for_a_shell(path: str) -> bool:
    """What the rule exec-shell-syntax reports: `~/`, `$X/`, `NAME=value`."""
    name, equals, _ = path.partition("=")
    return path.startswith(("~", "$")) or (name.isidentifier() and equals != "")


def _relative(unit: Unit, problem: Problem, path: str) -> Finding:
    verb = "refuses" if problem.refuses else "runs nothing of this line of"
    folder = unit.last("Service", "WorkingDirectory")
    known = folder is not None and folder.value.startswith("/") and not has_hole(folder.value)
    absolute = normpath(join(folder.value, path)) if folder and known else ""
    return finding(
        problem.at,
        f"systemd {verb} {unit.name}: {problem.message}",
        label="relative, and WorkingDirectory= does not help",
        repair=f"write {absolute or 'the absolute path'}",
        fix=together(replace_within(Known(path, problem.at), absolute)) if absolute else None,
    )


def _bare(service: Service) -> Iterator[Finding]:
    """A bare name that systemd itself looks up, though its program lives in a virtual environment.

    Where only the requirements name the program, it may lie in the system's folders after all.
    """
    program = service.command.launcher
    if program.text not in _FROM_PACKAGES:
        return
    venv = next((venv for venv in named_in(service.runs.environment) if not has_hole(venv.value)), None)
    wanted = service.requirements.get(program.text.removesuffix("-serve")) if service.requirements else None
    shown = venv is not None or service.packages == "venv"
    if not shown and (wanted is None or service.packages == "system"):
        return
    because: list[tuple[Place, str]] = [(venv, "systemd does not look here")] if venv else []
    because += [(wanted.at, "installed with the application")] if wanted else []
    yield finding(
        program.at,
        f"systemd looks for {program.text} in /usr/local/bin, /usr/bin and the like only, not in a virtual "
        f"environment: {service.name} fails with status=203/EXEC",
        label="a bare name",
        because=because,
        repair=f"write {venv.value if venv else '/.../venv'}/bin/{program.text}",
        fix=together(replace_within(Known(program.text, program.at), f"{venv.value}/bin/{program.text}"))
        if venv
        else None,
        severity=None if shown else Severity.WARNING,
    )


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=venv/bin/gunicorn wsgi:app    # finding: nor an absolute path: venv/bin/gunicorn
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""

FIXED = GOOD
