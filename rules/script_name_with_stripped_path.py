"""SCRIPT_NAME is set, and the path that nginx forwards does not begin with it

With `SCRIPT_NAME=/shop` Gunicorn takes `/shop` off every path itself, and the path has to begin with it. A `proxy_pass` with
a path of its own, be it a slash, has replaced it by then: Gunicorn answers `500 Internal Server Error` to every request, and
logs `Request path '/' does not start with SCRIPT_NAME '/shop'` (`IndexError: list index out of range` up to 20.1).

A location that forwards everything as it is, with the prefix, serves those who ask below it; all others get the 500: that is
a warning.

Fix: take the path off `proxy_pass`: `location /shop/ { proxy_pass http://127.0.0.1:8000; }`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.prefix import Missed, missed
from flasklint.deployment.providers import wsgi_services
from flasklint.edits import replace_within, together
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule


@rule(
    "script-name-with-stripped-path",
    severity=Severity.ERROR,
    group="proxy-headers",
    since="0.2",
    links=["https://docs.gunicorn.org/en/stable/faq.html#how-do-i-set-script-name"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    told = set()
    for service in wsgi_services(deployment):
        for each in missed(service, deployment):
            at = each.hop.route.forwards.written.at
            if (at.path, at.start) not in told:
                told.add((at.path, at.start))
                yield _finding(each)


def _finding(each: Missed) -> Finding:
    asked, prefix, outside = each.hop.route.location.pattern, each.prefix.value, each.which == "outside"
    which = f"each one outside of {prefix}" if outside else f"those to {asked}, as {each.seen}"
    return finding(
        each.hop.route.forwards.written,
        f"nginx forwards requests without the SCRIPT_NAME of {each.hop.service.name}, {which}: 500 "
        f"(Request path '{each.seen}' does not start with SCRIPT_NAME '{prefix}')",
        label=f"forwards {each.seen}",
        because=[(each.prefix, "Gunicorn takes this off every path")],
        repair=f"forward {prefix}/ alone" if outside else "take the path off proxy_pass, or SCRIPT_NAME out",
        severity=Severity.WARNING if outside else None,
        fix=_fix(each),
    )


def _fix(each: Missed) -> Fix | None:
    """Forward the path as it is, where the location's own begins with the prefix."""
    route = each.hop.route
    if route.forwards.uri != "/" or not route.location.pattern.startswith(each.prefix.value):
        return None
    bare = route.forwards.written.value.removesuffix("/").removesuffix(":")
    return together(replace_within(route.forwards.written, bare))


BAD = """
-- shop.conf --
server {
    listen 80;
    server_name shop.test;
    location /shop/ {
        proxy_pass http://127.0.0.1:8000/;    # finding: does not start with SCRIPT_NAME '/shop'
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
    }
}
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
Environment=SCRIPT_NAME=/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- shop.conf --
server {
    listen 80;
    server_name shop.test;
    location /shop/ {
        proxy_pass http://127.0.0.1:8000;
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
    }
}
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
Environment=SCRIPT_NAME=/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 wsgi:app
Restart=always
[Install]
WantedBy=multi-user.target
"""

FIXED = GOOD
