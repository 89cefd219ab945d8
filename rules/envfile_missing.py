"""The unit reads another file of variables than the one that is put there

A script or playbook of the tree puts the variables into `/srv/shop/.env.runtime`, the unit names `/srv/shop/runtime.env`,
and nothing else in the tree does. With `EnvironmentFile=` the service does not start: `Failed to load environment files:
No such file or directory`. With `EnvironmentFile=-` it starts without a single one of the variables, silently.

That a file of secrets is not part of the repository is right, and nothing is said of it.

Fix: name one and the same file in both places.
"""

from collections.abc import Iterator
from posixpath import dirname

from flasklint.deployment import Deployment
from flasklint.deployment.providers import is_named
from flasklint.facts import EnvFile, Unit
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known, has_hole

_SYSTEM = (
    "/",
    "/etc",
    "/etc/default",
    "/etc/sysconfig",
    "/etc/conf.d",
    "/run",
    "/var",
    "/usr",
    "/home",
    "/srv",
    "/opt",
)


@rule(
    "envfile-missing",
    severity=Severity.WARNING,
    group="environment",
    since="0.2",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#EnvironmentFile="],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for unit in deployment.units:
        for file in unit.env_files:
            if not file.files and _is_plain(file.path.value) and not _is_spoken_of(file, unit, deployment):
                written = _written_instead(file, deployment)
                if written:
                    yield _missing(file, written, unit)


def _is_plain(path: str) -> bool:
    return not has_hole(path) and not any(char in path for char in "*?[%$<") and dirname(path) not in _SYSTEM


def _is_spoken_of(file: EnvFile, unit: Unit, deployment: Deployment) -> bool:
    """Whether anything but the unit itself knows of the file."""
    name = file.path.value.rpartition("/")[2]
    return is_named(name, deployment, but=tuple(source.path for source in unit.files))


def _written_instead(file: EnvFile, deployment: Deployment) -> Known[str] | None:
    """The one other file of variables in the same folder that a script names and no unit reads."""
    around = deployment.surroundings
    named = {one.value: one for one in reversed(around.writes_env_file(dirname(file.path.value)))}
    read = {each.path.value for unit in deployment.units for each in unit.env_files}
    others = [one for path, one in named.items() if path not in read and not path.endswith((".example", ".sample"))]
    return others[0] if len(others) == 1 and not around.loads_env_files else None


def _missing(file: EnvFile, written: Known[str], unit: Unit) -> Finding:
    path = file.path.value
    symptom = "starts without its variables" if file.optional else "does not start: Failed to load environment files"
    return finding(
        file.path,
        f"{unit.name} reads {path}, and {written.at.path} puts its variables into {written.value}: the service {symptom}",
        label="nobody puts this file there",
        because=[(written, "not the file that the unit names")],
        repair=f"write EnvironmentFile={written.value}, or let {written.at.path} write {path}",
    )


BAD = """
-- deploy/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
EnvironmentFile=-/srv/shop/runtime.env    # finding: puts its variables into /srv/shop/.env.runtime
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
-- deploy/deploy.sh --
#!/bin/sh
echo "SECRET_KEY=$1" > /srv/shop/.env.runtime
systemctl restart shop
"""

GOOD = """
-- deploy/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
EnvironmentFile=/srv/shop/.env.runtime
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
-- deploy/deploy.sh --
#!/bin/sh
echo "SECRET_KEY=$1" > /srv/shop/.env.runtime
systemctl restart shop
"""
