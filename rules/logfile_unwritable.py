"""The server cannot write its log file

/var/log belongs to root. A service with a `User=` can make no file there, nor a folder for its files, and nothing
here makes one. Gunicorn opens its logs first and does not start: `Error: '/var/log/shop/error.log' isn't
writable [FileNotFoundError(2, 'No such file or directory')]` or `[PermissionError(13, 'Permission denied')]`, exit
status 1.

Fix: write `LogsDirectory=shop` in `[Service]`: systemd makes /var/log/shop for the service's user; or log to the
journal (`--error-logfile -`).
"""

from collections.abc import Iterator
from posixpath import dirname

from flasklint.deployment import Deployment, Service
from flasklint.deployment.needs import Need, logs_of
from flasklint.deployment.sandbox import sandbox_of
from flasklint.facts import Unit
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known, has_hole

_LOGS = "/var/log"
# Folders that packages of distributions make, and the users that may write there.
_MADE = {"/var/log/nginx": ("www-data", "nginx"), "/var/log/apache2": (), "/var/log/uwsgi": ("www-data", "uwsgi")}


@rule(
    "logfile-unwritable",
    severity=Severity.WARNING,
    group="service",
    since="0.2",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#LogsDirectory="],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service, unit in deployment.web_units:
        user = service.runs.user
        if not isinstance(user, Known) or user.value in ("root", "0") or has_hole(user.value):
            continue
        logs = [need for need in logs_of(service) if _is_shut(need, service, unit, deployment)]
        if logs and not unit.is_open:
            yield _finding(logs, unit, user)


def _is_shut(need: Need, service: Service, unit: Unit, deployment: Deployment) -> bool:
    """Whether a log file lies where only root may make it, and nothing of the tree prepares its place."""
    folder, user = dirname(need.path), service.runs.user
    if folder not in ("/", _LOGS) and not folder.startswith(f"{_LOGS}/"):
        return False
    if isinstance(user, Known) and user.value in _MADE.get(folder, ()):
        return False
    sandbox = sandbox_of(unit)
    if not sandbox.told or sandbox.at(need.path):
        return False  # a folder of its own, or told by protectsystem-blocks-writes
    prepared = need.path if folder in ("/", _LOGS) else folder
    if any(prepared in word.text for one in unit.commands if one.key != "ExecStart" for word in one.words):
        return False
    own = {need.at.path, *(source.path for source in unit.files)}
    return set(deployment.surroundings.mentions(prepared.lstrip("/"))) <= own


def _finding(logs: list[Need], unit: Unit, user: Known[str]) -> Finding:
    folder = dirname(logs[0].path)
    below = folder.removeprefix(_LOGS).strip("/")
    makes = f"nothing makes {folder}" if below else f"only root may make a file in {folder}"
    name = below or unit.name.rpartition(".")[0]
    lines = f"LogsDirectory={name}" if below else f"LogsDirectory={name} and log to {_LOGS}/{name}/"
    return finding(
        logs[0].at,
        f"{unit.name} runs as {user.value} and logs to {logs[0].path}, but {makes}: Gunicorn does not start, "
        f"'{logs[0].path}' isn't writable",
        label=makes,
        because=[(user, "not root"), *((other.at, "nor this one") for other in logs[1:3])],
        repair=f"add {lines}",
        fix=_fix(unit, below) if all(dirname(log.path) == folder for log in logs) else None,
    )


def _fix(unit: Unit, below: str) -> Fix | None:
    from flasklint.edits import add_setting

    edit = add_setting(unit, "Service", f"LogsDirectory={below}") if below else None
    return Fix((edit,)) if edit else None


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --error-logfile /var/log/shop/error.log wsgi:app    # finding: nothing makes /var/log/shop
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --error-logfile /var/log/shop/error.log wsgi:app
LogsDirectory=shop
[Install]
WantedBy=multi-user.target
"""

FIXED = GOOD
