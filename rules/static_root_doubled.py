"""root already adds the location's path

`root` puts its folder in front of the whole address, `alias` in the place of the location. With `location
/static/` and `root /srv/shop/static;` nginx looks for `/static/style.css` at
`/srv/shop/static/static/style.css`: every style sheet and script is a 404, and the log says `open()
"/srv/shop/static/static/style.css" failed (2: No such file or directory)`.

Fix: write `alias /srv/shop/static/;`, or `root` with the folder above.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.edits import replace_within, together
from flasklint.facts import NginxLocation
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import has_hole


@rule(
    "static-root-doubled",
    severity=Severity.ERROR,
    group="static-files",
    since="0.1",
    links=["https://nginx.org/en/docs/http/ngx_http_core_module.html#root"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for _, location in deployment.locations:
        files = location.files
        if not files or files.how != "root" or files.inherited or location.answers or location.try_files:
            continue
        path, root = _path_of(location), files.path.value.rstrip("/")
        if not path or not root.endswith(f"/{path}") or _is_nested(deployment, path):
            continue
        above = root[: -len(path) - 1] or "/"
        slash = "/" if location.pattern.endswith("/") else ""
        yield finding(
            files.path,
            f"root adds the whole address: nginx looks for /{path}/style.css at {root}/{path}/style.css, "
            "404 for every file",
            label=f"ends in /{path} already",
            because=[(location.at, f"adds /{path} once more")],
            repair=f"write `alias {root}{slash};`, or `root {above};`",
            fix=together(replace_within(files.path, above)),
        )


def _path_of(location: NginxLocation) -> str:
    """The path of a prefix location without outer slashes, "" for any other."""
    told = location.modifier in ("", "^~") and not has_hole(location.pattern)
    return location.pattern.strip("/") if told else ""


def _is_nested(deployment: Deployment, path: str) -> bool:
    """Whether the repository holds such a folder within a folder of that name."""
    twice = f"{path}/{path}"
    return any(folder == twice or folder.endswith(f"/{twice}") for folder in deployment.folders)


BAD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location /static/ {
        root /srv/shop/static;    # finding: at /srv/shop/static/static/style.css
    }
}
"""

GOOD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location /static/ {
        root /srv/shop;
    }
}
"""

FIXED = GOOD
