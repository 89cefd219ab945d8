"""The unit's sandbox hides the application from itself

`ProtectHome=yes` and `tmpfs` empty /home, /root and /run/user for the service, `InaccessiblePaths=` and
`TemporaryFileSystem=` what they name. A program, a virtual environment or a working directory below is not there:
`status=203/EXEC` (`Failed to locate executable ...: No such file or directory`, or `Permission denied`),
`status=200/CHDIR`. `ReadWritePaths=` and `BindPaths=` do not bring back what `ProtectHome=yes` hides; with `tmpfs`,
`BindPaths=` does. (`EnvironmentFile=` is read outside of the sandbox.)

Fix: move the application to /srv; or write `ProtectHome=read-only`, which still keeps the service from writing.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.needs import Need, started_from, written_by
from flasklint.deployment.sandbox import Mount, sandbox_of
from flasklint.facts import Runs, Unit
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule


@rule(
    "protecthome-hides-app",
    severity=Severity.ERROR,
    group="environment",
    since="0.2",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#ProtectHome="],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    commands: list[tuple[Runs, Service | None]] = [(service.runs, service) for service in deployment.services]
    commands += [(runs, None) for runs in deployment.others]
    for runs, service in commands:
        unit = runs.unit
        if unit is None or unit.scope == "user" or any("+" in one.prefixes for one in unit.exec_start):
            continue
        sandbox = sandbox_of(unit)
        if not sandbox.mounts:
            continue
        hidden = [(need, mount) for need in started_from(runs, unit, service) if (mount := sandbox.hides(need.path))]
        hidden.sort(key=lambda each: each[0].what != "its program")  # what systemd looks for first
        if hidden:
            yield _hidden(unit, service, [need for need, _ in hidden], hidden[0][1])


def _hidden(unit: Unit, service: Service | None, needs: list[Need], mount: Mount) -> Finding:
    first, said = needs[0], mount.said
    places = {need.at: need for need in needs}
    return finding(
        said.at,
        f"{said.key}={said.value} hides {mount.path} from {unit.name}, but {first.what} is {first.path}: {first.symptom}",
        label=f"nothing of {mount.path} is there" if mount.access == "empty" else f"{mount.path} cannot be entered",
        because=[(at, f"{need.what} lies in {mount.path}") for at, need in list(places.items())[:4]],
        repair="move the application to /srv"
        + (", or write ProtectHome=read-only" if said.key == "ProtectHome" else ""),
        fix=_fix(unit, service, mount),
    )


def _fix(unit: Unit, service: Service | None, mount: Mount) -> Fix | None:
    """Let it be read; what is known to be written there may be written."""
    from flasklint.edits import add_setting, replace

    if mount.said.key != "ProtectHome":
        return None
    written = written_by(service) if service else ()
    folders = {need.path.rpartition("/")[0]: None for need in written if mount.covers(need.path)}
    edits = [replace(mount.said.at, "read-only")]
    more = add_setting(unit, "Service", f"ReadWritePaths={' '.join(folders)}") if folders else None
    return Fix((*edits, more), safe=False) if more else Fix(tuple(edits), safe=False)


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/home/shop/site
ExecStart=/home/shop/site/venv/bin/gunicorn wsgi:app
Restart=on-failure
ProtectHome=yes    # finding: hides /home from shop.service, but its program is /home/shop/site/venv/bin/gunicorn: status=203/EXEC
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
ProtectHome=yes
[Install]
WantedBy=multi-user.target
"""

FIXED = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/home/shop/site
ExecStart=/home/shop/site/venv/bin/gunicorn wsgi:app
Restart=on-failure
ProtectHome=read-only
[Install]
WantedBy=multi-user.target
"""
