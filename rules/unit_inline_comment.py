"""A comment stands behind a value, and systemd takes it as part of the value

systemd knows comments only as lines of their own. In `WorkingDirectory=/srv/shop # the code` the path is
`/srv/shop # the code` (`status=200/CHDIR`), in `ExecStart=` the words become arguments of the program,
`Restart=always # please` is no restart setting at all (`Failed to parse service restart specifier,
ignoring`). A setting that systemd then ignores is a warning only.

Fix: move the comment to a line of its own.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.edits import own_line, together
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule


@rule(
    "unit-inline-comment",
    severity=Severity.ERROR,
    group="service",
    since="0.1",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for unit in deployment.units:
        for problem in unit.problems:
            if problem.kind == "trailing-comment":
                yield finding(
                    problem.at,
                    f"systemd takes this comment in {unit.name} as a part of the value: {problem.message}",
                    label="part of the value",
                    repair="move the comment to a line of its own",
                    fix=together(*own_line(problem.at)),
                    severity=Severity.WARNING if problem.is_ignored else None,
                )


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop # where the code is    # finding: this comment in shop.service
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- shop.service --
[Service]
User=shop
# where the code is
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""

FIXED = GOOD
