"""The unit forbids unix sockets, and its server makes one

With `RestrictAddressFamilies=AF_INET AF_INET6` every call of `socket(AF_UNIX)` fails with `[Errno 97] Address family not
supported by protocol`. A server that binds a unix socket ends with it at once. A socket that a socket unit
makes is systemd's and not concerned.

Fix: add `AF_UNIX` to `RestrictAddressFamilies=`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.sockets import denied_families, socket_files
from flasklint.edits import replace
from flasklint.facts import Entry
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule


@rule(
    "restrict-address-families-no-unix",
    severity=Severity.ERROR,
    group="service",
    since="0.2",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#RestrictAddressFamilies="],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service, unit in deployment.web_units:
        denied = denied_families(unit)
        own = next((socket for socket in socket_files(service) if socket.unit is None), None) if denied else None
        if denied and own:
            entry, forbidden = denied
            yield finding(
                entry.at,
                f"{unit.name} must not make unix sockets, but its {service.kind} binds {own.path}: [Errno 97] Address "
                "family not supported by protocol",
                label="AF_UNIX is forbidden" if forbidden else "AF_UNIX is missing",
                because=[(own.at, "a unix socket")],
                repair="take out AF_UNIX"
                if forbidden
                else f"write RestrictAddressFamilies={_with_unix(entry, forbidden)}",
                fix=Fix((replace(entry.at, text),)) if (text := _with_unix(entry, forbidden)) else None,
            )


def _with_unix(entry: Entry, forbidden: bool) -> str:
    """The line's value with AF_UNIX allowed, "" where the line would be empty."""
    words = entry.value.split()
    if not forbidden:
        return f"AF_UNIX {entry.value}" if entry.value != "none" and not entry.value.startswith("~") else ""
    rest = [word for word in entry.value.removeprefix("~").split() if word != "AF_UNIX"]
    return f"~{' '.join(rest)}" if rest and "AF_UNIX" in " ".join(words) else ""


BAD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
RuntimeDirectory=shop
RestrictAddressFamilies=AF_INET AF_INET6    # finding: binds /run/shop/shop.sock: [Errno 97]
ExecStart=/srv/shop/venv/bin/gunicorn --bind unix:/run/shop/shop.sock wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
RuntimeDirectory=shop
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
ExecStart=/srv/shop/venv/bin/gunicorn --bind unix:/run/shop/shop.sock wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
"""

FIXED = GOOD
