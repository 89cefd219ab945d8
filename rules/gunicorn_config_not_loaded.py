"""Gunicorn does not read this configuration

Without `-c` Gunicorn reads one file only: `gunicorn.conf.py` in the directory it starts in. Any other name
(`gunicorn_config.py`) and any other folder (`deploy/gunicorn.conf.py`) is passed over in silence: one worker, a timeout of 30
seconds and `127.0.0.1:8000`, whatever the file says.

Fix: name the file, `gunicorn --config gunicorn_config.py ...`, or call it `gunicorn.conf.py` and put it into the
WorkingDirectory.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.providers import is_named
from flasklint.facts import IdleConfig
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Default, Known

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
    for service in deployment.of_kind("gunicorn"):
        if service.app and service.app.state == "found" and len(service.server.idle) == 1:
            config = service.server.idle[0]
            lost = _lost(config, service)
            if lost and not _is_used(config, deployment):
                yield _not_loaded(config, lost, service)


def _lost(config: IdleConfig, service: Service) -> list[tuple[str, Known[object]]]:
    """The settings of the file that are written nowhere else and differ from Gunicorn's defaults."""
    found = []
    for name, value in config.values:
        current = service.setting(name)
        if isinstance(current, Default) and current.value != value.value:
            found.append((name, value))
    return found


def _is_used(config: IdleConfig, deployment: Deployment) -> bool:
    """Whether anything else of the tree, documents aside, names the file, by its name or as a module."""
    stem = config.path.rpartition("/")[2].removesuffix(".py")
    return is_named(stem, deployment, but=(config.source.path,), documents=False)


def _not_loaded(config: IdleConfig, lost: list[tuple[str, Known[object]]], service: Service) -> Finding:
    names = ", ".join(name for name, _ in lost[:3]) + (" ..." if len(lost) > 3 else "")
    return finding(
        service.command.at,
        f"gunicorn reads gunicorn.conf.py of its directory only, so {names} of {config.path} never apply",
        label="names no config file",
        because=[(value, f"{name} is not in force") for name, value in lost[:3]],
        repair=f"add --config {config.path}",
        fix=_fix(config, service),
    )


def _fix(config: IdleConfig, service: Service) -> Fix | None:
    from flasklint.edits import add_words

    words = service.command.words
    if len(words) < 2 or service.runs.manager in ("compose", "dockerfile"):
        return None
    edit = add_words(words, words[1].at, f"--config {config.path}")
    return Fix((edit,), safe=_DELICATE.isdisjoint(name for name, _ in config.values)) if edit else None


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
