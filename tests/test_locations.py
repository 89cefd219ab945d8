"""Which location answers, and with which file; tests/differential asks a running nginx the same."""

from pathlib import Path

import pytest

from flasklint.deployment.locations import MOST_LOCATIONS, answering, file_at, handed_out
from flasklint.facts import NginxServer
from flasklint.read import nginx
from flasklint.tree import Tree

SITE = r"""
server {
    listen 80;
    root /srv/www;
    location / { try_files $uri @app; }
    location = /favicon.ico { alias /srv/icons/shop.ico; }
    location /static/ {
        alias /srv/shop/static/;
        location ~ \.map$ { return 404; }
        location /static/private/ { internal; }
    }
    location ^~ /media/ { alias /srv/shop/media/; }
    location ~ \.png$ { expires 30d; }
    location ~ ^/(?:admin|login) { proxy_pass http://127.0.0.1:8000; }
    location @app { proxy_pass http://127.0.0.1:8000; }
}
"""


def server(folder: Path, text: str) -> NginxServer:
    (folder / "shop.conf").write_text(text)
    tree = Tree(str(folder))
    source = tree.read("shop.conf")
    assert source is not None
    (config,) = nginx.read([source], tree)
    return config.servers[0]


@pytest.mark.parametrize(
    ("path", "pattern", "file"),
    [
        ("/", "/", "/srv/www/"),
        ("/favicon.ico", "/favicon.ico", "/srv/icons/shop.ico"),
        ("/static/site.css", "/static/", "/srv/shop/static/site.css"),
        ("/static/site.map", r"\.map$", "/srv/shop/static/site.map"),
        ("/static/private/x", "/static/private/", "/srv/shop/static/private/x"),
        ("/static/logo.png", r"\.png$", "/srv/www/static/logo.png"),
        ("/media/logo.png", "/media/", "/srv/shop/media/logo.png"),
        ("/login", "^/(?:admin|login)", "/srv/www/login"),
    ],
)
def test_the_location_and_its_file(tmp_path: Path, path: str, pattern: str, file: str) -> None:
    location = answering(server(tmp_path, SITE), path)
    assert location is not None
    assert (location.pattern, file_at(location, path)) == (pattern, file)


@pytest.mark.parametrize(
    "line",
    [r"location ~ (?>x) { }", "location {{ prefix }} { }", "include more/*.inc; include locations.conf;"],
)
def test_what_may_match_leaves_it_open(tmp_path: Path, line: str) -> None:
    assert answering(server(tmp_path, SITE.replace("root /srv/www;", line)), "/") is None


def test_a_server_that_answers_by_itself_asks_no_location(tmp_path: Path) -> None:
    found = answering(server(tmp_path, SITE.replace("root /srv/www;", "return 301 https://$host$request_uri;")), "/")
    assert found is not None and found.modifier == "server"


def test_more_locations_than_anybody_writes(tmp_path: Path) -> None:
    many = "".join(f"location /{number} {{ }}\n" for number in range(MOST_LOCATIONS))
    assert answering(server(tmp_path, f"server {{\n{many}}}\n"), "/1") is None


def test_handed_out(tmp_path: Path) -> None:
    site = server(tmp_path, SITE)
    assert [path for path, _ in handed_out(site, "/srv/www/app.py")] == ["/app.py"]
    assert [path for path, _ in handed_out(site, "/srv/shop/static/a.css")] == ["/static/a.css"]
    assert not list(handed_out(site, "/srv/shop/static/a.map"))
    assert not list(handed_out(site, "/srv/shop/static/private/a.css"))
    assert not list(handed_out(site, "/srv/shop/app.py"))
