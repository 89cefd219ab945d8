"""nginx forwards to a name that nothing defines

nginx looks host names up once, when it starts. A name that is no `upstream`, no service of the compose project and no
host in DNS makes it refuse: `nginx: [emerg] host not found in upstream "app"`, and the whole site stays down.

It is a warning, as /etc/hosts of the target may hold the name; an error where the name is one letter away from that of an
`upstream` to which nothing else forwards.

Fix: write the name of an `upstream` block or of a compose service, or the address itself.
"""

from collections.abc import Iterator

from flasklint.address import Address
from flasklint.deployment import Deployment, Route
from flasklint.deployment.hostnames import is_bare_name, is_misspelt
from flasklint.facts import Compose, NginxConfig
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "upstream-host-unknown",
    severity=Severity.WARNING,
    group="upstream",
    since="0.1",
    links=["https://nginx.org/en/docs/http/ngx_http_upstream_module.html#upstream"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    said: set[str] = set()
    for route in deployment.routes:
        for target in route.targets:
            if not isinstance(target, Known) or not is_bare_name(target.value) or target.value.host in said:
                continue
            if target.value.host in deployment.host_names or not _names_are_seen(deployment, route):
                continue
            said.add(target.value.host)
            yield _unknown(deployment, route, target)


def _names_are_seen(deployment: Deployment, route: Route) -> bool:
    """Whether the input holds what could define the name."""
    if route.config.unseen or not all(project.complete for project in deployment.compose):
        return False
    on_host = [service for service in deployment.services if service.on_host]
    if deployment.compose:
        return any(_may_run(project, route.config) for project in deployment.compose)
    return bool(on_host) and not deployment.containers


def _may_run(project: Compose, config: NginxConfig) -> bool:
    """Whether a container of the project may be this nginx; one that runs elsewhere has neighbours of its own."""
    text, (*folders, name) = project.source.text.lower(), config.files[0].path.lower().split("/")
    return any(word in text for word in ("nginx", name, *folders[-1:]))


def _unknown(deployment: Deployment, route: Route, target: Known[Address]) -> Finding:
    from difflib import get_close_matches

    name = target.value.host
    upstreams = {upstream.name.value: upstream for upstream in route.config.upstreams}
    near = get_close_matches(name, [*upstreams, *sorted(deployment.host_names)], 1, 0.6)
    places = [(project.source.whole(), "no service of that name") for project in deployment.compose]
    nearest = upstreams.get(near[0]) if near else None
    if nearest:
        places.insert(0, (nearest.name.at, "the nearest name"))
    return finding(
        target,
        f'nothing defines {name}, to which nginx forwards: nginx: [emerg] host not found in upstream "{name}"',
        label="neither an upstream nor a service",
        because=places[:3],
        repair=f"write {near[0]}" if near else f"define an upstream {name}, or write the server's address",
        severity=Severity.ERROR if nearest and is_misspelt(deployment, route, target, nearest) else None,
    )


BAD = """
-- nginx/default.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        proxy_set_header Host $host;
        proxy_pass http://app:8000;    # finding: host not found in upstream "app"
    }
}
-- docker-compose.yml --
services:
  application:
    build: .
    command: gunicorn --bind 0.0.0.0:8000 wsgi:app
  proxy:
    image: nginx
    volumes:
      - ./nginx/default.conf:/etc/nginx/conf.d/default.conf
"""

GOOD = """
-- nginx/default.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        proxy_set_header Host $host;
        proxy_pass http://application:8000;
    }
}
-- docker-compose.yml --
services:
  application:
    build: .
    command: gunicorn --bind 0.0.0.0:8000 wsgi:app
  proxy:
    image: nginx
    volumes:
      - ./nginx/default.conf:/etc/nginx/conf.d/default.conf
"""
