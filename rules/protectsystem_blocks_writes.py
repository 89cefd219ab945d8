"""The unit's sandbox makes a folder read-only that the service writes to

`ProtectSystem=strict` makes everything read-only but /dev, /proc, /sys, /home, /root and /run/user; `full` makes /usr,
/boot and /etc so, `ProtectHome=read-only` the homes. Then Gunicorn does not start (`isn't writable [OSError(30,
'Read-only file system')]`, `No usable temporary directory found`), SQLite answers `attempt to write a readonly
database` or `unable to open database file`, and an upload ends in `500 Internal Server Error`.

Fix: name the folder in `ReadWritePaths=`, or give the service folders of its own: `StateDirectory=`,
`LogsDirectory=`, `CacheDirectory=`; `PrivateTmp=yes` for temporary files.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.needs import HEARTBEAT, Need, lacks_temporary_folder, written_by
from flasklint.deployment.sandbox import Mount, Sandbox, managed_for, sandbox_of
from flasklint.facts import Unit
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known

Blocked = tuple[Need, Mount]


@rule(
    "protectsystem-blocks-writes",
    severity=Severity.ERROR,
    group="environment",
    since="0.2",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#ProtectSystem="],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service, unit in deployment.web_units:
        if any("+" in one.prefixes for one in unit.exec_start):
            continue
        sandbox = sandbox_of(unit)
        if not sandbox.mounts:
            continue
        blocked = [*_temporary(service, sandbox), *_written(service, sandbox)]
        if blocked:
            yield _finding(unit, blocked)


def _written(service: Service, sandbox: Sandbox) -> Iterator[Blocked]:
    """What it writes in vain. (What lies in /run is told by the rules about sockets and runtime directories.)"""
    start = service.server.directory
    for need in written_by(service):
        mount = sandbox.forbids_writing(need.path)
        guessed = need.relative and isinstance(start, Known) and sandbox.writable_below(start.value)
        if mount and not guessed and not need.path.startswith(("/run/", "/var/run/")):
            yield need, mount


def _temporary(service: Service, sandbox: Sandbox) -> Iterator[Blocked]:
    """The heartbeat file of Gunicorn's workers, where every folder that Python tries is read-only."""
    mounts = [sandbox.forbids_writing(folder) for folder in lacks_temporary_folder(service)]
    if mounts and mounts[0] and all(mounts):
        symptom = "exit status 255, No usable temporary directory found"
        yield Need(HEARTBEAT, f"{lacks_temporary_folder(service)[0]}/x", service.command.at, symptom), mounts[0]


def _finding(unit: Unit, blocked: list[Blocked]) -> Finding:
    (first, mount), said = blocked[0], blocked[0][1].said
    settings = _settings([need for need, _ in blocked])
    return finding(
        said.at,
        f"{said.key}={said.value} makes {mount.path} read-only for {unit.name}, which writes {first.what} to "
        f"{first.path.rpartition('/')[0] or '/'}: {first.symptom}",
        label="read-only, whoever the user is",
        because=[(need.at, f"{need.what} is written to {need.path.rpartition('/')[0]}") for need, _ in blocked[:4]],
        repair=f"add {', '.join(settings)}",
        fix=_fix(unit, settings),
    )


def _settings(needs: list[Need]) -> list[str]:
    """The settings that let all of it be written, one of each kind."""
    found: dict[str, dict[str, None]] = {}
    for need in needs:
        line = "PrivateTmp=yes" if need.what == HEARTBEAT else managed_for(need.path)
        key, _, value = line.partition("=")
        found.setdefault(key, {})[value] = None
    return [f"{key}={' '.join(values)}" for key, values in found.items()]


def _fix(unit: Unit, settings: list[str]) -> Fix | None:
    from flasklint.edits import add_setting

    edit = add_setting(unit, "Service", "\n".join(settings))
    return Fix((edit,), safe=False) if edit else None


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --error-logfile /var/log/shop/error.log wsgi:app
PrivateTmp=yes
ProtectSystem=strict    # finding: writes its error log to /var/log/shop: isn't writable
[Install]
WantedBy=multi-user.target
"""

GOOD = BAD.replace("ProtectSystem", "LogsDirectory=shop\nProtectSystem").partition("    #")[0] + (
    "\n[Install]\nWantedBy=multi-user.target\n"
)

FIXED = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --error-logfile /var/log/shop/error.log wsgi:app
PrivateTmp=yes
ProtectSystem=strict
LogsDirectory=shop
[Install]
WantedBy=multi-user.target
"""
