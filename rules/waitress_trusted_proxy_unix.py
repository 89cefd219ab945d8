"""Waitress behind a unix socket trusts an address that nobody has

A connection over a unix socket comes from no address: Waitress calls its other end `localhost`, and compares that with
`trusted_proxy` as text. `trusted_proxy="127.0.0.1"` is never equal to it, so Waitress trusts nobody:
`request.remote_addr` is `localhost` for every visitor, links begin with `http://`, and release 3 takes the
`X-Forwarded-*` headers away before ProxyFix can read them.

Fix: write `trusted_proxy="localhost"`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.forwarded import misses_visitors, trusted_proxy
from flasklint.finding import Edit, Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "waitress-trusted-proxy-unix",
    severity=Severity.ERROR,
    group="waitress",
    since="0.2",
    links=["https://docs.pylonsproject.org/projects/waitress/en/stable/arguments.html"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.of_kind("waitress"):
        proxy, socket = trusted_proxy(service), service.setting("unix_socket")
        if proxy is None or not isinstance(socket, Known) or proxy.value in ("localhost", "*"):
            continue
        if misses_visitors(service):
            edit = _edit(proxy)
            yield finding(
                proxy,
                f"Waitress calls whoever connects to {socket.value} localhost, and trusts {proxy.value}: it trusts "
                "nobody, and request.remote_addr is localhost for every visitor",
                label="nobody who comes over the socket",
                because=[(socket, "the socket")],
                repair="write localhost",
                fix=Fix((edit,)) if edit else None,
            )


def _edit(proxy: Known[str]) -> Edit | None:
    from flasklint.edits import replace_within

    return replace_within(proxy, "localhost")


BAD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
RuntimeDirectory=shop
ExecStart=/srv/shop/venv/bin/waitress-serve \\
    --unix-socket=/run/shop/web.sock --unix-socket-perms=666 \\
    --trusted-proxy=127.0.0.1 --trusted-proxy-headers="x-forwarded-for x-forwarded-proto" \\    # finding: and trusts 127.0.0.1
    wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
-- wsgi.py --
from flask import Flask

app = Flask(__name__)
"""

GOOD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
RuntimeDirectory=shop
ExecStart=/srv/shop/venv/bin/waitress-serve \\
    --unix-socket=/run/shop/web.sock --unix-socket-perms=666 \\
    --trusted-proxy=localhost --trusted-proxy-headers="x-forwarded-for x-forwarded-proto" \\
    wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
-- wsgi.py --
from flask import Flask

app = Flask(__name__)
"""

FIXED = GOOD
