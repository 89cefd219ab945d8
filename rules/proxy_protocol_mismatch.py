"""nginx and the server do not speak the same protocol

`proxy_pass` speaks HTTP, `uwsgi_pass` the uwsgi protocol, `https://` TLS; the server at the address has to speak the
same. uWSGI's `socket` does not understand HTTP and Gunicorn with `--certfile` nothing but TLS: `502 Bad Gateway`, and
nginx logs `upstream prematurely closed connection while reading response header`. `https://` to plain HTTP is a 502 as
well: `SSL_do_handshake() failed (... wrong version number)`. An HTTP server waits for more of what `uwsgi_pass` sends,
until nginx answers `504 Gateway Time-out`.

Fix: `proxy_pass http://` for Gunicorn, Waitress and uWSGI's `http-socket`, `uwsgi_pass` for uWSGI's `socket`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Hop
from flasklint.finding import Edit, Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Unknown

CLOSED = "502 Bad Gateway (upstream prematurely closed connection)"
WAITS = "504 Gateway Time-out"
SYMPTOMS = {
    ("https", "http"): "502 Bad Gateway (SSL_do_handshake() failed, wrong version number)",
    ("http", "https"): CLOSED,
    ("http", "uwsgi"): CLOSED,
    ("uwsgi", "http"): "504 Gateway Time-out",
}
REPAIRS = {
    ("https", "http"): "write http:// here",
    ("http", "https"): "write https:// here, or leave the certificate to nginx",
    ("http", "uwsgi"): "let uWSGI open an http-socket, or write uwsgi_pass and include uwsgi_params",
    ("uwsgi", "http"): "write proxy_pass http:// instead of uwsgi_pass",
}
WORDS = {"http": "plain HTTP", "https": "TLS", "uwsgi": "the uwsgi protocol"}


@rule(
    "proxy-protocol-mismatch",
    severity=Severity.ERROR,
    group="upstream",
    since="0.2",
    links=[
        "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass",
        "https://uwsgi-docs.readthedocs.io/en/latest/Nginx.html",
    ],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    seen: set[tuple[str, int]] = set()
    for hop in deployment.hops:
        at, pair = hop.route.forwards.written.at, (hop.route.forwards.protocol, _spoken(hop))
        if pair in SYMPTOMS and (at.path, at.start) not in seen:
            seen.add((at.path, at.start))
            yield _finding(hop, *pair)


def _spoken(hop: Hop) -> str:
    """What the server speaks at the address, "" where that cannot be told."""
    service = hop.service
    if service.kind == "waitress":
        return "http"
    if service.kind == "uwsgi":
        return hop.bind.protocol
    if service.kind != "gunicorn":
        return ""
    protocol, *files = [service.setting(name) for name in ("protocol", "certfile", "keyfile")]
    told = [value.value for value in files if not isinstance(value, Unknown)]
    if len(told) < len(files):
        return ""
    if any(told):
        return "https"
    if isinstance(protocol, Unknown):
        return "" if protocol.at else "http"  # before release 24 there is no other
    return str(protocol.value)


def _finding(hop: Hop, asked: str, spoken: str) -> Finding:
    written, service = hop.route.forwards.written, hop.service
    turned = {("https", "http"): "http", ("http", "https"): "https"}.get((asked, spoken))
    scheme = written.at.part(0, len(asked))
    exact = turned and scheme.text.lower() == asked
    waits = asked == "https" and service.kind == "waitress"  # for the end of what it takes for a request
    return finding(
        written,
        f"nginx speaks {WORDS[asked]} to {hop.address}, where {service.name} understands {WORDS[spoken]} only: "
        f"{WAITS if waits else SYMPTOMS[asked, spoken]}",
        label=f"speaks {WORDS[asked]}",
        because=[(hop.bind.at or service.server.at, f"{service.kind} speaks {WORDS[spoken]}")],
        repair=REPAIRS[asked, spoken],
        fix=Fix((Edit(scheme, turned),), safe=False) if turned and exact else None,
    )


SERVICE = """
-- systemd/shop.service --
[Service]
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --workers 2 --bind 127.0.0.1:8000 app:app
-- app.py --
from flask import Flask

app = Flask(__name__)
"""

BAD = f"""
-- nginx/shop.conf --
server {{
    listen 80;
    location / {{
        proxy_pass https://127.0.0.1:8000;    # finding: SSL_do_handshake() failed, wrong version number
        include proxy_params;
    }}
}}{SERVICE}"""

GOOD = BAD.replace("https://", "http://").partition("    # finding")[0] + BAD.partition("number")[2]

FIXED = GOOD
