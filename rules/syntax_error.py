"""A file that does not parse

Python, YAML and ini files are read by their own parsers, and this one is refused: Gunicorn answers
`Worker failed to boot` with a `SyntaxError` in its log, Docker Compose `yaml: line 3: mapping values are
not allowed in this context`. Nothing that the file says takes effect. (nginx's and systemd's files have
rules of their own.)

Fix: correct the line.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.facts import Problem
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule

LANGUAGES = {"python": "Python", "yaml": "YAML", "supervisor": "supervisord", "toml": "TOML"}


@rule("syntax-error", severity=Severity.ERROR, group="engine", since="0.1")
def check(deployment: Deployment) -> Iterator[Finding]:
    seen = set()
    for problem in _problems(deployment):
        place = (problem.at.path, problem.at.start)
        if place not in seen:
            seen.add(place)
            yield _finding(problem)


def _problems(deployment: Deployment) -> Iterator[Problem]:
    for problem in deployment.problems:
        if problem.kind == "syntax":
            yield problem
    for service in deployment.services:
        for problem in service.server.problems:
            if problem.program == "python" and problem.kind in ("syntax", "config-invalid"):
                yield problem


def _finding(problem: Problem) -> Finding:
    program = LANGUAGES.get(problem.program, problem.program)
    return finding(
        problem.at,
        f"{program} refuses this file: {problem.message}",
        label=problem.label,
        because=problem.because,
        repair=problem.repair,
    )


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
-- wsgi.py --
from flask import Flask

app = Flask(__name__    # finding: Python refuses this file: '(' was never closed
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
-- wsgi.py --
from flask import Flask

app = Flask(__name__)
"""
