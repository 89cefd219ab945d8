"""nginx is not let into the folder of the static files

To read a file nginx needs the right to search every folder above it. /root is closed to everybody else, and so are homes on
Ubuntu since 21.04 (0750) and on Fedora and its kin (0700). Pages come, but without style: every file below
`/static/` is answered with `403 Forbidden`, and the log says `open() "..." failed (13: Permission denied)`.

Fix: keep the files below /srv or /var/www; or let nginx into the home (`setfacl -m u:www-data:x /home/shop`).
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.access import home_is_closed, home_of, runs_on_host, worker
from flasklint.facts import NginxLocation
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known, has_hole


@rule(
    "static-dir-unreadable",
    severity=Severity.ERROR,
    group="static-files",
    since="0.2",
    links=["https://nginx.org/en/docs/http/ngx_http_core_module.html#alias"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    known = deployment.provisioning
    seen: set[tuple[str, int]] = set()
    homes = [
        (config, location, path)
        for config, server in deployment.sites
        for location in server.locations
        if (path := _served(location))
    ]
    configs = {id(config): config for config, _, _ in homes}
    on_host = {number for number, config in configs.items() if runs_on_host(config, deployment)}
    for config, location, path in homes:
        if id(config) not in on_host or (path.at.path, path.at.start) in seen:
            continue
        nginx, home = worker(config, known), home_of(f"{path.value.rstrip('/')}/x")
        if home_is_closed(home, nginx, known):
            seen.add((path.at.path, path.at.start))
            told = home == "/root" or known.closed_homes
            yield _unreadable(location, path, home, nginx.name)._replace(severity=None if told else Severity.WARNING)


def _served(location: NginxLocation) -> Known[str] | None:
    """The folder that a location serves files from; None where it answers otherwise, or the path is not told."""
    files = location.files
    if files is None or location.forwards or location.answers or location.modifier == "server":
        return None
    path = files.path.value
    return files.path if home_of(f"{path.rstrip('/')}/x") and "$" not in path and not has_hole(path) else None


def _unreadable(location: NginxLocation, path: Known[str], home: str, nginx: str) -> Finding:
    who = "on every system" if home == "/root" else "on Ubuntu since 21.04 and on Fedora"
    return finding(
        path,
        f"{home} is closed to others {who}, so nginx ({nginx}) cannot read the files of {location.pattern} there: "
        "403 Forbidden (13: Permission denied)",
        label="nginx is not let in",
        because=[(location.at, "served from there")],
        repair=f"keep the files below /srv, or let nginx in: setfacl -m u:{nginx}:x {home}",
    )


BAD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        proxy_pass http://127.0.0.1:8000;
        proxy_set_header Host $host;
    }
    location /static/ {
        alias /root/shop/static/;    # finding: /root is closed to others on every system
    }
}
"""

GOOD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        proxy_pass http://127.0.0.1:8000;
        proxy_set_header Host $host;
    }
    location /static/ {
        alias /srv/shop/static/;
    }
}
"""
