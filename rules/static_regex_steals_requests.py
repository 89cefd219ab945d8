r"""A regular expression takes the static files away from their folder

nginx prefers a matching regular expression to a prefix, however long the prefix is. `location ~* \.(css|js|png)$ {
expires 30d; }` therefore answers /static/site.css, and not `location /static/ { alias ...; }`. It has no folder of its
own and looks below the server's `root`, or nginx's own `html`: every file is a 404, and the log says `open()
"/usr/share/nginx/html/static/site.css" failed (2: No such file or directory)`.

Fix: write `^~` before the prefix: then no regular expression is asked.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.fronts import services_behind
from flasklint.deployment.locations import answering, file_at, hands_out
from flasklint.deployment.target import in_tree
from flasklint.facts import NginxLocation, NginxServer
from flasklint.finding import Edit, Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.source import Span

STATIC = ("static", "assets")
MOST_KINDS = 12


@rule(
    "static-regex-steals-requests",
    severity=Severity.ERROR,
    group="static-files",
    since="0.2",
    links=["https://nginx.org/en/docs/http/ngx_http_core_module.html#location"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    behind = services_behind(deployment)
    seen: set[Span] = set()
    has_regex = any(location.modifier in ("~", "~*") for _, location in deployment.locations)
    for _, server in deployment.sites if has_regex else ():
        for location in server.locations:
            if _is_folder(location) and location.at not in seen:
                seen.add(location.at)
                service = behind.get(id(server))
                names = _names(location, service, deployment)
                taken = ((name, _taker(server, location, name, service, deployment)) for name in names)
                found = next(((name, taker) for name, taker in taken if taker), None)
                if found:
                    yield _finding(location, *found)


def _is_folder(location: NginxLocation) -> bool:
    """Whether it names its own folder for the static files below its prefix."""
    own = location.files is not None and not location.files.inherited and hands_out(location)
    return own and location.modifier == "" and location.pattern.endswith("/") and len(location.pattern) > 1


def _names(location: NginxLocation, service: Service | None, deployment: Deployment) -> list[str]:
    """Files to ask for: one of each kind that the application's static folder holds, else what any has."""
    folder = in_tree(location.files.path.value.rstrip("/"), service) if service and location.files else None
    if service and folder is not None and folder == service.static_folder:
        kinds = {name.rpartition(".")[2]: name for name in reversed(deployment.surroundings.files_below(folder))}
        return [kinds[kind] for kind in sorted(kinds)[:MOST_KINDS]]
    is_static = location.pattern.strip("/").rpartition("/")[2] in STATIC
    return ["site.css", "site.js"] if is_static else []


def _taker(
    server: NginxServer, location: NginxLocation, name: str, service: Service | None, deployment: Deployment
) -> NginxLocation | None:
    """The regular expression that answers instead, from a folder that nobody named for it."""
    path = f"{location.pattern}{name}"
    found = answering(server, path)
    if found is None or found.modifier not in ("~", "~*") or found.parent is location or not hands_out(found):
        return None
    if found.falls_back or (found.try_files and found.try_files[-1].value != "=404"):
        return None  # the application has the last word
    if found.files and not found.files.inherited:
        return None
    wanted, file = file_at(location, path), file_at(found, path)
    folder = in_tree(file.rpartition("/")[0], service) if service else None
    return None if not wanted or not file or wanted == file or folder in deployment.folders else found


def _finding(location: NginxLocation, name: str, taker: NginxLocation) -> Finding:
    path = f"{location.pattern}{name}"
    return finding(
        taker.at,
        f"nginx answers {path} here, and not in location {location.pattern}: it looks for {file_at(taker, path)}, 404",
        label="goes before every prefix",
        because=[(location.at, "has the folder, and is not asked")],
        repair=f"write `location ^~ {location.pattern}`",
        fix=Fix((Edit(location.at._replace(end=location.at.start), "^~ "),)) if location.parent is None else None,
    )


BAD = r"""
-- nginx/shop.conf --
server {
    listen 80;
    location /static/ {
        alias /srv/shop/static/;
    }
    location ~* \.(css|js|png)$ {    # finding: nginx answers /static/site.css here
        expires 30d;
    }
}
"""

GOOD = r"""
-- nginx/shop.conf --
server {
    listen 80;
    location ^~ /static/ {
        alias /srv/shop/static/;
    }
    location ~* \.(css|js|png)$ {
        expires 30d;
    }
}
"""

FIXED = GOOD
