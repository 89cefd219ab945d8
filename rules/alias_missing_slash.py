"""An alias without a slash glues two names together

nginx replaces the location's text by the alias, letter for letter. With `location /static/` and `alias
/srv/shop/static;` the address `/static/style.css` becomes `/srv/shop/staticstyle.css`. Every file is a
404, and the log says `open() "/srv/shop/staticstyle.css" failed (2: No such file or directory)`.

Fix: end the alias with a slash, as the location does.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.edits import replace_within, together
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import has_hole


@rule(
    "alias-missing-slash",
    severity=Severity.ERROR,
    group="static-files",
    since="0.1",
    links=["https://nginx.org/en/docs/http/ngx_http_core_module.html#alias"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for _, location in deployment.locations:
        files = location.files
        if not files or files.how != "alias" or files.inherited or location.answers:
            continue
        pattern, alias = location.pattern, files.path.value
        if location.modifier not in ("", "^~") or not pattern.endswith("/") or has_hole(pattern):
            continue
        if _may_be_whole(alias):
            continue
        yield finding(
            files.path,
            f"nginx looks for {pattern}style.css at {alias}style.css: 404, "
            f'open() "{alias}style.css" failed (2: No such file or directory)',
            label="no slash at the end",
            because=[(location.at, "a slash at the end")],
            repair=f"write `alias {alias}/;`",
            fix=together(replace_within(files.path, f"{alias}/")),
        )


def _may_be_whole(alias: str) -> bool:
    """Whether it ends well: in a slash, in something that only the host knows, or as the name of one file."""
    last = alias.rpartition("/")[2]
    return not last or "$" in alias or has_hole(last) or "." in last.lstrip(".")


BAD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location /static/ {
        alias /srv/shop/static;    # finding: nginx looks for /static/style.css at /srv/shop/staticstyle.css
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
