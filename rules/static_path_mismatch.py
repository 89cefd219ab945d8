"""nginx looks for static files where the application has none

nginx answers the application's static addresses from a folder of its own. When that is not the folder
that Flask was given (`static` beside the module, unless `static_folder=` says otherwise), every style
sheet and script is a 404, with `open() "..." failed (2: No such file or directory)` in nginx's log,
although it works with the development server.

It is an error where nothing but nginx speaks of its folder: the tree holds the static files, nothing builds others, and
no script, playbook or document names the folder. Otherwise it is a warning, as somebody may fill the folder on the host.

Fix: let `alias` (or `root`) name the application's static folder.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.fronts import services_behind
from flasklint.deployment.statics import is_meant_here, is_surely_missing, may_exist
from flasklint.deployment.target import folder_served, in_tree, is_relative, is_static, on_target
from flasklint.edits import replace_within, together
from flasklint.facts import NginxLocation
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "static-path-mismatch",
    severity=Severity.WARNING,
    group="static-files",
    since="0.1",
    links=["https://flask.palletsprojects.com/en/stable/api/#flask.Flask"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    behind = services_behind(deployment)
    for server, location in deployment.locations:
        if not location.files or location.try_files or location.answers:
            continue
        service = behind.get(id(server))
        if not service or not service.on_host:
            continue
        app = service.app
        if app and is_static(location, app):
            yield from _relative(location, service, deployment)
            yield from _compare(location, service, deployment)


def _relative(location: NginxLocation, service: Service, deployment: Deployment) -> Iterator[Finding]:
    files, static = location.files, service.static_folder
    if not files or files.inherited or not is_relative(files.path.value) or files.path.at.path.endswith("nginx.conf"):
        return
    yield finding(
        files.path,
        f"nginx looks for {files.path.value} in its own folder, /usr/share/nginx on Debian: 404",
        label="not absolute",
        repair=f"write {(on_target(static, service) if static else None) or '/...'}/",
        severity=Severity.ERROR if is_meant_here(files.path.value, location, service, deployment) else None,
    )


def _compare(location: NginxLocation, service: Service, deployment: Deployment) -> Iterator[Finding]:
    app, static, served = service.app, service.static_folder, folder_served(location)
    if not (app and app.made_at and location.files and served and static in deployment.folders and static):
        return
    meant = in_tree(served, service)
    if meant is None or may_exist(meant, static, deployment):
        return
    told = app.static_folder.at if isinstance(app.static_folder, Known) else app.made_at
    path, meant = location.files.path, on_target(static, service)
    slash = "/" if path.value.endswith("/") else ""
    exact = meant and location.files.how == "alias"
    yield finding(
        path,
        f"nginx serves {location.pattern} from {served}/, Flask's static files are in {static}/: 404",
        label="no such folder in the repository",
        because=[(told, f"static files are in {static}/")],
        repair=f"let nginx serve {meant or static}/",
        fix=together(replace_within(path, f"{meant}{slash}"), safe=False) if exact else None,
        severity=Severity.ERROR if is_surely_missing(served, location, service, deployment) else None,
    )


BAD = """
-- shop.conf --
server {
    location / { proxy_pass http://127.0.0.1:8000; }
    location /static/ {
        alias /srv/shop/static/;    # finding: Flask's static files are in shop/static/
    }
}
-- shop.service --
[Service]
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 shop:app
-- shop/__init__.py --
import flask; app = flask.Flask(__name__)
-- shop/static/style.css --
body { margin: 0 }
"""

GOOD = """
-- shop.conf --
server {
    location / { proxy_pass http://127.0.0.1:8000; }
    location /static/ {
        alias /srv/shop/shop/static/;
    }
}
-- shop.service --
[Service]
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 shop:app
-- shop/__init__.py --
import flask; app = flask.Flask(__name__)
-- shop/static/style.css --
body { margin: 0 }
"""

FIXED = GOOD
