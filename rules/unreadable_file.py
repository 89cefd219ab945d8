"""A file of the deployment could not be read

The file's name says that it is part of the deployment, and it cannot be read: a link that leads nowhere
or out of the input, no permission, not text, too large. What it says is unknown, and faults in it are not
found. On the target a dangling link is worse: nginx stops with `open() "/etc/nginx/sites-enabled/shop"
failed (2: No such file or directory)`.

Fix: put the file itself in the repository, or leave it out of the input.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule


@rule("unreadable-file", severity=Severity.WARNING, group="engine", since="0.1")
def check(deployment: Deployment) -> Iterator[Finding]:
    for problem in deployment.problems:
        if problem.kind == "unreadable":
            yield finding(
                problem.at,
                f"cannot be read: {problem.message}; what it says is unknown, and its faults are not found",
                label=problem.label,
                repair=problem.repair or "put the file itself here, readable and as text, or leave it out of the input",
            )


BAD = """
-- nginx.conf --
-> /srv/elsewhere/nginx.conf    # finding: a link that leads out of the input
"""

GOOD = """
-- nginx.conf --
-> conf/nginx.conf
-- conf/nginx.conf --
events {
}
"""
