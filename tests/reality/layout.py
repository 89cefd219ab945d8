"""Lay a world out below a temporary root: its files where the host has them, rewritten."""

import os
import re
from pathlib import Path

from . import venv
from .certificate import certificate_and_key
from .rewrite import Rewriter
from .world import World

DEFAULT_PORTS = (5000, 8000, 8080)  # of flask, gunicorn and waitress
PROXY_PARAMS = """proxy_set_header Host $http_host;
proxy_set_header X-Real-IP $remote_addr;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header X-Forwarded-Proto $scheme;
"""  # as Debian's package has it


def lay_out(world: World, rewriter: Rewriter) -> None:
    root = rewriter.root
    for folder in ("run", "tmp", "etc/nginx/sites-enabled", "var/log", "log"):
        os.makedirs(f"{root}/{folder}")
    venv.make_system(f"{root}/usr/bin")
    os.symlink("usr/bin", f"{root}/bin")
    for place, folder in world.places.items():
        _copy(world, rewriter, place, folder)
    for path, text in {**world.supplied, **_certificates(world)}.items():
        _write(root + path, text)
    for name, text in world.nginx.items():
        _write(f"{root}/etc/nginx/sites-enabled/{name}", rewriter.nginx(text))
    _write(f"{root}/etc/nginx/proxy_params", PROXY_PARAMS)
    _write(f"{root}/etc/nginx/nginx.conf", _main(root))
    ports = {port: rewriter.ports[port] for port in DEFAULT_PORTS}
    for path, requirements in world.venvs.items():
        wanted = venv.wanted(requirements, world.files)
        project = root + os.path.dirname(path) + "/src" if requirements == "pyproject.toml" else ""
        venv.make(root + path, wanted, ports, project)


def _certificates(world: World) -> dict[str, str]:
    """What certbot puts on the host of a site with TLS."""
    found: dict[str, str] = {}
    for site in world.sites:
        if site.tls:
            certificate, key = certificate_and_key()
            folder = f"/etc/letsencrypt/live/{site.host}"
            found |= {f"{folder}/fullchain.pem": certificate, f"{folder}/privkey.pem": key}
    return found


def _copy(world: World, rewriter: Rewriter, place: str, folder: str) -> None:
    prefix = f"{folder}/" if folder else ""
    for path, text in world.files.items():
        if path.startswith(prefix):
            if re.search(r"\.conf\.py$|(^|/)gunicorn\w*\.py$", path):
                text = rewriter.configuration(text)
            elif path.endswith(".py"):
                text = rewriter.source(text)
            _write(f"{rewriter.root}{place}/{path[len(prefix) :]}", text)


def _write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def _main(root: str) -> str:
    user = "user root;" if os.getuid() == 0 else ""
    temporary = "".join(
        f"    {kind}_temp_path {root}/tmp/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"""{user}
daemon off;
worker_processes 1;
pid {root}/run/nginx.pid;
error_log {root}/log/nginx.log info;
events {{ worker_connections 64; }}
http {{
    access_log off;
{temporary}    types {{ text/css css; }}
    include {root}/etc/nginx/sites-enabled/*;
}}
"""
