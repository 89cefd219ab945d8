"""A shell refuses the parentheses of the factory call

`gunicorn app:create_app()` is no command for a shell: it ends with `Syntax error: "(" unexpected` (bash:
``syntax error near unexpected token `('``), status 2, before Gunicorn has started. That goes for scripts, Procfiles, the
shell form of `CMD`, and `sh -c`; systemd and lists of words (`CMD ["gunicorn", ...]`) need no quotes.

Fix: quote it: `gunicorn 'app:create_app()'`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.source import Span


@rule(
    "factory-call-unquoted",
    severity=Severity.ERROR,
    group="import-path",
    since="0.2",
    links=["https://docs.gunicorn.org/en/stable/run.html#gunicorn"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.services:
        at = service.command.unquoted
        if at and service.kind == "gunicorn":
            quote = _quote(service, at)
            bash = "bash" in service.command.through or service.runs.manager == "procfile"
            yield finding(
                at,
                f"the shell takes the ( of {at.text} for its own, and ends before gunicorn has started: "
                + ("syntax error near unexpected token `('" if bash else 'Syntax error: "(" unexpected'),
                label="not quoted",
                repair=f"write {quote}{at.text}{quote}" if quote else f"quote {at.text} for the shell",
                fix=_fix(at, quote) if quote else None,
            )


def _quote(service: Service, at: Span) -> str:
    """The quote that nothing around the call uses, "" where both are taken."""
    around = at.source.line_text(at.line)
    if service.runs.at.source is at.source and service.runs.at.start <= at.start < service.runs.at.end:
        around += service.runs.at.text
    return next((quote for quote in "'\"" if quote not in around), "")


def _fix(at: Span, quote: str) -> Fix:
    from flasklint.edits import replace

    return Fix((replace(at, f"{quote}{at.text}{quote}"),))


BAD = """
-- Procfile --
web: gunicorn --bind 0.0.0.0:$PORT app:create_app()    # finding: syntax error near unexpected token
"""

GOOD = """
-- Procfile --
web: gunicorn --bind 0.0.0.0:$PORT 'app:create_app()'
"""

FIXED = GOOD
