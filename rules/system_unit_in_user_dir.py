"""A unit of the system lies among the units of users

systemd's user managers read `/etc/systemd/user` and `~/.config/systemd/user`; the system's own manager does not.
A user manager cannot become another user: with `User=` the service fails (`Failed to determine supplementary
groups: Operation not permitted`, `status=216/GROUP`). It has no `multi-user.target` either, so a unit that is
enabled there (`WantedBy=multi-user.target`) is not started at boot, and not even at login.

Fix: move the unit to `/etc/systemd/system`; or, for a service of one user, take out `User=`, write
`WantedBy=default.target` and run `loginctl enable-linger`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.facts import Entry, Unit
from flasklint.finding import Finding, Place, Severity, finding
from flasklint.rule import rule
from flasklint.value import has_hole

# Targets that only the system's manager has; systemd.special(7).
_OF_THE_SYSTEM = frozenset({"multi-user.target", "graphical.target", "network.target", "network-online.target"})


@rule(
    "system-unit-in-user-dir",
    severity=Severity.ERROR,
    group="service",
    since="0.2",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#Unit%20File%20Load%20Path"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for unit in deployment.units:
        if not _is_among_users(unit, deployment):
            continue
        user, target = _user(unit), _target(unit)
        because: list[tuple[Place, str]] = [(target.at, "no target of a user manager")] if target else []
        if user:
            yield finding(
                user.at,
                f"{unit.name} lies among the units of users, but is to run as {user.value}: a user manager cannot "
                "change the user, and the service fails with status=216/GROUP",
                label="only the system's manager can",
                because=because,
                repair="move the unit to /etc/systemd/system",
            )
        elif target:
            yield finding(
                target.at,
                f"{unit.name} lies among the units of users, where there is no {target.value}: nothing starts it",
                label="a target of the system's manager",
                repair="move the unit to /etc/systemd/system, or write WantedBy=default.target",
            )


def _is_among_users(unit: Unit, deployment: Deployment) -> bool:
    """Whether a unit goes where user managers look: its path is a host's, or nothing speaks of the system's folder."""
    path = f"/{unit.source.path}"
    if unit.scope != "user" or unit.partial or "/systemd/user/" not in path:
        return False
    of_host = any(f"/{folder}/systemd/user/" in path for folder in ("etc", "lib", "share", ".config"))
    return of_host or not deployment.surroundings.mentions("/etc/systemd/system")


def _target(unit: Unit) -> Entry | None:
    """The `WantedBy=` of a target that only the system has, where no other is named."""
    entries = unit.all("Install", "WantedBy")
    return entries[0] if entries and all(entry.value in _OF_THE_SYSTEM for entry in entries) else None


def _user(unit: Unit) -> Entry | None:
    """The `User=` of another user; a specifier is that of the manager's own."""
    entry = unit.last("Service", "User")
    return entry if entry and entry.value and "%" not in entry.value and not has_hole(entry.value) else None


BAD = """
-- systemd/user/shop.service --
[Service]
User=www-data    # finding: is to run as www-data
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- systemd/system/shop.service --
[Service]
User=www-data
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""
