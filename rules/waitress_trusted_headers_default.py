"""Waitress trusts the proxy, but only its X-Forwarded-Proto

With `trusted_proxy` set and `trusted_proxy_headers` not, Waitress takes `X-Forwarded-Proto` from the proxy and nothing
else (`Implicitly trusting X-Forwarded-Proto for backwards compatibility`). The scheme is right, but
`request.remote_addr` is the proxy's address for every visitor, and release 3 takes `X-Forwarded-For` and
`X-Forwarded-Host` away before ProxyFix can read them.

Fix: list the headers that the proxy sets, `trusted_proxy_headers="x-forwarded-for x-forwarded-proto"`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.forwarded import misses_visitors, sent, trust, trusted_proxy
from flasklint.facts import Header
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Default, Known

_USUAL = ("x-forwarded-for", "x-forwarded-proto")


@rule(
    "waitress-trusted-headers-default",
    severity=Severity.WARNING,
    group="waitress",
    since="0.2",
    links=["https://docs.pylonsproject.org/projects/waitress/en/stable/arguments.html"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.of_kind("waitress"):
        proxy = trusted_proxy(service)
        if proxy is None or not isinstance(service.setting("trusted_proxy_headers"), Default):
            continue
        headers = sent(deployment, service)
        if misses_visitors(service) and (not deployment.hops_to(service) or headers.keys() - {"x-forwarded-proto"}):
            yield _finding(service, proxy, headers)


def _finding(service: Service, proxy: Known[str], headers: dict[str, Header]) -> Finding:
    names = list(headers) or list(_USUAL)
    lost = next((header for name, header in headers.items() if name != "x-forwarded-proto"), None)
    edit = trust(service, "", names)
    return finding(
        proxy,
        f"Waitress trusts {proxy.value} with X-Forwarded-Proto only: "
        f"{lost.name if lost else 'X-Forwarded-For'} is not read, request.remote_addr is the proxy for every visitor",
        label="no trusted_proxy_headers beside it",
        because=[(lost.at, "nginx sends it in vain")] if lost else [],
        repair=f'add trusted_proxy_headers="{" ".join(names)}"',
        fix=Fix((edit,)) if edit else None,
    )


BAD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/waitress-serve --host=127.0.0.1 --trusted-proxy=127.0.0.1 wsgi:app    # finding: X-Forwarded-Proto only
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
ExecStart=/srv/shop/venv/bin/waitress-serve --host=127.0.0.1 --trusted-proxy=127.0.0.1 --trusted-proxy-headers="x-forwarded-for x-forwarded-proto" wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
-- wsgi.py --
from flask import Flask

app = Flask(__name__)
"""

FIXED = GOOD
