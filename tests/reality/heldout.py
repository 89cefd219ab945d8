"""Kinds of fault, and harmless changes, that had never been started: what is expected of each stood here before
the first of them was.

`docs/agreement.md` keeps what came out at first contact. The counts after that are those of mended programs.
"""

import random
import re
from collections.abc import Iterator
from typing import NamedTuple

from .mutations import CHANGES, REFERENCES, Change, apply
from .verdict import Verdict
from .world import World, corpus

V = Verdict
SEED = 1801
TAKEN_OUT = {
    "configuration object missing": "a settings module is often left out of the repository on purpose",
    "nginx: include of no file": "the file may be on the host",
    "nginx: the name once more, before": "something else of the host may listen on the address",
}
"""Kinds that came out, after first contact, to be no fault that a repository could show, each with the reason."""
PAIRS = 60

UNIT, SITE, APP = r"\.service$", r"(?<!gunicorn)\.conf$", r"(^|/)app\.py$"
CONFIG = r"gunicorn\.conf\.py$"
TCP = r" -b 127\.0\.0\.1:8000"
START = r"ExecStart="


class Edit(NamedTuple):
    """A replacement of the first match in the first file whose path matches."""

    path: str
    pattern: str
    replacement: str


class Held(NamedTuple):
    """A kind: the verdict expected of every deployment whose files all edits fit. `added` are new files, `renamed`
    files under a new path."""

    kind: str
    expected: Verdict
    edits: tuple[Edit, ...] = ()
    added: tuple[tuple[str, str], ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


def _unit(pattern: str, replacement: str) -> Edit:
    return Edit(UNIT, pattern, replacement)


def _site(pattern: str, replacement: str) -> Edit:
    return Edit(SITE, pattern, replacement)


_NO_BIND = _unit(TCP, "")
_APP = (
    'from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.route("/")\ndef index():\n    return "Hello, visitor"\n'
)
_OTHER_SITE = (
    "server {\n    listen 80;\n    server_name flaskapp.test;\n    location / {\n"
    "        proxy_pass http://127.0.0.1:8010;\n        proxy_set_header Host $host;\n    }\n}\n"
)
_WHOLE = r"(?s)\A.*\Z"
_UPSTREAM = "upstream app {\n    server 127.0.0.1:%s;\n}\n\n"


HELD = (
    # addresses
    Held("bind: IPv6", V.REFUSED, (_unit(r"-b 127\.0\.0\.1:", "-b [::1]:"),)),
    Held("bind: IPv6, nginx too", V.SERVES, (_unit(r"-b 127\.0\.0\.1:8000", "-b [::1]:8000"), _site(r"http://127\.0\.0\.1:", "http://[::1]:"))),
    Held("bind: nginx IPv6", V.REFUSED, (_site(r"http://127\.0\.0\.1:", "http://[::1]:"),)),
    Held("bind: two", V.SERVES, (_unit(TCP, " -b 127.0.0.1:8010 -b 127.0.0.1:8000"),)),
    Held("bind: twice the same", V.ADDRESS, (_unit(TCP, " -b 127.0.0.1:8000 -b 127.0.0.1:8000"),)),
    Held("bind: long option with =", V.SERVES, (_unit(TCP, " --bind=127.0.0.1:8000"),)),
    Held("bind: unix with three slashes", V.SERVES, (_unit(r"unix:/run/", "unix:///run/"),)),
    Held("bind: unix with two slashes", V.ADDRESS, (_unit(r"unix:/run/", "unix://run/"),)),
    Held("listen of Waitress", V.SERVES, (_unit(r"--host 127\.0\.0\.1 --port 8000", "--listen=127.0.0.1:8000"),)),
    Held("listen of Waitress: another", V.REFUSED, (_unit(r"--host 127\.0\.0\.1 --port 8000", "--listen=127.0.0.1:8010"),)),
    Held("listen of Waitress: two", V.SERVES, (_unit(r"--host 127\.0\.0\.1 --port 8000", "--listen=127.0.0.1:8010 --listen=127.0.0.1:8000"),)),
    Held("listen of Waitress: a list", V.SERVES, (_unit(r"--host 127\.0\.0\.1 --port 8000", '--listen="127.0.0.1:8010 127.0.0.1:8000"'),)),
    Held("listen of Waitress beside host", V.OPTION, (_unit(r"--host 127\.0\.0\.1 --port 8000", "--listen=127.0.0.1:8000 --host=127.0.0.1"),)),
    Held("listen of Waitress: port alone", V.REFUSED, (_unit(r"--host 127\.0\.0\.1 --port 8000", "--listen=8000"),)),
    # what else says where to listen
    Held("configuration: overruled", V.SERVES, (_unit(TCP, TCP.replace("\\", "")),), (("gunicorn.conf.py", 'bind = "127.0.0.1:8010"\n'),)),
    Held("configuration: bind", V.SERVES, (_NO_BIND,), (("gunicorn.conf.py", 'bind = "127.0.0.1:8000"\n'),)),
    Held("configuration: another bind", V.REFUSED, (_NO_BIND,), (("gunicorn.conf.py", 'bind = "127.0.0.1:8010"\n'),)),
    Held("configuration: not loaded", V.SERVES, (_NO_BIND,), (("gunicorn_config.py", 'bind = "127.0.0.1:8010"\n'),)),
    Held("configuration: missing", V.OPTION, (_unit(r"-w 3", "-c gunicorn_prod.py"),)),
    Held("configuration: list", V.SERVES, (Edit(CONFIG, r'bind = (.*)', r"bind = [\1]"),)),
    Held("configuration: relative socket", V.NO_SOCKET, (Edit(CONFIG, r"unix:/run/shop/", "unix:"),)),
    Held("configuration: unknown name", V.SERVES, (Edit(CONFIG, r"timeout = 60", "worker = 60"),)),
    Held("configuration: bad value", V.OPTION, (Edit(CONFIG, r"timeout = 60", 'timeout = "long"'),)),
    Held("configuration: syntax", V.OPTION, (Edit(CONFIG, r"timeout = 60", "timeout ="),)),
    Held("configuration: wsgi_app", V.SERVES, (_unit(r"(gunicorn.*) app:app$", r"\1"),), (("gunicorn.conf.py", 'wsgi_app = "app:app"\n'),)),
    Held("configuration: wrong wsgi_app", V.ATTRIBUTE, (_unit(r"(gunicorn.*) app:app$", r"\1"),), (("gunicorn.conf.py", 'wsgi_app = "app:application"\n'),)),
    Held("PORT", V.REFUSED, (_unit(TCP, ""), _unit(START, "Environment=PORT=8010\nExecStart="))),
    Held("PORT beside the option", V.SERVES, (_unit(r"-b", "-b"), _unit(START, "Environment=PORT=8010\nExecStart="))),
    Held("PORT in EnvironmentFile", V.REFUSED, (_unit(TCP, ""), _unit(START, "EnvironmentFile=/srv/flaskapp/deploy.env\nExecStart=")), (("deploy.env", "PORT=8010\n"),)),
    Held("GUNICORN_CMD_ARGS", V.REFUSED, (_unit(TCP, ""), _unit(START, 'Environment="GUNICORN_CMD_ARGS=--bind 127.0.0.1:8010"\nExecStart='))),
    Held("GUNICORN_CMD_ARGS overruled", V.SERVES, (_unit(r"-b 127", "-b 127"), _unit(START, 'Environment="GUNICORN_CMD_ARGS=--bind 127.0.0.1:8010"\nExecStart='))),
    # folders
    Held("chdir", V.SERVES, (_unit(r"WorkingDirectory=/srv/flaskapp", "WorkingDirectory=/srv"), _unit(r"-w 3", "-w 3 --chdir /srv/flaskapp"))),
    Held("chdir: another folder", V.IMPORT, (_unit(r"-w 3", "-w 3 --chdir /srv/flaskapp/static"),)),
    Held("chdir: no folder", V.OPTION, (_unit(r"-w 3", "-w 3 --chdir /srv/flaskapp/src"),)),
    Held("pythonpath", V.SERVES, (_unit(r"WorkingDirectory=/srv/flaskapp", "WorkingDirectory=/srv"), _unit(r"-w 3", "-w 3 --pythonpath /srv/flaskapp"))),
    Held("PYTHONPATH", V.SERVES, (_unit(r"WorkingDirectory=/srv/flaskapp", "WorkingDirectory=/srv\nEnvironment=PYTHONPATH=/srv/flaskapp"),)),
    Held("WorkingDirectory: a folder below", V.IMPORT, (_unit(r"WorkingDirectory=/srv/flaskapp", "WorkingDirectory=/srv/flaskapp/static"),)),
    # units
    Held("Requires: no such socket", V.UNIT_REFUSED, (_unit(r"After=network", "Requires=flaskapp.socket\nAfter=network"),)),
    Held("socket unit renamed", V.UNIT_REFUSED, (), (), (("systemd/gunicorn.socket", "systemd/flaskapp.socket"),)),
    Held("socket unit renamed, Service=", V.SERVES, (_unit(r"gunicorn\.socket", "flaskapp.socket"), Edit(r"\.socket$", r"ListenStream", "Service=gunicorn.service\nListenStream")), (), (("systemd/gunicorn.socket", "systemd/flaskapp.socket"),)),
    Held("socket unit: bind beside it", V.SERVES, (_unit(r"--workers 3", "--workers 3 --bind unix:/run/other.sock"),)),
    Held("socket unit: two streams", V.SERVES, (Edit(r"\.socket$", r"(ListenStream=.*)", r"ListenStream=/run/other.sock\n\1"),)),
    Held("unit: command in quotes", V.EXEC, (_unit(r"ExecStart=(/srv/\S+/venv/.*)", r'ExecStart="\1"'),)),
    Held("unit: continued", V.SERVES, (_unit(r"(ExecStart=\S+) (-w 3|--host)", "\\1 \\\\\n    \\2"),)),
    Held("unit: continued, blank behind", V.OPTION, (_unit(r"(ExecStart=\S+ -w 3) ", "\\1 \\\\ \n    "),)),
    Held("unit: CRLF", V.SERVES, (_unit(_WHOLE, "CRLF"),)),
    # Python
    Held("module: package without the application", V.ATTRIBUTE, (Edit(APP, _WHOLE, ""),), (("app/main.py", _APP),), (("app.py", "app/__init__.py"),)),
    Held("module: package that imports it", V.SERVES, (Edit(APP, _WHOLE, "from .main import app\n"),), (("app/main.py", _APP),), (("app.py", "app/__init__.py"),)),
    Held("module: guarded", V.ATTRIBUTE, (Edit(APP, _WHOLE, 'from flask import Flask\n\nif __name__ == "__main__":\n    app = Flask(__name__)\n    app.run()\n'),)),
    Held("module: of the standard library", V.ATTRIBUTE, (_unit(r" app:app$", " types:app"),), (), (("app.py", "types.py"),)),
    Held("module: flask.py", V.IMPORT, (_unit(r" app:app$", " flask:app"),), (), (("app.py", "flask.py"),)),
    Held("module: star import", V.SERVES, (_unit(r" app:app$", " wsgi:app"),), (("wsgi.py", "from app import *\n"),)),
    Held("module: star import that hides it", V.ATTRIBUTE, (_unit(r" app:app$", " wsgi:app"), Edit(APP, r"(app = Flask.*)", r'\1\n__all__ = ["index"]')), (("wsgi.py", "from app import *\n"),)),
    Held("import: misspelt package", V.IMPORT, (Edit(r"wsgi\.py$", r"from billing\.", "from biling."),)),
    Held("import: misspelt module", V.IMPORT, (Edit(r"wsgi\.py$", r"from (\w+)\.factory", r"from \1.factories"),)),
    Held("import: no such name", V.IMPORT, (Edit(r"wsgi\.py$", r"import make_app", "import create_app"),)),
    Held("import: circle", V.IMPORT, (Edit(APP, r"\A", "import views\n"),), (("views.py", 'from app import app\n\n\n@app.route("/more")\ndef more():\n    return "more"\n'),)),
    Held("import: circle at the end", V.SERVES, (Edit(APP, r"(?m)^if __name__", "import views\n\nif __name__"),), (("views.py", 'from app import app\n\n\n@app.route("/more")\ndef more():\n    return "more"\n'),)),
    Held("factory: keyword", V.SERVES, (_unit(r"create_app\('production'\)", "create_app(config='production')"),)),
    Held("factory: wrong keyword", V.ATTRIBUTE, (_unit(r"create_app\('production'\)", "create_app(settings='production')"),)),
    Held("factory: argument that is no literal", V.ATTRIBUTE, (_unit(r"create_app\('production'\)", "create_app(Production)"),)),
    Held("factory: no such configuration", V.IMPORT, (_unit(r"create_app\('production'\)", "create_app('staging')"),)),
    Held("configuration object missing", V.IMPORT, (Edit(APP, r"(app = Flask.*)", r'\1\napp.config.from_object("settings.Production")'),)),
    Held("variable missing", V.CRASH, (Edit(APP, r"(app = Flask.*)", r'\1\napp.config["DATABASE"] = __import__("os").environ["DATABASE_URL"]'),)),
    Held("template missing", V.ERROR, (Edit(APP, r"from flask import Flask", "from flask import Flask, render_template"), Edit(APP, r'"Hello, visitor"', 'render_template("index.html")'))),
    Held("APPLICATION_ROOT", V.SERVES, (Edit(APP, r"(app = Flask.*)", r'\1\napp.config["APPLICATION_ROOT"] = "/shop"'),)),
    Held("SCRIPT_NAME", V.ERROR, (_unit(r"ExecStart=(.*gunicorn)", r"Environment=SCRIPT_NAME=/shop\nExecStart=\1"),)),
    Held("static_url_path", V.SERVES, (Edit(APP, r"Flask\(__name__\)", 'Flask(__name__, static_url_path="/assets")'),)),
    Held("static_folder", V.SERVES, (Edit(APP, r"Flask\(__name__\)", 'Flask(__name__, static_folder="public")'),)),
    Held("static of a blueprint", V.SERVES, (Edit(APP, r"(app = Flask.*)", r'\1\napp.register_blueprint(Blueprint("desk", __name__, static_folder="static", url_prefix="/desk"))'), Edit(APP, r"import Flask", "import Blueprint, Flask"))),
    # nginx
    Held("nginx: upstream", V.SERVES, (_site(r"http://127\.0\.0\.1:8000", "http://app"), _site(r"\A", _UPSTREAM % 8000))),
    Held("nginx: upstream with a wrong member", V.REFUSED, (_site(r"http://127\.0\.0\.1:8000", "http://app"), _site(r"\A", _UPSTREAM % 8001))),
    Held("nginx: upstream with one wrong member of two", V.SERVES, (_site(r"(\n    server unix.*)", r"\n    server 127.0.0.1:8001;\1"),)),
    Held("nginx: upstream misspelt", V.NGINX_REFUSES, (_site(r"proxy_pass http://shop;", "proxy_pass http://shopp;"),)),
    Held("nginx: socket with :/", V.SERVES, (_site(r"\.sock;\n        proxy", ".sock:/;\n        proxy"),)),
    Held("nginx: socket with /", V.BAD_GATEWAY, (_site(r"\.sock;\n        proxy", ".sock/;\n        proxy"),)),
    Held("nginx: socket without http", V.NGINX_REFUSES, (_site(r"proxy_pass http://unix:", "proxy_pass unix:"),)),
    Held("nginx: path behind the address", V.PATH, (_site(r"(proxy_pass http://127\.0\.0\.1:\d+);", r"\1/app;"),)),
    Held("nginx: variable for the address", V.SERVES, (_site(r"proxy_pass http://127\.0\.0\.1:8000;", "set $app 127.0.0.1:8000;\n        proxy_pass http://$app;"),)),
    Held("nginx: variable for a wrong address", V.REFUSED, (_site(r"proxy_pass http://127\.0\.0\.1:8000;", "set $app 127.0.0.1:8001;\n        proxy_pass http://$app;"),)),
    Held("nginx: the name once more, behind", V.SERVES, (), (("nginx/old.conf", _OTHER_SITE),)),
    Held("nginx: the name once more, before", V.REFUSED, (), (("nginx/a-site.conf", _OTHER_SITE),)),
    Held("nginx: try_files without its location", V.ERROR, (_site(r"location / \{", "location / {\n        try_files $uri @app;"),)),
    Held("nginx: try_files", V.SERVES, (_site(r"location / \{", "location / {\n        try_files $uri @app;\n    }\n\n    location @app {"),)),
    Held("nginx: headers twice", V.NO_ANSWER, (_site(r"(\n *proxy_set_header Host)", r"\n        include proxy_params;\1"),)),
    Held("nginx: include of a pattern", V.SERVES, (_site(r"(\n *server_name.*)", r"\1\n    include snippets/*.conf;"),)),
    Held("nginx: include of no file", V.NGINX_REFUSES, (_site(r"(\n *server_name.*)", r"\1\n    include snippets/flaskapp.conf;"),)),
    Held("nginx: regex before static", V.STATIC, (_site(r"(\n    location / )", r"\n    location ~* \\.(css|js)$ {\n        expires 7d;\n    }\n\1"),)),
    Held("nginx: index of a folder", V.SERVES, (_site(r"alias (\S+);", r"alias \1;\n        index index.html;"),)),
)  # fmt: skip


def expectations() -> dict[str, Verdict]:
    return {held.kind: held.expected for held in HELD}


def kind_of(world: World) -> str:
    """The kind of a held-out deployment, "pair" for two faults at once."""
    kind = world.name.partition(": ")[2]
    return kind if kind in expectations() else "pair"


def held_out() -> list[World]:
    """Every kind for every deployment it fits, then pairs of the faults of `mutations`."""
    kinds = (held for held in HELD if held.kind not in TAKEN_OUT)
    worlds = [world for held in kinds for name in REFERENCES if (world := _apply(corpus(name), held))]
    return [*worlds, *_pairs()]


def _apply(clean: World, held: Held) -> World | None:
    files = dict(clean.files)
    for edit in held.edits:
        path = next(
            (path for path in files if re.search(edit.path, path) and re.search(edit.pattern, files[path], re.M)), ""
        )
        if not path:
            return None
        if edit.replacement == "CRLF":
            files[path] = files[path].replace("\n", "\r\n")
        else:
            files[path] = re.sub(edit.pattern, edit.replacement, files[path], count=1, flags=re.M)
    for old, new in held.renamed:
        if old not in files:
            return None
        files[new] = files.pop(old)
    if held.added and "app.py" not in clean.files:
        return None
    return clean._replace(name=f"{clean.name}: {held.kind}", files={**files, **dict(held.added)})


def _pairs() -> Iterator[World]:
    """Two faults at once: nobody foresaw how one hides the other."""
    chance = random.Random(SEED)
    made: set[str] = set()
    while len(made) < PAIRS:
        one, other = chance.sample(CHANGES, 2)
        world = _both(corpus(chance.choice(REFERENCES)), one, other)
        if world is not None and world.name not in made:
            made.add(world.name)
            yield world


def _both(clean: World, one: Change, other: Change) -> World | None:
    first = apply(clean, one)
    second = apply(first, other) if first else None
    return second._replace(name=f"{clean.name}: {one.kind} + {other.kind}") if second else None
