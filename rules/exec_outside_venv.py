"""The server runs outside of the virtual environment

The packages of the application are in a virtual environment, but the unit starts the system's own
`/usr/bin/gunicorn` or `/usr/bin/python3`, which does not see them: `ModuleNotFoundError: No module named
'flask'`. In a shell with the environment activated everything works; under systemd it does not, because
`Environment=PATH=...` does not change which Python an absolute program belongs to.

Fix: start the program of the virtual environment, `/srv/shop/venv/bin/gunicorn`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.venv import SYSTEM_BINS, named_in, of_program, site_packages_by_hand
from flasklint.edits import replace_within, together
from flasklint.facts import Command, Requirement, Word
from flasklint.finding import Finding, Place, Severity, finding
from flasklint.rule import rule
from flasklint.value import Default, Known, has_hole

_IN_VENVS = ("python", "pip", "flask", "gunicorn", "waitress-serve", "alembic", "activate")
_LOCAL = "/usr/local/bin"  # where pip puts the programs of packages that it installs for all


@rule(
    "exec-outside-venv",
    severity=Severity.WARNING,
    group="environment",
    since="0.1",
    links=["https://docs.python.org/3/library/venv.html#how-venvs-work"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.services:
        program = _of_the_system(service)
        if program is None or site_packages_by_hand(service.command.environment, service.server.search):
            continue
        venv = _venv_of_the_unit(service)
        because: list[tuple[Place, str]] = [(venv, "the virtual environment")] if venv else []
        if venv:
            where = f"the packages are in {venv.value}"
        elif service.packages == "venv":
            where = "the tree installs the packages into a virtual environment"
        elif _has_own_packages(service) and not program.text.startswith(_LOCAL):
            where = "the packages of its requirements belong in a virtual environment"
            because = [(want.at, "installed for the application") for want in _flask(service)]
        else:
            continue
        name = program.text.rpartition("/")[2].replace("gunicorn3", "gunicorn")  # Debian's name for it
        inside = f"{venv.value}/bin/{name}" if venv else ""
        yield finding(
            program.at,
            f"{service.name} starts the system's own {name}, but {where}: ModuleNotFoundError when the "
            "application is imported",
            label="the system's Python",
            because=because,
            repair=f"write {inside or f'/.../venv/bin/{name}'}",
            fix=together(replace_within(Known(program.text, program.at), inside), safe=False) if inside else None,
        )


def _of_the_system(service: Service) -> Word | None:
    """The system's program that systemd starts, or that a shell starts by its absolute path."""
    command = service.command
    if service.runs.manager != "systemd" or service.kind == "uwsgi" or not command.words:
        return None
    word = command.interpreter or command.words[0]
    folder, _, name = word.text.rpartition("/")
    by_systemd = not folder and word == command.launcher and name.startswith("python")
    return word if folder in SYSTEM_BINS or by_systemd or (not folder and _by_env(command)) else None


def _by_env(command: Command) -> bool:
    """Whether `/usr/bin/env NAME` looks the name up in systemd's own PATH."""
    path = command.environment.get("PATH") if command.environment.complete else None
    return command.through == ("env",) and isinstance(path, Default)


def _venv_of_the_unit(service: Service) -> Known[str] | None:
    """The virtual environment that the unit names: in its environment or in another of its commands."""
    found = list(named_in(service.runs.environment))
    for command in service.unit.commands if service.unit else ():
        for word in command.words:
            folder, _, name = word.text.rpartition("/")
            if folder.startswith("/") and name.startswith(_IN_VENVS):
                found.append(Known(of_program(word.text), word.at))
    return next((venv for venv in found if venv.value and not has_hole(venv.value)), None)


def _has_own_packages(service: Service) -> bool:
    """Whether requirements are all that is told; a user's units see what `pip install --user` installs."""
    if service.packages != "unknown" or service.installed != "requirements":
        return False
    return bool(_flask(service)) and service.unit is not None and service.unit.scope == "system"


def _flask(service: Service) -> list[Requirement]:
    wanted = service.requirements.get("flask") if service.requirements else None
    return [wanted] if wanted else []


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
Environment="PATH=/srv/shop/venv/bin"
ExecStart=/usr/bin/gunicorn wsgi:app    # finding: packages are in /srv/shop/venv
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
Environment="PATH=/srv/shop/venv/bin"
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
"""

FIXED = GOOD
