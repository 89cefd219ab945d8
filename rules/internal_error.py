"""flasklint itself failed on this input

A reader or a rule of flasklint raised an exception it should not have raised. What that reader or rule
would have said is missing from the report; everything else was checked. The exit code is 2.

Fix: report it, with the message and, where you may share it, the file.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule


@rule("internal-error", severity=Severity.ERROR, group="engine", since="0.1")
def check(deployment: Deployment) -> Iterator[Finding]:
    for problem in deployment.problems:
        if problem.kind == "internal":
            yield finding(
                problem.at,
                f"flasklint failed on this file ({problem.message}): a bug of flasklint, not of the file",
                repair="please report it with this message",
            )


# No input is known that makes flasklint fail: tests/test_internal_error.py breaks it on purpose.
BAD = ""

GOOD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        proxy_pass http://127.0.0.1:8000;
        proxy_set_header Host $host;
    }
}
"""
