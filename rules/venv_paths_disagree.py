"""The unit names two different virtual environments

`ExecStart=` starts a program of one virtual environment, and `Environment=` puts another on `PATH` or into
`VIRTUAL_ENV`. What the application itself starts (`flask`, `celery`, `ffmpeg` of a package) then comes from
elsewhere, or is not found; usually the one in `ExecStart=` is a leftover of a renamed folder, and the unit
ends in `status=203/EXEC`. `PATH=/srv/shop/.venv` without `/bin` holds no program at all.

Fix: name the same virtual environment in both places.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.venv import entries, is_environment, named_in, of_program, site_packages_by_hand
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known, has_hole, same_text


@rule(
    "venv-paths-disagree",
    severity=Severity.ERROR,
    group="service",
    since="0.1",
    links=["https://docs.python.org/3/library/venv.html#how-venvs-work"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.services:
        if service.runs.manager not in ("systemd", "supervisor") or service.command.through_shell:
            continue
        own = _own(service)
        if _is_usual(service, own):
            continue
        named = list(named_in(service.runs.environment))
        bare = _without_bin(service)
        if not (named or bare):
            continue
        apart = own is not None and all(same_text(own.value, venv.value) is False for venv in named)
        if (bare or apart) and site_packages_by_hand(service.runs.environment, service.server.search):
            own = None
        if bare:
            yield finding(
                bare,
                f"PATH names {bare.value}, but the programs of a virtual environment lie in its bin: "
                f"{service.name} finds none of them",
                label="without /bin",
                because=[(own, "the program comes from here")] if own else [],
                repair=f"write {bare.value}/bin",
                severity=Severity.WARNING if own else None,  # the server itself starts
            )
        elif own and apart and named:
            yield finding(
                named[0],
                f"{service.name} starts {service.kind} from {own.value}, but its environment names "
                f"{named[0].value}: one of them is wrong",
                label="another virtual environment",
                because=[(own, f"{service.kind} comes from here")],
                repair=f"name {own.value} in both places, or {named[0].value}",
                severity=Severity.WARNING,  # the server starts if the one on PATH is the wrong one
            )


def _is_usual(service: Service, own: Known[str] | None) -> bool:
    """Whether nothing is set, or PATH alone, to the `bin` that the program lies in: so it is with most services."""
    environment = service.runs.environment
    if not environment.variables:
        return True
    path = environment.known("PATH") if own else None
    told = own and path and path.value == f"{own.value}/bin"
    return bool(told) and environment.known("VIRTUAL_ENV") is None


def _own(service: Service) -> Known[str] | None:
    """The virtual environment that the program's own path names."""
    command = service.command
    word = command.interpreter or (command.words[0] if command.words else None)
    folder = of_program(word.text) if word else ""
    return Known(folder, word.at) if word and folder else None


def _without_bin(service: Service) -> Known[str] | None:
    path = service.runs.environment.known("PATH")
    folders = [entry.rstrip("/") for entry in path.value.split(":")] if path else []
    bare = {
        folder
        for folder in folders
        if is_environment(folder) and folder.startswith("/") and not has_hole(folder) and f"{folder}/bin" not in folders
    }
    listed = entries(path) if path and bare else ()
    return next((Known(folder, entry.at) for entry in listed if (folder := entry.value.rstrip("/")) in bare), None)


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
Environment="PATH=/srv/shop/env/bin:/usr/bin"    # finding: its environment names /srv/shop/env
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
Environment="PATH=/srv/shop/venv/bin:/usr/bin"
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""
