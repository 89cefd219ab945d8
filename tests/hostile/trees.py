"""Hostile inputs by name. Each is written below a folder, beside a deployment whose faults must still be told."""

from collections.abc import Callable
from pathlib import Path

Write = Callable[[Path], object]
TREES: dict[str, Write] = {}

UNIT = "[Service]\nUser=shop\nWorkingDirectory=/srv/shop\nExecStart={command}\nRestart=always\n[Install]\nWantedBy=multi-user.target\n"
COMMAND = "/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 {} wsgi:app"
APP = "from flask import Flask\napp = Flask(__name__)\n"
NEIGHBOUR = {
    "neighbour/site.conf": "server {\n    listen 80;\n    location /static/ {\n        alias /srv/next/static;\n    }\n}\n",
    "neighbour/next.service": "[Service]\nUser=next\nWorkingDirectory=srv/next\nExecStart=/srv/next/venv/bin/gunicorn next:app\n",
}
NEIGHBOUR_FAULTS = (
    ("alias-missing-slash", "neighbour/site.conf"),
    ("invalid-working-directory", "neighbour/next.service"),
)


def files(**texts: str | bytes) -> Write:
    def write(root: Path) -> None:
        for name, text in texts.items():
            put(root, name, text)

    return write


def put(root: Path, name: str, text: str | bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))


def unit(arguments: str = "", **more: str | bytes) -> Write:
    """A unit that starts gunicorn with these arguments, an application, and more files."""
    return files(**{"shop.service": UNIT.format(command=COMMAND.format(arguments)), "wsgi.py": APP, **more})


def tree(name: str, write: Write | None = None) -> Callable[[Write], Write]:
    def keep(write: Write) -> Write:
        TREES[name] = write
        return write

    if write:
        keep(write)
    return keep
