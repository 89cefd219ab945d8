"""A comment names a rule that there is not

`# flasklint: ignore[name] reason` silences by the names of rules (`flasklint rules` lists them) and globs of them
(`waitress-*`), separated by commas. A name that no rule has, that of a group, or a comment without brackets silences
nothing.

Fix: write the rule's name.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.edits import replace, together
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule


@rule("unknown-rule-in-ignore", severity=Severity.WARNING, group="engine", since="0.2")
def check(deployment: Deployment) -> Iterator[Finding]:
    for problem in deployment.problems:
        if problem.kind == "ignore-without-name":
            yield finding(
                problem.at,
                "this comment names no rule in brackets, and silences nothing",
                label="no name",
                repair="write ignore[rule-name] reason",
            )
        elif problem.kind == "unknown-rule-in-ignore":
            yield finding(
                problem.at,
                f"no rule is named {problem.message}: this silences nothing",
                label=f"did you mean {problem.instead}?" if problem.instead else "no such rule",
                repair="write the name that `flasklint rules` lists",
                fix=together(replace(problem.at, problem.instead), safe=False) if problem.instead else None,
            )


BAD = """
-- systemd/shop.service --
# flasklint: ignore[service-run-as-root] it binds port 443 itself    # finding: did you mean service-runs-as-root?
[Service]
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 app:app
Restart=on-failure
"""

GOOD = """
-- systemd/shop.service --
# flasklint: ignore[service-runs-as-root] it binds port 443 itself
[Service]
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 app:app
Restart=on-failure
"""

FIXED = """
-- systemd/shop.service --
# flasklint: ignore[service-runs-as-root] it binds port 443 itself
[Service]
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 app:app
Restart=on-failure
"""
