"""Generated trees for the benchmark: the reference deployment, once or many times."""

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

app = Flask(__name__)


@app.route("/")
def index():
    return "Hello"
"""


def write_deployment(folder: Path, name: str, port: int) -> None:
    """Write nginx site, unit, application, requirements and a static file of one deployment."""
    texts = {
        f"nginx/{name}.conf": SITE.format(name=name, port=port),
        f"systemd/{name}.service": UNIT.format(name=name, port=port),
        "app.py": APP,
        "requirements.txt": "flask==3.1.3\ngunicorn==23.0.0\n",
        "static/site.css": "body { margin: 0 }\n",
    }
    for path, text in texts.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def write_many(folder: Path, count: int) -> None:
    """Write `count` deployments, one folder each."""
    for number in range(count):
        write_deployment(folder / f"app{number:04}", f"app{number:04}", 8000 + number)


def write_monorepo(folder: Path, modules: int) -> None:
    """Write two deployments beside `modules` Python files that have nothing to do with them."""
    write_deployment(folder / "shop", "shop", 8000)
    write_deployment(folder / "desk", "desk", 8001)
    for number in range(modules):
        path = folder / "libs" / f"lib{number // 50:03}" / f"module{number:05}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'"""Module {number}."""\n\n\ndef value() -> int:\n    return {number}\n', encoding="utf-8")
