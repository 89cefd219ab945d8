"""What belongs together in one tree, and what is kept apart."""

from pathlib import Path

from flasklint.deployment import Deployment
from flasklint.result import Result
from tests.deployments import lint_files

APP = "from flask import Flask\n\napp = Flask(__name__)\n"


def site(target: str) -> str:
    return f"server {{\n    listen 80;\n    server_name a.test;\n    location / {{ proxy_pass {target}; include proxy_params; }}\n}}\n"


def unit(command: str, folder: str = "/srv/shop") -> str:
    return (
        f"[Service]\nUser=shop\nWorkingDirectory={folder}\nExecStart={folder}/venv/bin/{command}\nRestart=always\n"
        "[Install]\nWantedBy=multi-user.target\n"
    )


def shape(result: Result) -> list[tuple[list[str], int]]:
    """Names of the services and the number of hops, for every deployment."""
    return [([service.name for service in one.services], len(one.hops)) for one in result.deployments]


def only(result: Result) -> Deployment:
    (one,) = result.deployments
    return one


def test_staging_and_production_stay_apart(tmp_path: Path) -> None:
    files = {}
    for stage, port in (("staging", 8001), ("production", 8000)):
        files[f"{stage}/nginx/shop.conf"] = site(f"http://127.0.0.1:{port}")
        files[f"{stage}/systemd/shop.service"] = unit(f"gunicorn -b 127.0.0.1:{port} app:app")
    result = lint_files({**files, "app.py": APP}, tmp_path)
    assert shape(result) == [(["shop.service"], 1), (["shop.service"], 1)]
    assert not result.findings


def test_a_wrong_port_is_not_excused_by_the_other_stage(tmp_path: Path) -> None:
    files = {
        "staging/nginx/shop.conf": site("http://127.0.0.1:9001"),
        "staging/systemd/shop.service": unit("gunicorn -b 127.0.0.1:8001 app:app"),
        "production/nginx/shop.conf": site("http://127.0.0.1:8000"),
        "production/systemd/shop.service": unit("gunicorn -b 127.0.0.1:8000 app:app"),
    }
    result = lint_files({**files, "app.py": APP}, tmp_path)
    assert [(one.rule, one.at.path) for one in result.findings] == [
        ("upstream-bind-mismatch", "staging/nginx/shop.conf")
    ]


def test_one_nginx_before_two_applications_in_two_folders(tmp_path: Path) -> None:
    nginx = (
        "server {\n    listen 80;\n    include proxy_params;\n"
        "    location /a/ { proxy_pass http://127.0.0.1:8001; }\n"
        "    location /b/ { proxy_pass http://127.0.0.1:8002; }\n}\n"
    )
    files = {
        "nginx/both.conf": nginx,
        "a/a.service": unit("gunicorn -b 127.0.0.1:8001 app:app", "/srv/a"),
        "b/b.service": unit("gunicorn -b 127.0.0.1:8002 app:app", "/srv/b"),
        "a/app.py": APP,
        "b/app.py": APP,
    }
    result = lint_files(files, tmp_path)
    assert sorted(shape(result)[0][0]) == ["a.service", "b.service"]
    assert only(result).hops and not result.findings


def test_a_compose_project_beside_units_is_another_deployment(tmp_path: Path) -> None:
    files = {
        "docker-compose.yml": "services:\n  app:\n    build: .\n    command: gunicorn -b 0.0.0.0:5000 app:app\n"
        "  nginx:\n    image: nginx\n    volumes: ['./nginx/default.conf:/etc/nginx/conf.d/default.conf']\n",
        "nginx/default.conf": site("http://app:5000"),
        "systemd/shop.service": unit("gunicorn -b 127.0.0.1:8000 app:app"),
        "app.py": APP,
    }
    result = lint_files(files, tmp_path)
    assert sorted(shape(result)) == [(["app"], 1), (["shop.service"], 0)]
    assert not result.findings, [one.message for one in result.findings]


def test_alternative_units_of_one_application_do_not_collide(tmp_path: Path) -> None:
    files = {
        "gunicorn.service": unit("gunicorn -b 127.0.0.1:8000 app:app"),
        "waitress.service": unit("waitress-serve --listen=127.0.0.1:8000 app:app"),
        "nginx.conf": site("http://127.0.0.1:8000"),
        "app.py": APP,
    }
    result = lint_files(files, tmp_path)
    assert "duplicate-bind" not in {one.rule for one in result.findings}


def test_a_copy_of_the_whole_tree_is_no_conflict(tmp_path: Path) -> None:
    files = {}
    for copy in ("", "old/"):
        files[f"{copy}nginx/shop.conf"] = site("http://127.0.0.1:8000")
        files[f"{copy}systemd/shop.service"] = unit("gunicorn -b 127.0.0.1:8000 app:app")
        files[f"{copy}app.py"] = APP
    result = lint_files(files, tmp_path)
    assert not result.findings, [(one.rule, one.message) for one in result.findings]


def test_working_directory_is_mapped_by_the_module_that_is_there(tmp_path: Path) -> None:
    files = {
        "deploy/shop.service": unit("gunicorn -b 127.0.0.1:8000 shop.web:app"),
        "backend/src/shop/__init__.py": "",
        "backend/src/shop/web.py": APP,
        "backend/pyproject.toml": '[project]\nname = "shop"\nversion = "1"\ndependencies = ["flask", "gunicorn"]\n',
    }
    (service,) = only(lint_files(files, tmp_path)).services
    assert service.app is not None and service.app.state == "found"
    assert service.app.module is not None and service.app.module.path == "backend/src/shop/web.py"


def test_root_of_a_host_maps_one_to_one(tmp_path: Path) -> None:
    from flasklint.run import lint
    from flasklint.settings import Settings
    from tests.deployments import lay_out

    files = {
        "etc/nginx/nginx.conf": "events {}\nhttp { include /etc/nginx/sites-enabled/*; }\n",
        "etc/nginx/sites-available/shop": site("http://127.0.0.1:8000"),
        "etc/nginx/sites-enabled/shop": "-> /etc/nginx/sites-available/shop",
        "etc/systemd/system/shop.service": unit("gunicorn shop:app"),
        "srv/shop/gunicorn.conf.py": "bind = '127.0.0.1:8009'\n",
        "srv/shop/shop.py": APP,
    }
    result = lint([str(lay_out(files, tmp_path))], Settings(root_is_host=True))
    assert [one.rule for one in result.findings] == ["upstream-bind-mismatch"]
    assert "gunicorn.conf.py" in result.findings[0].because[0].at.path
