"""What each key changes in a run."""

from pathlib import Path

import pytest

from flasklint.config import settle
from flasklint.result import Result
from flasklint.run import lint

UNIT = """\
[Unit]
After=network.target
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn -w 3 -b 127.0.0.1:{port} {spec}
Restart=always
[Install]
WantedBy=multi-user.target
"""
NGINX = """\
server {
    listen 80;
    location / {
        proxy_pass http://127.0.0.1:8080;
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
    }
}
"""
APP = "from flask import Flask\napp = Flask(__name__)\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    put(tmp_path, "deploy/shop.service", UNIT.format(port=8000, spec="app:app"))
    put(tmp_path, "deploy/nginx/shop.conf", NGINX)
    put(tmp_path, "app.py", APP)
    return tmp_path


def put(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)


def run(folder: Path, text: str = "", below: str = "") -> Result:
    put(folder, "flasklint.toml", text)
    where = [str(folder / below)]
    return lint(where, settle({}, where).settings)


def found(folder: Path, text: str = "", below: str = "") -> list[str]:
    return sorted({finding.rule for finding in run(folder, text, below).findings})


FAULT = "upstream-bind-mismatch"


def test_without_a_key(tree: Path):
    assert FAULT in found(tree)


def test_which_rules(tree: Path):
    assert found(tree, "select = ['upstream']") == [FAULT]
    assert FAULT not in found(tree, "ignore = ['upstream']")
    assert FAULT in found(tree, "select = ['limits']\nextend-select = ['upstream']")


def test_severity_and_fail_on(tree: Path):
    result = run(tree, f"select = ['upstream']\nfail-on = 'error'\nseverity.{FAULT} = 'warning'\n")
    assert [str(finding.level) for finding in result.findings] == ["warning"]
    settings = settle({}, [str(tree)]).settings
    assert result.exit_code(settings) == 0
    assert result.exit_code() == 1


@pytest.mark.parametrize("glob", ["deploy/nginx/", "shop.conf", "deploy/**", "/deploy/*/shop.conf"])
@pytest.mark.parametrize("below", ["", "deploy"])
def test_per_file_ignores(tree: Path, glob: str, below: str):
    text = f"select = ['upstream']\n[per-file-ignores]\n'{glob}' = [{{ rules = ['upstream'], reason = 'so it is' }}]\n"
    result = run(tree, text, below)
    assert not result.findings
    assert [finding.rule for finding in result.ignored] == [FAULT]
    assert found(tree, text.replace(glob, "deploy/*.conf")) == [FAULT]
    assert found(tree, text.replace("['upstream'], r", "['limits'], r")) == [FAULT]


def test_exclude(tree: Path):
    assert FAULT not in found(tree, "exclude = ['nginx/']")
    assert FAULT not in found(tree, "exclude = ['/deploy/nginx']", "deploy")
    assert FAULT in found(tree, "exclude = ['/nginx']")
    assert FAULT in found(tree, "exclude = ['*', '!deploy', '!shop.*', '!nginx']")
    assert {file.kind for file in run(tree, "exclude = ['nginx']", "deploy/nginx").files} == {"nginx"}


def test_what_is_excluded_is_not_missing(tree: Path):
    put(tree, "deploy/shop.service", UNIT.format(port=8080, spec="wsgi:app"))
    assert "wsgi-module-not-found" in found(tree)
    put(tree, "wsgi.py", APP)
    assert found(tree, "exclude = ['wsgi.py']") == found(tree)


def test_paths(tree: Path):
    """The unit names a folder that two folders of the repository may be."""
    (tree / "app.py").unlink()
    put(tree, "one/main.py", APP)
    put(tree, "two/main.py", APP.replace("app =", "application ="))
    put(tree, "deploy/shop.service", UNIT.format(port=8080, spec="main:application"))
    assert "wsgi-attribute-not-found" in found(tree, "[paths]\n'/srv/shop' = 'one'")
    assert "wsgi-attribute-not-found" not in found(tree, "[paths]\n'/srv/shop' = 'two'")
    assert "wsgi-attribute-not-found" not in found(tree, "[paths]\n'/srv' = 'one'\n'/srv/shop' = 'two'")
    folders = [
        service.folder for one in run(tree, "[paths]\n'/srv/shop' = 'two'").deployments for service in one.services
    ]
    assert folders == ["two"]


def test_deployments_by_hand(tree: Path):
    """Staging and production share a folder: by themselves they are one deployment."""
    put(tree, "deploy/staging.service", UNIT.format(port=8081, spec="app:app"))
    put(tree, "deploy/nginx/staging.conf", NGINX.replace("8080", "8081"))
    assert len(run(tree).deployments) == 1
    text = """
[[deployment]]
name = "production"
files = ["shop.service", "shop.conf"]
[[deployment]]
name = "staging"
files = ["staging.*"]
"""
    result = run(tree, text)
    assert [one.name for one in result.deployments] == ["production", "staging"]
    assert [service.name for one in result.deployments for service in one.services] == [
        "shop.service",
        "staging.service",
    ]
    assert [len(one.hops) for one in result.deployments] == [0, 1]
    assert [finding.at.path.rpartition("/")[2] for finding in result.findings if finding.rule == FAULT] == ["shop.conf"]


def test_nginx_prefix(tree: Path):
    put(tree, "etc/nginx.conf", "events {}\nhttp {\n    include /opt/web/conf/sites/*.conf;\n}\n")
    put(tree, "etc/sites/shop.conf", NGINX)
    (tree / "deploy/nginx/shop.conf").unlink()
    files = {
        len(config.files) for one in run(tree, "nginx-prefix = '/opt/web/conf'").deployments for config in one.nginx
    }
    assert files == {2}
    assert any("/opt/web/conf" in name for name in run(tree).unseen)


def test_targets(tree: Path):
    """Gunicorn notifies systemd from 20.0 on."""
    put(tree, "deploy/shop.service", UNIT.format(port=8080, spec="app:app").replace("User", "Type=notify\nUser"))
    assert "notify-type-unsupported" not in found(tree)
    assert "notify-type-unsupported" in found(tree, "target.gunicorn = '19.9'")
    put(tree, "requirements.txt", "gunicorn==23.0\nflask==3.0\n")
    assert "notify-type-unsupported" not in found(tree, "target.gunicorn = '19.9'")


def test_cores_and_server(tree: Path):
    put(tree, "deploy/nginx/shop.conf", NGINX)
    result = run(tree, "cores = 1\nserver = 'waitress'\npython-version = '3.12'\n")
    settings = result.deployments[0].settings
    assert (settings.cores, settings.server, settings.python_version) == (1, "waitress", "3.12")
    assert "worker-count-out-of-range" not in found(tree, "cores = 2")
