"""nginx hands out hidden files

A folder that nginx serves holds files whose names begin with a dot: `.env` with the secrets, `.git` with the whole
history, `.htpasswd`. Nothing denies them, and scanners ask every host for `/.env` and `/.git/config` within minutes.

Fix: deny them before the other locations, all but what certificate authorities ask for: `location ~ /\\.(?!well-known)
{ deny all; }`. Better still, serve a folder that holds public files only.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.fronts import services_behind
from flasklint.deployment.locations import handed_out
from flasklint.deployment.target import in_tree, is_plain, module_file, on_target
from flasklint.facts import NginxServer, ServesFiles
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule

SECRETS = frozenset({".flaskenv", ".htpasswd", ".netrc", ".pgpass", ".pypirc", ".npmrc", ".git-credentials"})
EXAMPLES = ("example", "sample", "template", "dist", "test")


@rule(
    "dotfiles-served",
    severity=Severity.WARNING,
    group="static-files",
    since="0.2",
    links=["https://nginx.org/en/docs/http/ngx_http_access_module.html#deny"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    behind = services_behind(deployment)
    seen: set[tuple[str, int]] = set()
    for _, server in deployment.sites:
        service = behind.get(id(server))
        if service is None or not service.on_host:
            continue
        for files in {location.files for location in server.locations if location.files}:
            place = (files.path.at.path, files.path.at.start)
            hidden = [] if place in seen else list(_hidden(files, server, service, deployment))
            if hidden and not any(handed_out(server, module_file(service))):  # project-root-served tells of all of it
                seen.add(place)
                yield _finding(hidden, files, server)


def _hidden(files: ServesFiles, server: NginxServer, service: Service, deployment: Deployment) -> Iterator[str]:
    """The addresses of hidden files that lie in a folder and are handed out."""
    folder = in_tree(f"{files.path.value}/.", service) if is_plain(files.path.value) else None
    names = deployment.surroundings.files_below(folder) if folder is not None else ()
    found = [name for name in names if _is_secret(name.rpartition("/")[2])]
    if not folder and ".gitignore" in names:
        found.append(".git/config")  # the root of a repository
    for name in found:
        file = on_target(f"{folder}/{name}".lstrip("/"), service)
        for path, location in handed_out(server, file) if file else ():
            if location.files and location.files.path == files.path:
                yield path


def _is_secret(name: str) -> bool:
    return name in SECRETS or (name.startswith(".env") and not name.endswith(EXAMPLES))


def _finding(hidden: list[str], files: ServesFiles, server: NginxServer) -> Finding:
    return finding(
        files.path,
        f"nginx answers {' and '.join(hidden[:2])} with the file: everybody can read it",
        label="hidden files lie here, and no location denies them",
        repair=r"add `location ~ /\.(?!well-known) { deny all; }`",
        fix=_fix(files, server),
    )


def _fix(files: ServesFiles, server: NginxServer) -> Fix | None:
    """Deny them before the first location: the first regular expression that matches has its way."""
    from flasklint.edits import add_before

    first = next((location.at for location in server.locations[1:]), server.at)
    stops = any(location.modifier == "^~" and location.files == files for location in server.locations)
    if stops or first.source is not server.at.source or first.line == server.at.line:
        return None
    return Fix((add_before(first, "location ~ /\\.(?!well-known) {\n    deny all;\n}"),))


SERVICE = """
-- systemd/shop.service --
[Service]
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --workers 2 --bind 127.0.0.1:8000 app:app
-- app.py --
from flask import Flask
app = Flask(__name__)
-- files/.env --
SECRET_KEY=3b1f
"""

BAD = f"""
-- nginx/shop.conf --
server {{
    listen 80;
    location /files/ {{
        alias /srv/shop/files/;    # finding: nginx answers /files/.env
    }}
    location / {{ proxy_pass http://127.0.0.1:8000; include proxy_params; }}
}}{SERVICE}"""

GOOD = rf"""
-- nginx/shop.conf --
server {{
    listen 80;
    location ~ /\.(?!well-known) {{
        deny all;
    }}
    location /files/ {{
        alias /srv/shop/files/;
    }}
    location / {{ proxy_pass http://127.0.0.1:8000; include proxy_params; }}
}}{SERVICE}"""

FIXED = GOOD
