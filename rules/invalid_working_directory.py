"""WorkingDirectory= is not an absolute path

systemd takes the value as it stands: quotes are part of it, `~/shop` and `$HOME/shop` are not replaced, a
relative path is relative to nothing. It refuses the whole unit: `WorkingDirectory= path is not absolute:
"/srv/shop"`. (Only `~` alone, the home of `User=`, is understood.)

Fix: write the absolute path, without quotes.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.edits import replace, together
from flasklint.facts import Problem, Unit
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import is_left_open


@rule(
    "invalid-working-directory",
    severity=Severity.ERROR,
    group="service",
    since="0.1",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#WorkingDirectory="],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for unit in deployment.units:
        for problem in unit.problems:
            about = problem.message.startswith("WorkingDirectory= path is not absolute")
            if about and not is_left_open(problem.at.text.removeprefix("-"), problem.at.path):
                yield _invalid(unit, problem)


def _invalid(unit: Unit, problem: Problem) -> Finding:
    written = problem.at.text.removeprefix("-")
    bare, fix = written.strip("\"'"), None
    if written[:1] in "\"'" and bare.startswith("/"):
        label, repair = "quotes are part of the path here", f"write WorkingDirectory={bare}"
        fix = together(replace(problem.at, problem.at.text.replace(written, bare)))
    elif written.startswith("~/"):
        label, repair = (
            "~ stands for a home only when it is alone",
            f"write the absolute path (/home/.../{written[2:]})",
        )
    elif written.startswith("$"):
        label, repair = "variables are not replaced here", "write the absolute path"
    else:
        label, repair = "not absolute", "write the absolute path"
    return finding(
        problem.at,
        f"systemd {'refuses' if problem.refuses else 'ignores this line of'} {unit.name}: {problem.message}",
        label=label,
        repair=repair,
        fix=fix,
    )


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory="/srv/shop"    # finding: WorkingDirectory= path is not absolute
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
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
