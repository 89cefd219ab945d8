"""Waitress takes away the headers that ProxyFix reads

Since release 3, Waitress removes `X-Forwarded-For`, `X-Forwarded-Proto`, `X-Forwarded-Host` and `X-Forwarded-Port` of
every proxy that it is not told to trust. nginx sends them, ProxyFix is right, and still `request.remote_addr` is
`127.0.0.1` for every visitor and `url_for(_external=True)` makes `http://` links: the headers never arrive.

Fix: name the proxy and its headers, `--trusted-proxy=127.0.0.1 --trusted-proxy-headers="x-forwarded-for
x-forwarded-proto"` before the application, or `serve(app, trusted_proxy="127.0.0.1", trusted_proxy_headers="...")`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.forwarded import READ_BY, clears, peer, sent, trust
from flasklint.facts import Header, ProxyFix
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.source import Span
from flasklint.value import Default, Unknown


@rule(
    "waitress-drops-forwarded-headers",
    severity=Severity.ERROR,
    group="waitress",
    since="0.2",
    links=[
        "https://docs.pylonsproject.org/projects/waitress/en/stable/reverse-proxy.html",
        "https://werkzeug.palletsprojects.com/en/stable/middleware/proxy_fix/",
    ],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.of_kind("waitress"):
        app = service.app
        if app is None or app.proxy_fix is None or not isinstance(service.setting("trusted_proxy"), Default):
            continue
        headers = sent(deployment, service)
        dropped = [name for name in headers if _reads(app.proxy_fix, name)]
        if dropped and clears(service):
            yield _finding(deployment, service, app.proxy_fix, headers, dropped)


def _reads(proxy_fix: ProxyFix, name: str) -> bool:
    count = proxy_fix.counts.get(READ_BY[name], Unknown("not told"))
    return not isinstance(count, Unknown) and count.value > 0


def _finding(
    deployment: Deployment, service: Service, proxy_fix: ProxyFix, headers: dict[str, Header], dropped: list[str]
) -> Finding:
    proxy = peer(deployment, service)
    edit = trust(service, proxy, list(headers)) if proxy else None
    first = headers[dropped[0]]
    return finding(
        _server(service),
        f"Waitress 3 takes {first.name} away before ProxyFix can read it, as it trusts no proxy: {_symptom(dropped)}",
        label="trusts no proxy",
        because=[(first.at, "nginx sends it"), (proxy_fix.at, "and this reads it")],
        repair=f'trust the proxy: trusted_proxy={proxy or "*"}, trusted_proxy_headers="{" ".join(headers)}"',
        fix=Fix((edit,)) if edit else None,
    )


def _server(service: Service) -> Span:
    words = service.command.words
    return service.server.at if service.server.in_code or not words else words[0].at


def _symptom(dropped: list[str]) -> str:
    if "x-forwarded-for" in dropped:
        return "request.remote_addr is nginx's own address for every visitor"
    return "links begin with http://" if "x-forwarded-proto" in dropped else "links lead to the wrong host"


BAD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        proxy_pass http://127.0.0.1:8080;
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
    }
}
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/waitress-serve --host=127.0.0.1 wsgi:app    # finding: takes X-Forwarded-For away
Restart=always
[Install]
WantedBy=multi-user.target
-- wsgi.py --
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)
-- requirements.txt --
Flask==3.1.3
waitress==3.0.2
"""

FIXED = BAD.replace("    # finding: takes X-Forwarded-For away", "").replace(
    "wsgi:app", '--trusted-proxy=127.0.0.1 --trusted-proxy-headers="x-forwarded-for x-forwarded-proto" wsgi:app'
)

GOOD = FIXED
