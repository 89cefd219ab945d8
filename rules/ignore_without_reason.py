"""A comment that is meant to silence gives no reason

Without a reason a comment silences nothing: who comes across it next year must be able to tell whether it still holds.
Everything behind the brackets is the reason.

Fix: say why, behind the brackets: `# flasklint: ignore[service-runs-as-root] it binds port 443 itself`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule


@rule("ignore-without-reason", severity=Severity.WARNING, group="engine", since="0.2")
def check(deployment: Deployment) -> Iterator[Finding]:
    for problem in deployment.problems:
        if problem.kind == "ignore-without-reason":
            yield finding(
                problem.at,
                "this comment gives no reason, and silences nothing without one",
                label="why?",
                repair="say why behind the brackets",
            )


BAD = """
-- systemd/shop.service --
[Unit]
Description=shop
# a reason would stand behind the brackets
; flasklint: ignore[service-runs-as-root]    # finding: gives no reason
[Service]
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 app:app
Restart=on-failure
"""

GOOD = """
-- systemd/shop.service --
[Unit]
Description=shop
; flasklint: ignore[service-runs-as-root] it binds port 443 itself
[Service]
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 app:app
Restart=on-failure
"""
