"""Nothing makes the folder below /run again after a reboot

/run is a file system in memory: every boot begins with an empty one. A folder made there by hand, by a script or by
a playbook lasts until the next reboot; then the server cannot make its socket, pid file or log in it, says
`[Errno 2] No such file or directory` or `doesn't exist. Can't create pidfile`, and exits with status 1.

Fix: write `RuntimeDirectory=` in the unit, which makes the folder at every start, for the unit's user.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.runtime import Need, missing_folders
from flasklint.edits import add_setting, replace
from flasklint.facts import Unit
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule


@rule(
    "runtime-dir-not-created",
    severity=Severity.ERROR,
    group="sockets",
    since="0.2",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#RuntimeDirectory="],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service, unit in deployment.web_units:
        for need in missing_folders(service, unit, deployment.provisioning):
            yield _missing(need, unit, deployment)


def _missing(need: Need, unit: Unit, deployment: Deployment) -> Finding:
    name = need.folder.removeprefix("/run/")
    once = deployment.provisioning.made_once(need.folder)
    entry = unit.last("Service", "RuntimeDirectory")
    because = [(once, "made once: the next boot begins with an empty /run")] if once else []
    if entry:
        because.append((entry.at, f"makes /run/{entry.value} only"))
    return finding(
        need.at,
        f"nothing makes {need.folder} at boot, so {unit.name} cannot make its {need.what} there after a reboot: "
        "No such file or directory",
        label="not there after a reboot",
        because=because,
        repair=f"add {name} to RuntimeDirectory=" if entry else f"add RuntimeDirectory={name} to [Service]",
        fix=_fix(unit, name),
    )


def _fix(unit: Unit, name: str) -> Fix | None:
    entry = unit.last("Service", "RuntimeDirectory")
    line = (
        replace(entry.at, f"{entry.value} {name}")
        if entry
        else add_setting(unit, "Service", f"RuntimeDirectory={name}")
    )
    return Fix((line,)) if line else None


BAD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind unix:/run/shop/shop.sock wsgi:app    # finding: nothing makes /run/shop at boot
Restart=always
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind unix:/run/shop/shop.sock wsgi:app
Restart=always
RuntimeDirectory=shop
[Install]
WantedBy=multi-user.target
"""

FIXED = GOOD
