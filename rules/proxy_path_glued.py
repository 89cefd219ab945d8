"""The path of proxy_pass lacks its last slash

`proxy_pass` with a path puts it in the place of the location's own, letter by letter. With `location /api/` and
`proxy_pass http://127.0.0.1:8000/api;` a request for `/api/orders` reaches the application as `/apiorders`, with `location /` and a
path of `/api` one for `/orders` does: `404 Not Found`. A page of exactly that path is served, which is why it is a warning.

Fix: end the path with a slash where the location ends with one, or take it off.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Hop
from flasklint.edits import replace_within, together
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import has_hole


@rule(
    "proxy-path-glued",
    severity=Severity.WARNING,
    group="upstream",
    since="0.2",
    links=["https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    told = set()
    for hop in deployment.hops:
        at, uri = hop.route.forwards.written.at, hop.route.forwards.uri or ""
        if _is_glued(hop, uri) and (at.path, at.start) not in told:
            told.add((at.path, at.start))
            yield _finding(hop, uri)


def _is_glued(hop: Hop, uri: str) -> bool:
    """Whether what follows the location's slash is put right behind a word that was to be the folder of it."""
    location, forwards = hop.route.location, hop.route.forwards
    prefix = location.modifier in ("", "^~") and location.pattern in ("/", f"{uri}/")
    told = not forwards.condition and not has_hole(uri) and "rewrite" not in location.at.source.text
    return prefix and told and uri.startswith("/") and uri.replace("/", "").isalpha() and not uri.endswith("/")


def _finding(hop: Hop, uri: str) -> Finding:
    written, pattern = hop.route.forwards.written, hop.route.location.pattern
    edit = replace_within(written, f"{written.value}/")
    return finding(
        written,
        f"a request for {pattern}orders reaches the application as {uri}orders: 404 Not Found, unless {hop.service.name} "
        "has such a route",
        label="ends without a slash, and the location with one",
        repair="end it with a slash, or take the path off",
        fix=together(edit, safe=False) if edit and pattern != "/" else None,
    )


BAD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location /api/ {
        include proxy_params;
        proxy_pass http://127.0.0.1:8000/api;    # finding: /api/orders reaches the application as /apiorders
    }
}
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 app:app
Restart=always
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location /api/ {
        include proxy_params;
        proxy_pass http://127.0.0.1:8000/api/;
    }
}
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 app:app
Restart=always
[Install]
WantedBy=multi-user.target
"""

FIXED = GOOD
