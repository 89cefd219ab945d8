"""A comment silences nothing any more

The fault that it was written for is gone, or lies on another line now. Left alone, it silences the next one that comes
along, and tells the reader of a fault that is not there. A comment is only judged where everything was read: not in
a part of a repository, unless the rule looks at a single file.

Fix: take the comment out, or the name that nothing answers to.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.edits import remove_comment, remove_item, together
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule


@rule("unused-ignore", severity=Severity.WARNING, group="engine", since="0.2")
def check(deployment: Deployment) -> Iterator[Finding]:
    for problem in deployment.problems:
        if problem.kind in ("unused-ignore", "unused-name-in-ignore"):
            whole = problem.kind == "unused-ignore"
            yield finding(
                problem.at,
                f"nothing is silenced here: {problem.message} finds nothing on the line that this is meant for",
                label="not needed" if whole else "not needed; other names in the brackets are",
                repair="take the comment out" if whole else f"take {problem.message} out of the brackets",
                fix=together((remove_comment if whole else remove_item)(problem.at)),
            )


BAD = """
-- systemd/shop.service --
[Unit]
Description=shop

# flasklint: ignore[service-runs-as-root] it binds port 443 itself    # finding: nothing is silenced here
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 app:app
Restart=on-failure

[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- systemd/shop.service --
[Unit]
Description=shop

# flasklint: ignore[service-runs-as-root] it binds port 443 itself
[Service]
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 app:app
Restart=on-failure

[Install]
WantedBy=multi-user.target
"""

FIXED = """
-- systemd/shop.service --
[Unit]
Description=shop

[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 app:app
Restart=on-failure

[Install]
WantedBy=multi-user.target
"""
