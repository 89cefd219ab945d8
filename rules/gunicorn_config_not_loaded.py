"""Gunicorn does not read this configuration

Without `-c` Gunicorn reads one file only: `gunicorn.conf.py` in the directory it starts in. Any other name
(`gunicorn_config.py`) and any other folder (`deploy/gunicorn.conf.py`) is passed over in silence: one worker, a timeout of 30
seconds and `127.0.0.1:8000`, whatever the file says.

Fix: name the file, `gunicorn --config gunicorn_config.py ...`, or call it `gunicorn.conf.py` and put it into the
WorkingDirectory.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.idle import PassedOver, missed_by, passed_over
from flasklint.facts import IdleConfig
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule

# What the rest of the deployment counts on: a file that changes these may break more than it mends.
_DELICATE = frozenset({"bind", "chdir", "wsgi_app", "user", "group", "daemon", "raw_env", "umask", "worker_class"})


@rule(
    "gunicorn-config-not-loaded",
    severity=Severity.WARNING,
    group="import-path",
    since="0.2",
    links=["https://docs.gunicorn.org/en/stable/configure.html#configuration-file"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.services:
        found = passed_over(service, deployment)
        if found:
            yield _not_loaded(found, service, deployment)


def _not_loaded(found: PassedOver, service: Service, deployment: Deployment) -> Finding:
    path, lost = found.config.path, found.lost
    names = ", ".join(name for name, _ in lost[:3]) + (" ..." if len(lost) > 3 else "")
    missed = [target for _, target in missed_by(service, deployment)]
    symptom = ", and nginx forwards to the bind of that file: 502 Bad Gateway" if missed else ""
    return finding(
        service.command.at,
        f"gunicorn reads gunicorn.conf.py of its directory only, so {names} of {path} never apply{symptom}",
        label="names no config file",
        because=[
            *((value, f"{name} is not in force") for name, value in lost[:3]),
            *((target, "nothing listens here") for target in missed[:1]),
        ],
        repair=f"add --config {path}",
        severity=Severity.ERROR if missed else None,
        fix=_fix(found.config, service, safe=bool(missed)),
    )


def _fix(config: IdleConfig, service: Service, *, safe: bool) -> Fix | None:
    from flasklint.edits import add_words

    words = service.command.words
    if len(words) < 2 or service.runs.manager in ("compose", "dockerfile"):
        return None
    edit = add_words(words, words[1].at, f"--config {config.path}")
    return Fix((edit,), safe=safe or _DELICATE.isdisjoint(name for name, _ in config.values)) if edit else None


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app    # finding: workers, timeout of gunicorn_config.py never apply
-- gunicorn_config.py --
workers = 5
timeout = 120
-- wsgi.py --
from flask import Flask
app = Flask(__name__)
"""

FIXED = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --config gunicorn_config.py wsgi:app
-- gunicorn_config.py --
workers = 5
timeout = 120
-- wsgi.py --
from flask import Flask
app = Flask(__name__)
"""

GOOD = FIXED
