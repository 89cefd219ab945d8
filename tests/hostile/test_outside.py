"""Nothing outside of the input is opened, whatever the files name, and nothing is started or connected to."""

import os
import sys
from pathlib import Path

import pytest

from .child import ROOT, Done, flasklint
from .trees import APP, COMMAND, UNIT, put

SECRET = "pa55word"
AWAY = [
    "/etc/passwd",
    "/etc/shadow",
    "../secret",
    "../../../../../../../../../../etc/passwd",
    "{outside}/secret",
    "./../secret",
    "sub/../../secret",
    "link",
    "folder-link/secret",
    "~/secret",
    "file:/etc/passwd",
    "/proc/self/environ",
    "/dev/zero",
    "/",
    "..",
    "",
]


def everything(name: str) -> dict[str, str]:
    """Every way in which one file names another."""
    return {
        "nginx/nginx.conf": f"http {{ include {name}; include {name}*; server {{ listen 80; include {name};\n"
        f"ssl_certificate {name}; auth_basic_user_file {name}; root {name}; location / {{ proxy_pass http://127.0.0.1:8000; }} }} }}\n",
        "deploy/shop.service": UNIT.format(command=COMMAND.format(f"-c {name} --pythonpath {name} --chdir {name}"))
        + f"[Service]\nEnvironmentFile={name}\nEnvironmentFile=-{name}*\nEnvironment=PYTHONPATH={name}:{name}\nExecStartPre={name}\n",
        "deploy/shop.service.d/more.conf": f"[Service]\nWorkingDirectory={name}\nEnvironmentFile={name}\n",
        "deploy/script.service": f"[Service]\nWorkingDirectory={name}\nExecStart={name}\n",
        "deploy/shell.service": f"[Service]\nExecStart=/bin/sh -c '. {name}; source {name}; cd {name} && exec {name} && gunicorn -c {name} {name}:app'\n",
        "deploy/waitress.service": f"[Service]\nExecStart=/usr/bin/waitress-serve --call {name}:app\n",
        "deploy/flask.service": f"[Service]\nEnvironment=FLASK_APP={name}\nExecStart=/usr/bin/flask --app {name} --env-file {name} run\n",
        "deploy/uwsgi.service": f"[Service]\nExecStart=/usr/bin/uwsgi --ini {name} --pythonpath {name} --wsgi-file {name} {name}.ini\n",
        "deploy/python.service": f"[Service]\nExecStart=/usr/bin/python {name}\n",
        "docker-compose.yml": f"services:\n  web:\n    build: {{context: '{name}', dockerfile: '{name}'}}\n    env_file: ['{name}']\n"
        f"    extends: {{file: '{name}', service: web}}\n    volumes: ['{name}:/x']\n    command: gunicorn -c '{name}' wsgi:app\n"
        f"include: ['{name}']\nsecrets: {{x: {{file: '{name}'}}}}\nconfigs: {{x: {{file: '{name}'}}}}\n",
        "supervisord.conf": f"[include]\nfiles = {name}\n[program:web]\ndirectory={name}\ncommand=gunicorn -c {name} wsgi:app\n",
        "image/Dockerfile": f'FROM python\nCOPY {name} /x\nWORKDIR {name}\nENTRYPOINT ["{name}"]\nCMD gunicorn -c {name} wsgi:app\n',
        "Procfile": f"web: gunicorn -c {name} --chdir {name} wsgi:app\nworker: {name}\n",
        "requirements.txt": f"-r {name}\n-c {name}\n--requirement={name}\n-e {name}\n{name}\n-f {name}\n",
        "pyproject.toml": f"[project]\nname='x'\ndynamic=['dependencies']\n[tool.setuptools.dynamic]\ndependencies={{file=['{name}']}}\n",
        "gunicorn.conf.py": f"bind = open({name!r}).read()\nchdir = {name!r}\nexec(open({name!r}).read())\nwsgi_app = {name + ':app'!r}\n",
        "wsgi.py": f"from flask import Flask\napp = Flask(__name__, static_folder={name!r})\napp.config.from_pyfile({name!r})\nimport shop\nfrom shop import *\n",
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    outside = tmp_path / "outside"
    root = outside / "root"
    root.mkdir(parents=True)
    put(outside, "secret", f"SECRET={SECRET}\n")
    for name in ("x.service", "nginx.conf", "shop.py", "app.py", "requirements.txt", "Procfile", "gunicorn.conf.py"):
        put(outside, f"secrets/{name}", f"# {SECRET}\n")
    links = {
        "link": "../secret",
        "folder-link": "..",
        "shop.py": f"{outside}/secrets/shop.py",
        "app.py": "../secrets/app.py",
        "shop": "../secrets",
        "x.service": "../secrets/x.service",
        "nginx.conf": f"{outside}/secrets/nginx.conf",
        "Dockerfile": "/etc/passwd",
        "conf.d": "../secrets",
        "venv": "/usr",
        "dev.service": "/dev/zero",
        ".env": "../secret",
        "a": "b",
        "b": "a",
    }
    for name, target in links.items():
        (root / name).symlink_to(target)
    return root


def strays(done: Done, root: Path) -> list[str]:
    """What was opened and is neither the input's nor Python's own."""
    own = [str(ROOT / "flasklint"), str(ROOT / "rules"), sys.prefix, sys.base_prefix, os.path.dirname(os.__file__)]
    own += [path for path in sys.path if path.endswith("-packages")]
    beginnings = tuple(f"{folder}/" for folder in own)
    inside = [path for path in done.opened if os.path.normpath(path) == str(root) or path.startswith(f"{root}/")]
    real = [path for path in inside if not os.path.realpath(path).startswith(str(root))]
    rest = [path for path in done.opened if path not in inside and not f"{path}/".startswith(beginnings)]
    return real + [path for path in rest if os.path.normpath(path) != str(ROOT)]


@pytest.mark.parametrize("number", range(len(AWAY)))
def test_opens_nothing_outside(root: Path, tmp_path: Path, number: int):
    for name, text in everything(AWAY[number].format(outside=root.parent)).items():
        put(root, name, text)
    done = flasklint("--format", "json", cwd=root, scratch=tmp_path)
    assert done.code in (0, 1), done.err
    assert strays(done, root) == []
    assert SECRET not in done.out + done.err
    assert done.seconds < 2


def test_what_is_given_is_all_that_is_opened(root: Path, tmp_path: Path):
    put(
        root,
        "given/shop.service",
        "[Service]\nEnvironmentFile=../beside\nExecStart=/usr/bin/gunicorn -c ../beside wsgi:app\n",
    )
    put(root, "beside", "x")
    put(root, "wsgi.py", APP)
    done = flasklint("given", cwd=root, scratch=tmp_path)
    assert strays(done, root / "given") == []


def test_a_host_s_links_stay_below_its_root(root: Path, tmp_path: Path):
    put(root, "etc/nginx/nginx.conf", "events {}\nhttp { include /etc/nginx/sites-enabled/*; include /../secret; }\n")
    (root / "etc/nginx/sites-enabled").mkdir()
    (root / "etc/nginx/sites-enabled/site").symlink_to("/../../../secret")
    (root / "etc/nginx/sites-enabled/up").symlink_to("../../../../../../../secret")
    done = flasklint("--root", ".", cwd=root, scratch=tmp_path)
    assert done.code in (0, 1), done.err
    assert strays(done, root) == []
    assert SECRET not in done.out


def test_the_watch_sees(root: Path, tmp_path: Path):
    """The proof is worth something: a run over the folder above does open the secret."""
    done = flasklint("--format", "concise", "..", cwd=root, scratch=tmp_path)
    assert any("secrets" in path for path in strays(done, root))
