"""What is found in a tree, as what, and what a hostile tree cannot do."""

import os
from pathlib import Path

import pytest

from flasklint.discover import Found, closed, discover
from flasklint.tree import MAX_BYTES, Tree

UNIT = "[Unit]\nDescription=x\n[Service]\nExecStart=/srv/venv/bin/gunicorn app:app\n"
NGINX = "server {\n    listen 80;\n    location / {\n        proxy_pass http://127.0.0.1:8000;\n    }\n}\n"
COMPOSE = "services:\n  web:\n    image: shop\n    command: gunicorn app:app\n"
SUPERVISOR = "[program:shop]\ncommand=/srv/venv/bin/gunicorn app:app\n"


def tree(root: Path, files: dict[str, str], only: tuple[str, ...] = ("",), **more: bool) -> Tree:
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return Tree(str(root), only, **more)


def kinds(root: Path, files: dict[str, str], only: tuple[str, ...] = ("",)) -> dict[str, str]:
    """Map each path that was found to its kind."""
    seen = tree(root, files, only)
    found = discover(seen)
    told = {os.path.relpath(s.real, seen.root): kind for kind in SOURCES for s in getattr(found, kind)}
    told |= {path: kind for kind in ("requirements", "scripts") for path in getattr(found, kind)}
    return told | {one.path: f"skipped {one.kind}" for one in found.skipped}


SOURCES = ("nginx", "systemd", "compose", "supervisor", "procfile", "dockerfile")


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("nginx/site.conf", NGINX, "nginx"),
        ("deployment/nginx/microblog", NGINX, "nginx"),
        ("nginx/flask.nginx", NGINX, "nginx"),
        ("templates/nginx.service.j2", NGINX, "nginx"),
        ("shop.service", UNIT, "systemd"),
        ("templates/shop.service.j2", UNIT, "systemd"),
        ("shop.service.d/override.conf", "[Service]\nUser=shop\n", "systemd"),
        ("gunicorn.conf", SUPERVISOR, "supervisor"),
        ("docker-compose.yml", COMPOSE, "compose"),
        ("Procfile", "web: gunicorn app:app\n", "procfile"),
        ("Dockerfile", "FROM python:3.12\nCMD gunicorn app:app\n", "dockerfile"),
        ("requirements/base.txt", "flask\n", "requirements"),
        ("requirements-dev.in", "flask\n", "requirements"),
        ("pyproject.toml", "", "requirements"),
        ("bin/start", "#!/bin/bash\nexec gunicorn app:app\n", "scripts"),
        ("run.bat", "gunicorn app:app\n", "scripts"),
        ("shop.service.example", UNIT, "skipped systemd"),
        ("nginx.conf.save", NGINX, "skipped nginx"),
        ("tests/nginx.conf", NGINX, "skipped nginx"),
        ("a/third_party/b/shop.service", UNIT, "skipped systemd"),
    ],
)
def test_kind(tmp_path: Path, path: str, text: str, kind: str):
    assert kinds(tmp_path, {path: text}) == {path: kind}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("README.md", NGINX),
        ("nginx.js", NGINX),
        ("notes", "nginx is a server { of sorts }\n"),
        (".github/nginx.conf", NGINX),
        (".git/config", NGINX),
        ("node_modules/x/nginx.conf", NGINX),
        ("venv/lib/nginx.conf", NGINX),
        ("logo.png", NGINX),
        ("gunicorn.conf.py", "bind = 'x'\n"),
        ("bin/manage", "#!/usr/bin/env python3\nimport nginx;\n"),
        ("big", NGINX * 4000),
    ],
)
def test_of_no_kind(tmp_path: Path, path: str, text: str):
    assert kinds(tmp_path, {path: text}) == {}


def test_virtual_environment_of_any_name(tmp_path: Path):
    files = {"shopenv/pyvenv.cfg": "", "shopenv/nginx.conf": NGINX, "shop.service": UNIT}
    assert kinds(tmp_path, files) == {"shop.service": "systemd"}


def test_elastic_beanstalk_folder_is_seen(tmp_path: Path):
    path = ".platform/nginx/conf.d/shop.conf"
    assert kinds(tmp_path, {path: NGINX}) == {path: "nginx"}


def test_what_the_user_names_is_not_skipped(tmp_path: Path):
    files = {"tests/nginx.conf": NGINX, "tests/fixtures/shop.service": UNIT}
    assert kinds(tmp_path, files, ("tests",)) == {
        "tests/nginx.conf": "nginx",
        "tests/fixtures/shop.service": "skipped systemd",
    }
    assert kinds(tmp_path, {"shop.service.bak": UNIT}, ("shop.service.bak",)) == {"shop.service.bak": "systemd"}


# ------------------------------------------------------------------------------------ symbolic links


def found_paths(found: Found, kind: str) -> list[str]:
    return sorted(
        os.path.basename(os.path.dirname(s.real)) + "/" + os.path.basename(s.real) for s in getattr(found, kind)
    )


def test_a_file_and_its_links_are_one(tmp_path: Path):
    files = {"sites-available/shop": NGINX, "system/shop.service": UNIT, "system/x.wants/.keep": ""}
    tree(tmp_path, files)
    (tmp_path / "sites-enabled").mkdir()
    (tmp_path / "sites-enabled/shop").symlink_to("../sites-available/shop")
    (tmp_path / "system/x.wants/shop.service").symlink_to("../shop.service")
    found = discover(Tree(str(tmp_path)))
    assert found_paths(found, "nginx") == ["sites-enabled/shop"]
    assert found_paths(found, "systemd") == ["system/shop.service"]


def test_links_of_a_host_start_at_its_root(tmp_path: Path):
    tree(tmp_path, {"etc/nginx/sites-available/shop": NGINX})
    (tmp_path / "etc/nginx/sites-enabled").mkdir()
    (tmp_path / "etc/nginx/sites-enabled/shop").symlink_to("/etc/nginx/sites-available/shop")
    (tmp_path / "etc/nginx/sites-enabled/up").symlink_to("/../../etc/nginx/sites-available/shop")
    host = Tree(str(tmp_path), is_host=True)
    assert host.is_file("etc/nginx/sites-enabled/shop")
    assert host.read("etc/nginx/sites-enabled/up").text == NGINX
    assert not Tree(str(tmp_path)).is_file("etc/nginx/sites-enabled/shop")


def problems(tree: Tree) -> list[str]:
    discover(tree)
    return [f"{os.path.basename(problem.at.path)}: {problem.message}" for problem in tree.problems]


def test_links_that_lead_nowhere(tmp_path: Path):
    inside = tmp_path / "in"
    inside.mkdir()
    (tmp_path / "secret.service").write_text(UNIT)
    (inside / "out.service").symlink_to("../secret.service")
    (inside / "absolute.service").symlink_to(tmp_path / "secret.service")
    (inside / "gone.service").symlink_to("nothing")
    (inside / "loop.service").symlink_to("loop.service")
    (inside / "gone.dat").symlink_to("nothing")
    (inside / "masked.service").symlink_to("/dev/null")
    (inside / "folder.service").symlink_to(".")
    assert problems(Tree(str(inside))) == [
        "absolute.service: a link that leads out of the input, or in a circle",
        "folder.service: a link to a folder",
        "gone.service: no such file or directory",
        "loop.service: a link that leads out of the input, or in a circle",
        "out.service: a link that leads out of the input, or in a circle",
    ]


def test_a_link_to_a_link_out_of_the_root(tmp_path: Path):
    (tmp_path / "in/a").mkdir(parents=True)
    (tmp_path / "secret").write_text("x")
    (tmp_path / "in/b").symlink_to("..")
    (tmp_path / "in/a/link").symlink_to("../b/secret")
    assert not Tree(str(tmp_path / "in")).is_file("a/link")


# --------------------------------------------------------------------------------------- hostile trees


def test_fifo_and_socket_are_not_opened(tmp_path: Path):
    os.mkfifo(tmp_path / "shop.service")
    os.mkfifo(tmp_path / "data.bin")
    assert problems(Tree(str(tmp_path))) == ["shop.service: not a regular file"]


def test_a_fifo_that_replaces_a_file_is_not_waited_for(tmp_path: Path):
    seen = tree(tmp_path, {"shop.service": UNIT})
    (tmp_path / "shop.service").unlink()
    os.mkfifo(tmp_path / "shop.service")
    assert seen.head("shop.service") == b""
    assert seen.read("shop.service") is None


def test_no_text_and_too_large(tmp_path: Path):
    (tmp_path / "nginx.conf").write_bytes(b"\0\1\2")
    (tmp_path / "shop.service").write_text(UNIT + "#" * MAX_BYTES)
    assert problems(Tree(str(tmp_path))) == [
        "nginx.conf: not text (it holds a NUL byte)",
        "shop.service: larger than 200 kB",
    ]


def test_very_deep_folders(tmp_path: Path):
    here = os.getcwd()
    try:
        os.chdir(tmp_path)
        for _ in range(2200):
            os.mkdir("d")
            os.chdir("d")
        seen = Tree(str(tmp_path))
        assert seen.is_folder("d/d/d")
        assert any("too long" in why for why in seen.odd.values())
    finally:
        _remove_deep(tmp_path)
        os.chdir(here)


def _remove_deep(folder: Path) -> None:
    """Take such a tree down from its top; rmtree of old Pythons recurses."""
    os.chdir(folder)
    while os.path.isdir("d"):
        os.chdir("d")
    while not os.path.samefile(".", folder):
        os.chdir("..")
        os.rmdir("d")


def test_folder_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tree(tmp_path, {"shop.service": UNIT, "closed/x.service": UNIT})
    scandir = os.scandir

    def refuse(path: str):
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = discover(Tree(str(tmp_path)))
    assert [(one.path, one.why) for one in found.skipped] == [("closed", "permission denied")]


def test_strange_names(tmp_path: Path):
    (tmp_path / "a\x1b[2J\n.service").write_text(UNIT)
    with open(os.fsencode(tmp_path) + b"/\xff.service", "w") as file:
        file.write(UNIT)
    assert len(discover(Tree(str(tmp_path))).systemd) == 2


def test_python_files_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    seen = tree(tmp_path, {f"p{n}.py": "" for n in range(50)})
    monkeypatch.setattr(seen, "_bytes", None)
    assert not any(getattr(discover(seen), kind) for kind in SOURCES)


def test_what_nobody_may_read_is_not_seen(tmp_path: Path):
    shop = tree(tmp_path, {"nginx/shop.conf": NGINX, "shop.service": UNIT, "logo.png": "x", "keys/a.txt": "x"})
    discover(shop)
    shop.odd |= dict.fromkeys(("nginx/shop.conf", "logo.png", "keys"), "permission denied")
    assert [entry.rpartition(tmp_path.name)[2] for entry in closed(shop)] == [
        "/nginx/shop.conf: permission denied",
        "/keys: permission denied",
    ]
