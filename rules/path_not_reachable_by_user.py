"""The service's user cannot get into the folder of the application

A home folder is closed to other users: /root everywhere, /home/... on Ubuntu since 21.04, Debian since 12, Fedora
and its kin. A service that runs as `www-data` or as a user of its own and lies in somebody else's home fails with
`status=200/CHDIR` (`Changing to the requested working directory failed: Permission denied`) or `status=203/EXEC`
(`Failed to execute ...: Permission denied`).

Fix: put the application where services live, /srv or /opt; or run the service as the owner of the home.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.access import Worker, home_is_closed, home_of
from flasklint.deployment.needs import Need, started_from
from flasklint.deployment.sandbox import sandbox_of
from flasklint.facts import Runs, Unit
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known, has_hole

_PASSES = ("CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH")


@rule(
    "path-not-reachable-by-user",
    severity=Severity.WARNING,
    group="environment",
    since="0.2",
    links=["https://man7.org/linux/man-pages/man7/path_resolution.7.html"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service, unit in deployment.web_units:
        user = service.runs.user
        if not _names_home(service.runs):
            continue
        if not isinstance(user, Known) or user.value in ("root", "0") or user.value.isdigit() or has_hole(user.value):
            continue
        shut = [
            (need, home) for need in started_from(service.runs, unit) if (home := _shut_home(need, service, deployment))
        ]
        if not shut or _passes(unit):
            continue
        (need, home), rest = shut[0], shut[1:]
        mode = "0700" if home == "/root" else "0750 or 0700"
        yield finding(
            need.at,
            f"{service.name} runs as {user.value}, but {need.what} lies in {home}, which only its owner may enter: "
            f"{need.symptom} (Permission denied)",
            label=f"{home} is {mode}",
            because=[(user, f"not the owner of {home}"), *((other.at, "and this, too") for other, _ in rest[:2])],
            repair=f"write /home/{user.value} for %h, which is systemd's own home whatever User= says"
            if "%h" in need.at.text
            else "move the application to /srv"
            + ("" if home == "/root" else f", or write User={home.rpartition('/')[2]}"),
        )


def _names_home(runs: Runs) -> bool:
    """Whether its program or its directory may lie in a home: those of most services do not."""
    directory = runs.directory.value if isinstance(runs.directory, Known) else ""
    named = f"{runs.words[0].text if runs.words else ''}\n{directory}"
    return "/home" in named or "/root" in named


def _shut_home(need: Need, service: Service, deployment: Deployment) -> str:
    """The home that keeps the user of a service from one of its files, "" where none surely does."""
    home = "/root" if need.path == "/root" else home_of(need.path)
    user, group = service.runs.user, service.runs.group
    if not home or not isinstance(user, Known):
        return ""
    owner = home.rpartition("/")[2]
    own = group.value if isinstance(group, Known) else ""
    more = service.unit.all("Service", "SupplementaryGroups") if service.unit else ()
    if has_hole(own) or any(owner in entry.value.split() or has_hole(entry.value) for entry in more):
        return ""
    asked = Worker(frozenset({user.value}), own, user.at)
    return home if home_is_closed(home, asked, deployment.provisioning) else ""


def _passes(unit: Unit) -> bool:
    """Whether the service may enter every folder, does not see that one, or nobody can tell its user's rights."""
    able = any(name in entry.value for entry in unit.all("Service", "AmbientCapabilities") for name in _PASSES)
    return (
        able
        or unit.is_open
        or any("+" in one.prefixes or "!" in one.prefixes for one in unit.exec_start)
        or bool(sandbox_of(unit).hides("/home/x") or sandbox_of(unit).hides("/root"))
    )


BAD = """
-- shop.service --
[Service]
User=www-data
WorkingDirectory=/home/ubuntu/shop    # finding: runs as www-data, but its working directory lies in /home/ubuntu
ExecStart=/home/ubuntu/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- shop.service --
[Service]
User=ubuntu
Group=www-data
WorkingDirectory=/home/ubuntu/shop
ExecStart=/home/ubuntu/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""
