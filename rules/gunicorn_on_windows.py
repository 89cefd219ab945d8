"""Gunicorn does not run on Windows

Gunicorn needs `fork` and `fcntl`, which Windows has not: `ModuleNotFoundError: No module named 'fcntl'` as soon as it is
started from a batch file, PowerShell or a Windows service.

Fix: start Waitress there: `waitress-serve --listen=127.0.0.1:8000 module:app`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule


@rule(
    "gunicorn-on-windows",
    severity=Severity.ERROR,
    group="windows",
    since="0.1",
    links=["https://docs.gunicorn.org/en/stable/install.html"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for command in deployment.windows:
        yield finding(
            command,
            "a Windows script starts Gunicorn: ModuleNotFoundError: No module named 'fcntl'",
            label="not on Windows",
            repair="start waitress-serve --listen=127.0.0.1:8000 module:app",
        )


BAD = """
-- start.bat --
@echo off
call venv\\Scripts\\activate
gunicorn --bind 127.0.0.1:8000 shop:app    # finding: No module named 'fcntl'
"""

GOOD = """
-- start.bat --
@echo off
call venv\\Scripts\\activate
waitress-serve --listen=127.0.0.1:8000 shop:app
"""
