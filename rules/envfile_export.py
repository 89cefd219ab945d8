"""EnvironmentFile= names a file with export lines

systemd reads `EnvironmentFile=` itself, without a shell. To it `export SECRET_KEY=...` is no assignment: it writes
`Ignoring invalid environment assignment 'export SECRET_KEY=...'` into the journal and starts the service without the
variable. The application then ends with `KeyError: 'SECRET_KEY'`, or runs with another value than the file says.

Fix: write `SECRET_KEY=...` without `export`. A shell that is to pass the variables on reads such a file with `set -a`.
"""

from collections.abc import Iterator, Sequence

from flasklint.deployment import Deployment
from flasklint.deployment.providers import users_of
from flasklint.facts import Problem, Unit
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.source import Span


@rule(
    "envfile-export",
    severity=Severity.ERROR,
    group="environment",
    since="0.2",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#EnvironmentFile="],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    told = set()
    for unit in deployment.units:
        for source in unit.files:
            lines = [one for one in unit.problems if one.kind == "env-file-export" and one.at.source is source]
            if not lines or source.path in told:
                continue
            told.add(source.path)
            shell = deployment.surroundings.sourced(source.path.rpartition("/")[2])
            lost = [line for line in lines if not _arrives(_name(line), unit, shell, deployment)]
            if lost:
                yield _ignored(lost, unit, shell)


def _name(line: Problem) -> str:
    return line.at.text.removeprefix("export").partition("=")[0].strip()


def _arrives(name: str, unit: Unit, shell: Span | None, deployment: Deployment) -> bool:
    """Whether the service gets the variable otherwise: the unit's own shell reads the file, the application does."""
    services = users_of(unit, deployment)
    if shell and any(shell.source is source for source in unit.files):
        return True
    if any(service.server.environment.known(name) for service in services):
        return True
    return deployment.surroundings.loads_env_files and any(service.app for service in services)


def _ignored(lines: Sequence[Problem], unit: Unit, shell: Span | None) -> Finding:
    first, names = lines[0], [_name(line) for line in lines]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    because = [
        (file.path.at, "read by systemd, not by a shell") for file in unit.env_files if _is_of(file.files, first)
    ]
    return finding(
        first.at,
        f"systemd ignores lines that begin with export, so {unit.name} starts without {shown}: "
        "Ignoring invalid environment assignment",
        label="no assignment to systemd",
        because=[*because, *([(shell, "a shell reads it, too")] if shell else [])],
        repair=f"write {names[0]}=... without export" + (", and set -a before the shell reads it" if shell else ""),
        fix=_fix(lines, safe=shell is None),
    )


def _is_of(files: Sequence[object], line: Problem) -> bool:
    return any(source is line.at.source for source in files)


def _fix(lines: Sequence[Problem], *, safe: bool) -> Fix | None:
    """Drop the word; not where a value needs a shell to come to anything."""
    from flasklint.edits import replace

    if any("$" in line.at.text or "`" in line.at.text for line in lines):
        return None
    return Fix(tuple(replace(line.at.part(0, line.at.text.index(_name(line))), "") for line in lines), safe)


BAD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
EnvironmentFile=/srv/shop/shop.env
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
-- shop.env --
# of the shop
export SECRET_KEY=of-the-shop    # finding: starts without SECRET_KEY
DATABASE_URL=sqlite:////srv/shop/shop.db
"""

GOOD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
EnvironmentFile=/srv/shop/shop.env
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
-- shop.env --
# of the shop
SECRET_KEY=of-the-shop
DATABASE_URL=sqlite:////srv/shop/shop.db
"""

FIXED = GOOD
