"""A name in Gunicorn's configuration is no setting

Gunicorn takes the names that it knows from its config file and passes over all others in silence: `log_level`,
`access_logfile`, `preload` and `pid` are options of the command line, in the file they are `loglevel`, `accesslog`,
`preload_app` and `pidfile`. The setting never applies. The other way round, every name counts: after
`from importlib import reload` the function is the setting `reload`, and Gunicorn refuses to start: `Invalid type for
casting: <function reload ...>`.

Fix: write the setting's own name; import what bears the name of a setting under another one.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.facts import Problem
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule


@rule(
    "gunicorn-config-name-unknown",
    severity=Severity.WARNING,
    group="limits",
    since="0.2",
    links=["https://docs.gunicorn.org/en/stable/settings.html"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    told = set()
    for service in deployment.of_kind("gunicorn"):
        for problem in (*service.server.ignored, *service.server.problems):
            if problem.kind in ("config-name", "config-import") and problem.at not in told:
                told.add(problem.at)
                yield _passed_over(problem) if problem.kind == "config-name" else _refused(problem, service)


def _passed_over(problem: Problem) -> Finding:
    from flasklint.edits import replace

    return finding(
        problem.at,
        f"{problem.message}, so gunicorn passes over it in silence: the setting is called {problem.repair}",
        label="no setting",
        repair=f"write {problem.repair}",
        fix=Fix((replace(problem.at, problem.repair),)),
    )


def _refused(problem: Problem, service: Service) -> Finding:
    return finding(
        problem.at,
        f"gunicorn takes this for its setting of that name and ends with status 1: {problem.message}",
        label="the name of a setting",
        because=[(service.command.at, f"{service.name} loads the file")],
        repair=problem.repair,
        severity=Severity.ERROR,
    )


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
-- gunicorn.conf.py --
workers = 3
log_level = "warning"    # finding: the setting is called loglevel
preload = True    # finding: the setting is called preload_app
-- wsgi.py --
from flask import Flask
app = Flask(__name__)
"""

FIXED = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
-- gunicorn.conf.py --
workers = 3
loglevel = "warning"
preload_app = True
-- wsgi.py --
from flask import Flask
app = Flask(__name__)
"""

GOOD = FIXED
