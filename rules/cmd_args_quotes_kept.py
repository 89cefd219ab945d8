"""Quotes become a part of GUNICORN_CMD_ARGS

In the list form of a compose file, `- GUNICORN_CMD_ARGS='--timeout 60'`, quotes in the middle of an item are nothing
special: they belong to the value. Gunicorn splits the value like a shell, sees one single argument `--timeout 60`, takes
it for the name of an application and passes over it. The settings never apply, and nothing is said. With an `=` inside
it refuses to start: `invalid int value: '60 --workers=3'`.

Fix: leave the quotes out, or write the map form, `GUNICORN_CMD_ARGS: "--timeout 60"`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.providers import is_in_quotes, quoted_arguments
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "cmd-args-quotes-kept",
    severity=Severity.WARNING,
    group="import-path",
    since="0.2",
    links=["https://docs.gunicorn.org/en/stable/settings.html#settings"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    told = set()
    for service in deployment.of_kind("gunicorn"):
        value = quoted_arguments(service)
        if value and value.at not in told:
            told.add(value.at)
            inner = value.value.strip()[1:-1]
            refused = any(is_in_quotes(problem.at, service) for problem in service.server.problems)
            yield finding(
                value,
                f"the quotes are a part of GUNICORN_CMD_ARGS, so gunicorn takes {inner} for one argument: "
                f"{'it is refused' if refused else 'the settings never apply'}",
                label="quotes and all",
                because=[(service.command.at, f"{service.name} starts gunicorn")],
                repair=f"write {inner} without the quotes",
                severity=Severity.ERROR if refused else None,
                fix=_fix(value, inner),
            )


def _fix(value: Known[str], inner: str) -> Fix | None:
    from flasklint.edits import replace_within

    edit = replace_within(value, inner) if ": " not in inner and " #" not in inner else None
    return Fix((edit,)) if edit else None


BAD = """
-- compose.yml --
services:
  shop:
    image: python:3.12
    environment:
      - GUNICORN_CMD_ARGS='--timeout 60 --workers 3'    # finding: the settings never apply
    command: gunicorn wsgi:app
"""

FIXED = """
-- compose.yml --
services:
  shop:
    image: python:3.12
    environment:
      - GUNICORN_CMD_ARGS=--timeout 60 --workers 3
    command: gunicorn wsgi:app
"""

GOOD = FIXED
