"""The server refuses its command line

An option that the server does not know, a value that it cannot use, or two options that exclude each other end it before
it has started: `gunicorn: error: unrecognized arguments: --worker`, status 2; Waitress prints its help and ends with
status 1. systemd starts it again and again, and nginx answers `502 Bad Gateway`.

Fix: write the option as the server knows it.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.providers import is_in_quotes
from flasklint.edits import replace, together
from flasklint.facts import Problem
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule

_REFUSED = frozenset({
    "unknown-option", "missing-value", "ambiguous-option", "bad-value", "combination", "app-before-options", "no-app",
    "extra-argument", "config-missing", "config-in-root",
})  # fmt: skip


@rule(
    "unknown-server-option",
    severity=Severity.ERROR,
    group="limits",
    since="0.1",
    links=["https://docs.gunicorn.org/en/stable/settings.html"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.services:
        for problem in service.server.problems:
            if problem.kind in _REFUSED and not _is_elsewhere(problem, service):
                yield finding(
                    problem.at,
                    f"{service.kind} refuses {problem.at.text}: {problem.message}",
                    label=problem.label or "refused",
                    because=problem.because,
                    repair=problem.repair or f"see {service.command.program} --help",
                    fix=together(replace(problem.at, problem.instead), safe=False) if problem.instead else None,
                )


def _is_elsewhere(problem: Problem, service: Service) -> bool:
    """Whether the refused word is `&`, `2>&1` or the like, which is `exec-shell-syntax`, or quoted with all others,
    which is `cmd-args-quotes-kept`."""
    return is_in_quotes(problem.at, service) or _is_shell_syntax(problem)


def _is_shell_syntax(problem: Problem) -> bool:
    return problem.kind == "extra-argument" and any(char in problem.at.text for char in "&|<>;")


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bindd 127.0.0.1:8000 shop:app    # finding: unrecognized arguments: --bindd
Restart=always
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 shop:app
Restart=always
[Install]
WantedBy=multi-user.target
"""

FIXED = GOOD
