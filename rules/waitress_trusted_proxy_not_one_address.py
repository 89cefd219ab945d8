"""Waitress is told to trust a list, a network or a name

`trusted_proxy` is compared with the address of the proxy as text: one address, or `*` for any. A list
(`127.0.0.1,::1`), a network (`10.0.0.0/8`) or a host's name (`nginx`, `localhost`) is never equal to an address, so
Waitress trusts nobody: `request.remote_addr` is the proxy's address, links begin with `http://`, and release 3 takes the
`X-Forwarded-*` headers away before ProxyFix can read them.

Fix: write the one address that the proxy connects from, `127.0.0.1` for nginx on the same host; `*` where only the proxy
can reach Waitress.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.forwarded import misses_visitors, peer, trusted_proxy
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Default, Known


@rule(
    "waitress-trusted-proxy-not-one-address",
    severity=Severity.ERROR,
    group="waitress",
    since="0.2",
    links=["https://docs.pylonsproject.org/projects/waitress/en/stable/arguments.html"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.of_kind("waitress"):
        proxy = trusted_proxy(service)
        if proxy is None or not isinstance(service.setting("unix_socket"), Default):
            continue
        what = _instead_of_an_address(proxy.value)
        if what and misses_visitors(service):
            yield _finding(deployment, service, proxy, what)


def _instead_of_an_address(written: str) -> str:
    """What stands where one address should, "" where it is one or `*`."""
    from ipaddress import ip_address

    if written == "*":
        return ""
    try:
        return "no proxy's address" if ip_address(written.partition("%")[0]).is_unspecified else ""
    except ValueError:
        pass
    if "," in written or " " in written.strip():
        return "a list"
    if "/" in written:
        return "a network"
    return "an address with a port" if ":" in written else "a name"


def _finding(deployment: Deployment, service: Service, proxy: Known[str], what: str) -> Finding:
    from flasklint.edits import replace_within

    address = peer(deployment, service)
    edit = replace_within(proxy, address) if address else None
    return finding(
        proxy,
        f"Waitress compares the proxy's address with {proxy.value} as text, which is {what}: it trusts nobody, and "
        "request.remote_addr is the proxy for every visitor",
        label=f"{what}, not one address",
        repair=f"write {address or 'the one address that the proxy connects from, or *'}",
        fix=Fix((edit,), safe=False) if edit else None,
    )


BAD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/python serve.py
Restart=always
[Install]
WantedBy=multi-user.target
-- serve.py --
from flask import Flask
from waitress import serve

app = Flask(__name__)

if __name__ == "__main__":
    serve(
        app,
        host="127.0.0.1",
        trusted_proxy="127.0.0.1,::1",    # finding: a list, not one address
        trusted_proxy_headers="x-forwarded-for x-forwarded-proto",
    )
"""

GOOD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/python serve.py
Restart=always
[Install]
WantedBy=multi-user.target
-- serve.py --
from flask import Flask
from waitress import serve

app = Flask(__name__)

if __name__ == "__main__":
    serve(
        app,
        host="127.0.0.1",
        trusted_proxy="127.0.0.1",
        trusted_proxy_headers="x-forwarded-for x-forwarded-proto",
    )
"""
