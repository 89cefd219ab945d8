"""systemd kills the server before it has answered the requests at hand

On `systemctl stop` and `restart` Gunicorn ends gracefully: its workers get `graceful_timeout` (30 seconds unless
told otherwise) to finish what they are answering. When `TimeoutStopSec=` is over before that, systemd sends
SIGKILL (`State 'stop-sigterm' timed out. Killing.`, `Result=timeout`), and whoever waited for a slow answer gets
`502 Bad Gateway`. Many a unit has `TimeoutStopSec=5` from the example in Gunicorn's documentation.

Fix: make `TimeoutStopSec=` a little longer than `graceful_timeout`; or lower `graceful_timeout`, if cutting
requests off is what you mean.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.timespan import seconds
from flasklint.facts import Entry, Unit
from flasklint.finding import Finding, Fix, Place, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known, Unknown

_BY_DEFAULT = 90  # seconds: DefaultTimeoutStopSec= of systemd-system.conf(5)
_MARGIN = 5  # seconds for the master process itself
_GRACEFUL = ("", "SIGTERM", "TERM", "15")  # what Gunicorn ends gracefully on


@rule(
    "stop-timeout-below-graceful",
    severity=Severity.NOTE,
    group="service",
    since="0.2",
    links=[
        "https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#TimeoutStopSec=",
        "https://docs.gunicorn.org/en/stable/settings.html#graceful-timeout",
    ],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service, unit in deployment.web_units:
        graceful = service.setting("graceful_timeout")
        if service.kind != "gunicorn" or isinstance(graceful, Unknown):
            continue
        entry = _stop_timeout(unit)
        limit = seconds(entry.value) if entry else _BY_DEFAULT
        wanted = graceful.value
        if not limit or not isinstance(wanted, int) or limit >= wanted:
            continue
        if not _waits(unit) or (entry is None and unit.is_open):
            continue
        written = [graceful] if isinstance(graceful, Known) else []
        because: list[tuple[Place, str]] = [(one, f"gives them {wanted} s") for one in written]
        place = entry.at if entry else written[0].at if written else unit.at
        yield finding(
            place,
            f"systemd waits {limit:g} s for {service.name} to stop, but Gunicorn gives the requests at hand {wanted} s: "
            "SIGKILL cuts the slow ones off",
            label=f"shorter than graceful_timeout ({wanted} s)" if entry else "longer than systemd waits",
            because=because if entry else [],
            repair=f"write TimeoutStopSec={wanted + _MARGIN}",
            fix=_fix(unit, service, entry, wanted + _MARGIN),
        )


def _waits(unit: Unit) -> bool:
    """Whether stopping means SIGTERM and then waiting: nothing else ends the server first."""
    signal, mode = unit.last("Service", "KillSignal"), unit.last("Service", "KillMode")
    own = any(command.key == "ExecStop" for command in unit.commands)
    return not own and (signal is None or signal.value in _GRACEFUL) and (mode is None or mode.value != "none")


def _stop_timeout(unit: Unit) -> Entry | None:
    """The line in force of those that set it: TimeoutSec= sets it, too."""
    set_by = [e for e in unit.entries if e.section == "Service" and e.key in ("TimeoutStopSec", "TimeoutSec")]
    return set_by[-1] if set_by else None


def _fix(unit: Unit, service: Service, entry: Entry | None, length: int) -> Fix | None:
    from flasklint.edits import add_setting, replace

    if entry and entry.key == "TimeoutStopSec":
        return Fix((replace(entry.at, str(length)),))
    edit = add_setting(unit, "Service", f"TimeoutStopSec={length}")
    return Fix((edit,)) if edit else None


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --graceful-timeout 60 wsgi:app
Restart=on-failure
TimeoutStopSec=5    # finding: systemd waits 5 s for shop.service to stop, but Gunicorn gives the requests at hand 60 s
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --graceful-timeout 60 wsgi:app
Restart=on-failure
TimeoutStopSec=90
[Install]
WantedBy=multi-user.target
"""

FIXED = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --graceful-timeout 60 wsgi:app
Restart=on-failure
TimeoutStopSec=65
[Install]
WantedBy=multi-user.target
"""
