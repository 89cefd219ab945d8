"""The application runs as root

A system service without `User=` runs as root. One hole in the application, or in one of its dependencies,
and the visitor owns the machine; the files and sockets that it makes belong to root, too. A port below 1024
is no reason: nginx listens there, or `AmbientCapabilities=CAP_NET_BIND_SERVICE` lets another user do so.

Fix: write `User=` with a user of the application's own (or `DynamicUser=yes`).
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.facts import Unit
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import Default, Unknown

# Programs that go on as another user.
_CHANGE_USER = frozenset({"sudo", "su", "runuser", "gosu", "su-exec", "setuidgid", "chpst", "doas", "setpriv"})
_YES = frozenset({"yes", "true", "y", "t", "1", "on"})


@rule(
    "service-runs-as-root",
    severity=Severity.WARNING,
    group="service",
    since="0.1",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#User="],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service, unit in deployment.web_units:
        user = unit.last("Service", "User")
        if (user and user.value not in ("root", "0")) or _changes_user(service, unit):
            continue
        if user:
            yield finding(
                user.at,
                f"{service.name} runs {service.server_words} as root: a hole in the application is a hole in the "
                "whole machine",
                label="root",
                repair="write User= with a user of the application's own",
            )
        elif unit.lacks("Service", "User"):
            yield finding(
                unit.at,
                f"{service.name} runs {service.server_words} as root, for want of a User=: a hole in the application "
                "is a hole in the whole machine",
                label="no User= in this section: root is systemd's default",
                repair="add User= with a user of the application's own",
            )


def _changes_user(service: Service, unit: Unit) -> bool:
    """Whether the server ends up as somebody else all the same, or may do so."""
    dynamic = unit.last("Service", "DynamicUser")
    if (dynamic and dynamic.value.lower() in _YES) or _CHANGE_USER & set(service.command.through):
        return True
    setting = service.server.settings.get({"uwsgi": "uid", "gunicorn": "user"}.get(service.kind, ""))
    if setting is None or isinstance(setting, Default):
        return False
    if isinstance(setting, Unknown):  # a config file that is named may set it, one that nobody mentions hardly does
        return setting.at is not None
    return str(setting.value) not in ("", "root", "0")


BAD = """
-- shop.service --
[Service]    # finding: shop.service runs gunicorn as root
WorkingDirectory=/srv/shop
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
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""
