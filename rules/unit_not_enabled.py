"""The service does not come back after a reboot

`systemctl enable` follows the `[Install]` section. Without `WantedBy=` there it changes nothing (`The unit
files have no installation config`), and with a target that does not exist (`mult-user.target`) it makes a
link that nobody follows. The site works until the machine restarts.

Fix: write `WantedBy=multi-user.target` in `[Install]` and run `systemctl enable` once.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.activation import estranged
from flasklint.edits import replace, set_in_section, together
from flasklint.facts import Entry, Unit
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule

_INSTALLS = ("WantedBy", "RequiredBy", "UpheldBy", "Also", "Alias")
_PULLS = ("Wants", "Requires", "BindsTo", "Upholds", "Also", "Unit", "Service", "OnSuccess", "OnFailure")
# Targets that people mean; systemd.special(7).
_TARGETS = ("multi-user.target", "default.target", "graphical.target", "network-online.target",
            "network.target", "basic.target", "sysinit.target", "sockets.target")  # fmt: skip


@rule(
    "unit-not-enabled",
    severity=Severity.WARNING,
    group="service",
    since="0.1",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#WantedBy="],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    suspects = [(service, unit) for service, unit in deployment.web_units if not _is_wanted(unit)]
    if not suspects:
        return
    names = {unit.name for unit in deployment.units}
    pulled = _pulled(deployment)
    estranged_ones = {id(pair.service) for pair in estranged(deployment)}  # told by socket-unit-name-mismatch
    for service, unit in suspects:
        if _is_started(service, unit, pulled) or id(service) in estranged_ones:
            continue
        wanted = [*unit.all("Install", "WantedBy"), *unit.all("Install", "RequiredBy")]
        if all(unit.lacks("Install", key) for key in _INSTALLS):
            yield finding(
                unit.at,
                f"{unit.name} has no WantedBy=: systemctl enable changes nothing, and the site stays down "
                "after a reboot",
                label="no [Install] section says what starts it",
                repair="add [Install] with WantedBy=multi-user.target",
                fix=together(set_in_section(unit, "Install", "WantedBy=multi-user.target")),
            )
        for entry in wanted:
            meant = _misspelt(entry, names)
            if meant:
                yield finding(
                    entry.at,
                    f"there is no {entry.value}: nothing starts {unit.name} at boot, and after a reboot the "
                    "site stays down",
                    label="no such target",
                    repair=f"write {entry.key}={meant}",
                    fix=together(replace(entry.at, meant), safe=False),
                )


def _is_wanted(unit: Unit) -> bool:
    """Whether all that it names to start it are targets that every system has."""
    wanted = unit.all("Install", "WantedBy")
    return bool(wanted) and all(entry.value in _TARGETS for entry in (*wanted, *unit.all("Install", "RequiredBy")))


def _is_started(service: Service, unit: Unit, pulled: frozenset[str]) -> bool:
    """Whether something else starts it: a socket, a timer, a target, another service, an instance's name."""
    if service.sockets or "@" in unit.name or any(".wants/" in source.path for source in unit.files):
        return True
    return unit.name in pulled or unit.name.rpartition(".")[0] in pulled


def _pulled(deployment: Deployment) -> frozenset[str]:
    """The units that others name to start them, and the stems of timers, paths and sockets."""
    stems = {unit.name.rpartition(".")[0] for unit in deployment.units if unit.kind in ("timer", "path", "socket")}
    entries = (entry for unit in deployment.units for entry in unit.entries if entry.key in _PULLS)
    return frozenset(stems.union(*(entry.value.split() for entry in entries)))


def _misspelt(entry: Entry, names: set[str]) -> str:
    """The target that a single unknown one stands for, where that is plain."""
    value = entry.value
    if value in _TARGETS or value in names or " " in value or "{" in value or "%" in value:
        return ""
    for target in _TARGETS:
        if value in (target.removesuffix(".target"), target.replace("-", ""), target.replace("-", "_")):
            return target
    from difflib import get_close_matches

    near = get_close_matches(value, _TARGETS, 1, 0.9)
    return near[0] if near and near[0][0] == value[0] and abs(len(near[0]) - len(value)) <= 2 else ""


BAD = """
-- shop.service --
[Service]    # finding: shop.service has no WantedBy=
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""

FIXED = GOOD
