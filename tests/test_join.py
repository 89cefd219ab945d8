"""What belongs together in one tree, and what is kept apart."""

from pathlib import Path

from flasklint.deployment import Deployment
from flasklint.report.text import summary
from flasklint.result import Result
from flasklint.settings import Settings
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
        files[f"{stage}/systemd/shop.service"] = unit(f"gunicorn -w 2 -b 127.0.0.1:{port} app:app")
    result = lint_files({**files, "app.py": APP}, tmp_path)
    assert shape(result) == [(["shop.service"], 1), (["shop.service"], 1)]
    assert not result.findings


def test_a_wrong_port_is_not_excused_by_the_other_stage(tmp_path: Path) -> None:
    files = {
        "staging/nginx/shop.conf": site("http://127.0.0.1:9001"),
        "staging/systemd/shop.service": unit("gunicorn -w 2 -b 127.0.0.1:8001 app:app"),
        "production/nginx/shop.conf": site("http://127.0.0.1:8000"),
        "production/systemd/shop.service": unit("gunicorn -w 2 -b 127.0.0.1:8000 app:app"),
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
        "a/a.service": unit("gunicorn -w 2 -b 127.0.0.1:8001 app:app", "/srv/a"),
        "b/b.service": unit("gunicorn -w 2 -b 127.0.0.1:8002 app:app", "/srv/b"),
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
        "systemd/shop.service": unit("gunicorn -w 2 -b 127.0.0.1:8000 app:app"),
        "app.py": APP,
    }
    result = lint_files(files, tmp_path)
    assert sorted(shape(result)) == [(["app"], 1), (["shop.service"], 0)]
    assert not result.findings, [one.message for one in result.findings]


def test_services_of_one_port_are_told_apart_by_name(tmp_path: Path) -> None:
    image = 'FROM python:3.12\nRUN pip install flask gunicorn\nCOPY . .\nCMD ["gunicorn", "-b", "0.0.0.0:5000", "app:app"]\n'
    files = {
        "compose.yml": "services:\n  web:\n    build: ./web\n  api:\n    build: ./api\n",
        "nginx/web.conf": site("http://web:5000"),
        "nginx/api.conf": site("http://api:5000"),
    }
    for name in ("web", "api"):
        files |= {f"{name}/Dockerfile": image, f"{name}/app.py": APP}
    hops = only(lint_files(files, tmp_path)).hops
    assert sorted((hop.address.host, hop.service.name) for hop in hops) == [("api", "api"), ("web", "web")]


def test_alternative_compose_files_stay_apart(tmp_path: Path) -> None:
    services = "services:\n  web:\n    build: .\n    command: {}\n  nginx:\n    build: ./nginx\n"
    files = {
        "docker-compose.yml": services.format("gunicorn -b 0.0.0.0:5000 app:app"),
        "docker-compose.dev.yml": services.format("flask run --host=0.0.0.0"),
        "nginx/default.conf": site("http://web:5000"),
        "app.py": APP,
    }
    result = lint_files(files, tmp_path)
    shapes = [([service.kind for service in one.services], len(one.hops), len(one.nginx)) for one in result.deployments]
    assert sorted(shapes) == [(["flask"], 1, 1), (["gunicorn"], 1, 1)]
    assert not result.findings, [one.message for one in result.findings]


def test_a_name_that_a_container_gives_itself(tmp_path: Path) -> None:
    files = {
        "compose.yml": "services:\n  web:\n    build: .\n    ports: ['80:80']\n    extra_hosts: ['shop.test:127.0.0.1']\n",
        "Dockerfile": "FROM python:3.12\nRUN apt-get install -y nginx\nRUN pip install flask gunicorn\nCOPY . .\n"
        "CMD service nginx start && gunicorn -b 0.0.0.0:5000 app:app\n",
        "nginx/shop.conf": site("http://shop.test:5000"),
        "app.py": APP,
    }
    (hop,) = only(lint_files(files, tmp_path)).hops
    assert (hop.address.host, hop.service.name) == ("shop.test", "web")


def test_alternative_units_of_one_application_do_not_collide(tmp_path: Path) -> None:
    files = {
        "gunicorn.service": unit("gunicorn -w 2 -b 127.0.0.1:8000 app:app"),
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
        files[f"{copy}systemd/shop.service"] = unit("gunicorn -w 2 -b 127.0.0.1:8000 app:app")
        files[f"{copy}app.py"] = APP
    result = lint_files(files, tmp_path)
    assert not result.findings, [(one.rule, one.message) for one in result.findings]


def test_working_directory_is_mapped_by_the_module_that_is_there(tmp_path: Path) -> None:
    files = {
        "deploy/shop.service": unit("gunicorn -w 2 -b 127.0.0.1:8000 shop.web:app"),
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


DJANGO = "from django.core.wsgi import get_wsgi_application\n\napplication = get_wsgi_application()\n"
BARE = "[Service]\nWorkingDirectory=/srv/site\nExecStart=/srv/site/venv/bin/gunicorn -w 2 -b 127.0.0.1:8000 site.wsgi\n"
SILENT = "server {\n    listen 80;\n    location / { proxy_pass http://127.0.0.1:8000; }\n}\n"


def test_a_tree_of_django_is_left_alone(tmp_path: Path) -> None:
    files = {"site.service": BARE, "nginx.conf": SILENT, "requirements.txt": "Django==5.1\ngunicorn\n"}
    result = lint_files(files, tmp_path)
    assert not result.findings and not result.judged
    assert result.left_alone == ("requirements.txt asks for Django and not for Flask",)
    assert result.exit_code(Settings()) == 0
    assert summary(result).startswith("No Flask to check in 3 files; left alone: requirements.txt asks for Django")


def test_a_tree_of_both_is_judged(tmp_path: Path) -> None:
    files = {"site.service": BARE, "requirements.txt": "Django\ngunicorn\n", "tools/board.py": APP}
    files["tools/requirements.txt"] = "flask-admin\n"
    assert lint_files(files, tmp_path).judged


def test_djangos_service_beside_flasks(tmp_path: Path) -> None:
    files = {
        "deploy/site.service": BARE,
        "deploy/site.conf": SILENT,
        "site/wsgi.py": f"from whitenoise import WhiteNoise\n{DJANGO}application = WhiteNoise(application)\n",
        "shop/shop.service": unit("gunicorn -w 2 -b 127.0.0.1:9000 shop:app"),
        "shop/shop.py": APP,
    }
    result = lint_files(files, tmp_path)
    assert not result.findings
    assert result.judged == 1 and result.left_alone == ("site.service serves Django",)


def test_django_and_flask_behind_one_nginx(tmp_path: Path) -> None:
    nginx = (
        "server {\n    listen 80;\n"
        "    location / { proxy_pass http://127.0.0.1:8000; }\n"
        "    location /shop { proxy_pass http://127.0.0.1:9000; include proxy_params; }\n}\n"
    )
    files = {
        "site.service": BARE,
        "shop.service": unit("gunicorn -w 2 -b 127.0.0.1:9000 shop:app"),
        "nginx.conf": nginx,
        "site/wsgi.py": DJANGO,
        "shop.py": APP,
    }
    result = lint_files(files, tmp_path)
    assert not result.findings
    assert shape(result) == [(["shop.service"], 1)]


def test_a_relative_socket_that_a_variable_names(tmp_path: Path) -> None:
    files = {
        "shop.service": unit("gunicorn -w 2 -b unix:{{ site }}.sock app:app", "/srv/{{ site }}"),
        "nginx.conf": site("http://unix:/srv/{{ site }}/{{site}}.sock"),
        "app.py": APP,
    }
    assert shape(lint_files(files, tmp_path)) == [(["shop.service"], 1)]


def test_a_socket_at_a_place_that_a_variable_holds(tmp_path: Path) -> None:
    files = {
        "shop.service": unit("gunicorn -w 2 -b unix:{{ socket }} app:app", "/srv/shop"),
        "nginx.conf": site("http://unix:{{ socket }}"),
        "app.py": APP,
    }
    assert shape(lint_files(files, tmp_path)) == [(["shop.service"], 1)]


def test_deployments_of_one_folder_go_by_their_main_file(tmp_path: Path) -> None:
    files = {
        "compose.yml": "services:\n  shop:\n    image: shop\n    command: gunicorn -b 0.0.0.0:8000 app:app\n",
        "shop.service": unit("gunicorn -w 2 -b 127.0.0.1:9000 app:app"),
        "app.py": APP,
    }
    assert [one.name for one in lint_files(files, tmp_path).deployments] == ["compose.yml", "shop.service"]
