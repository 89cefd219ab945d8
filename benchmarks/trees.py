"""Generated trees for the benchmarks: the reference deployment, once or many times."""

from collections.abc import Mapping
from pathlib import Path

SITE = """server {{
    listen 80;
    server_name {name}.test;

    location /static/ {{
        alias /srv/{name}/static/;
    }}

    location / {{
        proxy_pass http://127.0.0.1:{port};
        proxy_set_header Host $host;
        proxy_set_header X-Real-IP $remote_addr;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
    }}
}}
"""
UNIT = """[Unit]
Description=The application {name}
After=network.target

[Service]
User=www-data
Group=www-data
WorkingDirectory=/srv/{name}
Environment="PATH=/srv/{name}/venv/bin"
ExecStart=/srv/{name}/venv/bin/gunicorn -w 3 -b 127.0.0.1:{port} app:app
Restart=always

[Install]
WantedBy=multi-user.target
"""
APP = """from flask import Flask
{imports}
app = Flask(__name__)
{registered}

@app.route("/")
def index():
    return "Hello"
"""
BLUEPRINT = """from flask import Blueprint, abort, jsonify, request

pages = Blueprint("pages{number}", __name__, url_prefix="/{number}")
ITEMS: dict[int, str] = {{}}


@pages.get("/<int:item>")
def show(item: int):
    if item not in ITEMS:
        abort(404)
    return jsonify(item=item, name=ITEMS[item])


@pages.post("/")
def add():
    item = len(ITEMS) + 1
    ITEMS[item] = request.form["name"]
    return jsonify(item=item), 201
"""


def deployment(name: str, port: int, modules: int = 0) -> dict[str, str]:
    """Return the files of one deployment: nginx site, unit, application, requirements and a static file.

    With `modules` the application registers that many blueprints, each a module of the package `pages`.
    """
    files = {
        f"nginx/{name}.conf": SITE.format(name=name, port=port),
        f"systemd/{name}.service": UNIT.format(name=name, port=port),
        "app.py": _app(modules),
        "requirements.txt": "flask==3.1.3\ngunicorn==23.0.0\n",
        "static/site.css": "body { margin: 0 }\n",
    }
    if modules:
        files["pages/__init__.py"] = ""
    for number in range(modules):
        files[f"pages/pages{number}.py"] = BLUEPRINT.format(number=number)
    return files


def _app(modules: int) -> str:
    imports = "".join(f"from pages.pages{number} import pages as pages{number}\n" for number in range(modules))
    registered = "".join(f"app.register_blueprint(pages{number})\n" for number in range(modules))
    return APP.format(imports=imports, registered=registered)


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write the texts below the folder."""
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def write_many(folder: Path, count: int, modules: int = 0) -> None:
    """Write `count` deployments, one folder each."""
    for number in range(count):
        name = f"app{number:04}"
        write(folder / name, deployment(name, 8000 + number, modules))


def write_monorepo(folder: Path, modules: int) -> None:
    """Write two deployments beside `modules` Python files that have nothing to do with them."""
    write(folder / "shop", deployment("shop", 8000))
    write(folder / "desk", deployment("desk", 8001))
    text = '"""Module {0}."""\n\n\ndef value() -> int:\n    return {0}\n'
    write(folder / "libs", {f"lib{n // 50:03}/module{n:05}.py": text.format(n) for n in range(modules)})
