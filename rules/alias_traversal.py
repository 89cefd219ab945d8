"""A location without a slash lets visitors climb out of its alias

nginx replaces the location's text by the alias, letter for letter. With `location /static` and `alias
/srv/shop/static/;` the address `/static../app.py` becomes `/srv/shop/static/../app.py`: everything beside
the static folder can be downloaded, the source code, `.env`, the database.

Fix: end the location with a slash, as the alias does: `location /static/`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.fronts import services_behind
from flasklint.deployment.target import module_file
from flasklint.edits import replace_within, together
from flasklint.facts import NginxLocation
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known, has_hole


@rule(
    "alias-traversal",
    severity=Severity.ERROR,
    group="static-files",
    since="0.1",
    links=["https://nginx.org/en/docs/http/ngx_http_core_module.html#alias"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for server, location in deployment.locations:
        files = location.files
        if not files or files.how != "alias" or files.inherited or location.internal or location.answers:
            continue
        if not _is_open_prefix(location) or not _is_plain_folder(files.path.value):
            continue
        beside = files.path.value.rstrip("/").rpartition("/")[0] + "/"
        service = services_behind(deployment).get(id(server))
        module = module_file(service) if service else ""
        read = module.removeprefix(beside) if module.startswith(beside) else ""
        yield finding(
            location.at,
            f"{location.pattern}../{read} {'reads' if read else 'leads to'} {beside}{read}: the location ends without "
            "a slash, its alias with one, and every file beside the folder can be downloaded",
            label="no slash at the end",
            because=[(files.path, "a slash at the end")],
            repair=f"write `location {f'{location.modifier} {location.pattern}'.strip()}/`",
            fix=together(replace_within(Known(location.pattern, location.at), f"{location.pattern}/")),
        )


def _is_open_prefix(location: NginxLocation) -> bool:
    return location.modifier in ("", "^~") and not location.pattern.endswith("/") and not has_hole(location.pattern)


def _is_plain_folder(path: str) -> bool:
    return path.endswith("/") and path != "/" and "$" not in path and not has_hole(path[-3:])


BAD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location /static {    # finding: /static../ leads to /srv/shop/: the location
        alias /srv/shop/static/;
    }
}
"""

GOOD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location /static/ {
        alias /srv/shop/static/;
    }
}
"""

FIXED = GOOD
