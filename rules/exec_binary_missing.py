"""The program of the unit is not where the unit looks for it

`ExecStart=` names a script that the repository has in another folder, or a virtual environment that its own scripts
make under another name. systemd says `Failed to locate executable /srv/shop/start.sh: No such file or directory`, and
the unit ends in `status=203/EXEC`.

Fix: name the path that the file has once the repository lies on the server.
"""

from collections.abc import Iterator
from posixpath import basename

from flasklint.deployment import Deployment, Service
from flasklint.deployment.target import in_tree, on_target
from flasklint.facts import Word
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule


@rule(
    "exec-binary-missing",
    severity=Severity.WARNING,
    group="service",
    since="0.2",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Command%20lines"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service, unit in deployment.web_units:
        script, there = service.command.script, service.command.script_file
        word = _script(service) if script else None
        if word is None or script is None:
            continue
        wanted = in_tree(word.text, service)
        if wanted in (None, there) or _may_be_copied(word, service, deployment):
            continue
        runs = unit.exec_start[-1].words[0] == word
        symptom = "status=203/EXEC" if runs else "status=127"
        found = on_target(there, service)
        yield finding(
            word.at,
            f"{service.name} starts {word.text}, but the repository has {basename(word.text)} at {there}: {symptom} "
            "(No such file or directory)",
            label=f"lies at {there}",
            because=[(script.whole(), "the script")],
            repair=f"write {found or there}",
        )


def _script(service: Service) -> Word | None:
    """The word of a unit's command that names, by an absolute path, the script that was followed."""
    names = {name[7:] for name in service.command.through if name.startswith("script:")}
    words = (word for word in service.runs.words if word.fixed and word.text.startswith("/"))
    return next((word for word in words if basename(word.text) in names), None)


def _may_be_copied(word: Word, service: Service, deployment: Deployment) -> bool:
    """Whether something else of the tree speaks of the script: it may be put there when it is installed."""
    unit = service.unit
    own = {source.path for source in unit.files} if unit else set()
    own |= {service.command.script.path} if service.command.script else set()
    return not set(deployment.surroundings.mentions(basename(word.text))) <= own


BAD = """
-- deploy/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/start.sh    # finding: the repository has start.sh at scripts/start.sh: status=203/EXEC
Restart=on-failure
[Install]
WantedBy=multi-user.target
-- scripts/start.sh --
#!/bin/sh
exec venv/bin/gunicorn wsgi:app
-- wsgi.py --
from flask import Flask

app = Flask(__name__)
"""

GOOD = """
-- deploy/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/scripts/start.sh
Restart=on-failure
[Install]
WantedBy=multi-user.target
-- scripts/start.sh --
#!/bin/sh
exec venv/bin/gunicorn wsgi:app
-- wsgi.py --
from flask import Flask

app = Flask(__name__)
"""
