"""nginx hands out the application's source code

The `root` of the site is the application's own folder, and a location looks there for a file before it forwards
(`try_files $uri @app`, `if (!-f $request_filename)`), or does not forward at all. Whatever lies in the folder can be
downloaded: `/app.py`, `/.env`, `/.git/config`, the database.

Fix: give nginx a folder that holds nothing but public files: `location /static/ { alias /srv/shop/static/; }`, and let
`location /` forward without looking for files.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.fronts import services_behind
from flasklint.deployment.locations import handed_out
from flasklint.deployment.target import module_file
from flasklint.facts import NginxLocation, ServesFiles
from flasklint.finding import Finding, Place, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "project-root-served",
    severity=Severity.ERROR,
    group="static-files",
    since="0.2",
    links=[
        "https://nginx.org/en/docs/http/ngx_http_core_module.html#try_files",
        "https://nginx.org/en/docs/http/ngx_http_core_module.html#root",
    ],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    behind = services_behind(deployment)
    seen: set[tuple[str, int]] = set()
    for _, server in deployment.sites:
        service = behind.get(id(server))
        if service is None:
            continue
        module = module_file(service)
        for path, location in handed_out(server, module):
            files = location.files
            if files and (place := (files.path.at.path, files.path.at.start)) not in seen:
                seen.add(place)
                yield _finding(path, module, location, files, service)


def _finding(path: str, module: str, location: NginxLocation, files: ServesFiles, service: Service) -> Finding:
    tries = next((word for word in location.try_files if word.value == "$uri"), None)
    because: list[tuple[Place, str]] = [(tries, "looks for the file first")] if tries else []
    if isinstance(service.server.directory, Known):
        because += [(service.server.directory, "the application runs here")]
    return finding(
        files.path,
        f"{path} is answered with {module}: all files of the application can be downloaded, its source, .env and .git",
        label=f"the folder of {service.name}",
        because=because,
        repair="let nginx serve a folder of public files only, and forward everything else",
    )


BAD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    root /srv/shop;    # finding: /app.py is answered with /srv/shop/app.py
    location / {
        try_files $uri @app;
    }
    location @app {
        proxy_pass http://127.0.0.1:8000;
        include proxy_params;
    }
}
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --workers 2 --bind 127.0.0.1:8000 app:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
-- app.py --
from flask import Flask

app = Flask(__name__)
"""

GOOD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        proxy_pass http://127.0.0.1:8000;
        include proxy_params;
    }
    location /static/ {
        alias /srv/shop/static/;
    }
}
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --workers 2 --bind 127.0.0.1:8000 app:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""
