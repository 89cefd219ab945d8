"""Faults (and harmless changes) put into clean deployments, the same ones for the same seed."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from .world import World, corpus

REFERENCES = (
    "gunicorn-tcp", "gunicorn-socket", "waitress-tcp", "waitress-socket", "package-tls", "socket-activation",
    "two-applications",
)  # fmt: skip
SEED = 20
TAKEN_OUT = {
    "package-tls: nginx: https": "an environment file of the host may give Gunicorn a certificate",
    "socket-activation: venv": "the repository names its virtual environment once; where it is only the host shows",
}
"""Mutations that are no fault that a repository could show, each with the reason: they are not started."""


class Change(NamedTuple):
    """A replacement in the files whose path matches: the first match in the first such file."""

    kind: str
    path: str
    pattern: str
    replacement: str | Callable[[re.Match[str]], str]


UNIT, SITE, APP = r"\.service$", r"\.conf$", r"(^|/)(app|wsgi)\.py$"
_FACTORY = "from flask import Flask\n\n\ndef create_app():\n    return Flask(__name__)\n"


def _other(number: str) -> str:
    return str(int(number) + 1)


CHANGES = (
    Change("port of nginx", SITE, r"(proxy_pass http://[\d.]+:)(\d+)", lambda m: m[1] + _other(m[2])),
    Change("port of the server", UNIT, r"(127\.0\.0\.1:|--port )(\d+)", lambda m: m[1] + _other(m[2])),
    Change("port left out of nginx", SITE, r"(proxy_pass http://[\d.]+):\d+", r"\1"),
    Change("address: all", UNIT, r"127\.0\.0\.1:", "0.0.0.0:"),
    Change("address: another", UNIT, r"127\.0\.0\.1", "127.0.0.2"),
    Change("address: localhost", UNIT, r"127\.0\.0\.1:", "localhost:"),
    Change("address: localhost in nginx", SITE, r"http://127\.0\.0\.1", "http://localhost"),
    Change("address: none", UNIT, r" -b \S+| --host 127.0.0.1 --port 8000", ""),
    Change("address: port alone", UNIT, r"-b 127\.0\.0\.1:8000", "-b :8000"),
    Change("address: scheme", UNIT, r"-b 127\.0\.0\.1", "-b http://127.0.0.1"),
    Change("socket of nginx", SITE, r"(unix:/run/)([\w/]+)\.sock", r"\1\2.socket"),
    Change("socket of nginx: elsewhere", SITE, r"unix:/run/[\w/]+\.sock", "unix:/tmp/app.sock"),
    Change("socket of the server", UNIT, r"(/run/flaskapp/)flaskapp\.sock", r"\1app.sock"),
    Change("socket of the server", r"conf\.py$|\.socket$", r"(/run/)([\w/]+)\.sock", r"\1\2.socket"),
    Change("socket: relative", UNIT, r"(unix:|--unix-socket )/run/flaskapp/", r"\1"),
    Change("socket: RuntimeDirectory", UNIT, r"RuntimeDirectory=flaskapp", "RuntimeDirectory=/run/flaskapp"),
    Change("socket and port", SITE, r"http://unix:/run/[\w/]+\.sock", "http://127.0.0.1:8000"),
    Change("module", UNIT, r"\bapp:app$", "wsgi:app"),
    Change("module", UNIT, r"billing\.wsgi:app$", "billing.run:app"),
    Change("module: path", UNIT, r"\bapp:app$", "app.py:app"),
    Change("module: package", UNIT, r"catalog\.wsgi:app$", "wsgi:app"),
    Change("module: shop", UNIT, r"shop:create_app", "store:create_app"),
    Change("callable", UNIT, r"\b(app|wsgi):app$", r"\1:application"),
    Change("callable: factory", UNIT, r"\bapp:app$", "app:create_app()"),
    Change("callable: left out", UNIT, r"\bapp:app$", "app"),
    Change("callable: dotted", UNIT, r"\bapp:app$", "app:app.wsgi_app"),
    Change("callable renamed", APP, r"(?s)\A.*\Z", lambda m: re.sub(r"\bapp\b", "application", m[0])),
    Change("factory not called", UNIT, r"create_app\('production'\)", "create_app"),
    Change("factory: argument", UNIT, r"create_app\('production'\)", "create_app('production', 1)"),
    Change("factory renamed", r"shop/__init__\.py$", "create_app", "make_app"),
    Change("syntax of Python", APP, r"(?m)^(app = .*)\)$", r"\1"),
    Change("import", APP, r"(?m)\A", "from models import db\n"),
    Change("venv", UNIT, r"(ExecStart=.*)/venv/", r"\1/env/"),
    Change("venv of PATH", UNIT, r"(PATH=.*)/venv/", r"\1/env/"),
    Change("venv of PATH: no bin", UNIT, r"(PATH=.*/venv)/bin", r"\1"),
    Change("venv: system's", UNIT, r"ExecStart=\S+/venv/bin/(gunicorn|waitress-serve)", r"ExecStart=/usr/bin/\1"),
    Change("venv: bare name", UNIT, r"ExecStart=\S+/venv/bin/(gunicorn|waitress-serve)", r"ExecStart=\1"),
    Change("venv: env", UNIT, r"ExecStart=\S+/venv/bin/(gunicorn|waitress-serve)", r"ExecStart=/usr/bin/env \1"),
    Change("venv: module", UNIT, r"(ExecStart=\S+/venv/bin/)gunicorn", r"\1python -m gunicorn"),
    Change("venv: system's module", UNIT, r"ExecStart=\S+/venv/bin/gunicorn", "ExecStart=/usr/bin/python3 -m gunicorn"),
    Change("package", r"requirements\.txt$", r"\n(gunicorn|waitress)==.*", ""),
    Change("package: the other", r"requirements\.txt$", r"gunicorn==.*", "waitress==3.0.2"),
    Change("package: the other", r"requirements\.txt$", r"waitress==.*", "gunicorn==23.0.0"),
    Change("alias slash", SITE, r"(alias \S+)/;", r"\1;"),
    Change("location slash", SITE, r"location /(\w+)/ \{", r"location /\1 {"),
    Change("alias: folder", SITE, r"(alias .*)static/;", r"\1assets/;"),
    Change("alias: relative", SITE, r"alias /srv/\w+/", "alias "),
    Change("root for alias", SITE, r"alias (\S+/)static/;", r"root \1static/;"),
    Change("root", SITE, r"alias (\S+)/static/;", r"root \1;"),
    Change("static by Flask", SITE, r"(?s)    location /\w+/ \{.*?\}\n", ""),
    Change("no Host", SITE, r"\n *proxy_set_header Host.*", ""),
    Change("no X-Forwarded-For", SITE, r"\n *proxy_set_header X-Forwarded-For.*", ""),
    Change("no X-Forwarded-Proto", SITE, r"\n *proxy_set_header X-Forwarded-Proto.*", ""),
    Change("no headers", SITE, r"(\n *proxy_set_header .*)+|\n *include proxy_params;", ""),
    Change("Host of the upstream", SITE, r"proxy_set_header Host \$host", "proxy_set_header Host $proxy_host"),
    Change("trailing slash", SITE, r"(proxy_pass http://[^/:;]+(:\d+)?);", r"\1/;"),
    Change("one port for two", r"catalog\.service$", "8102", "8101"),
    Change("one port for two", r"billing\.service$", "8101", "8102"),
    Change("nginx: one port for two", r"catalog\.conf$", "8102", "8101"),
    Change("option misspelt", UNIT, r"-w 3", "--worker 3"),
    Change("option misspelt", UNIT, r" -b ", " --bnd "),
    Change("option misspelt", UNIT, r"--unix-socket ", "--unix-soket "),
    Change("option misspelt", UNIT, r"--host ", "--hots "),
    Change("option of the other", UNIT, r"--host 127\.0\.0\.1 --port 8000", "--bind 127.0.0.1:8000"),
    Change("option without value", UNIT, r"-w 3", "-w"),
    Change("option behind the application", UNIT, r"(--host 127\.0\.0\.1 )(--port 8000 )(app:app)", r"\1\3 \2"),
    Change("number of workers", UNIT, r"-w 3", "-w three"),
    Change("worker class: threads", UNIT, r"-w 3", "-w 2 -k gthread --threads 2"),
    Change("worker class: unknown", UNIT, r"-w 3", "-w 2 -k threads"),
    Change("worker class: asgi", UNIT, r"-w 3", "-w 1 -k uvicorn.workers.UvicornWorker"),
    Change("WorkingDirectory quoted", UNIT, r"WorkingDirectory=(\S+)", r'WorkingDirectory="\1"'),
    Change("WorkingDirectory relative", UNIT, r"WorkingDirectory=/srv/", "WorkingDirectory=srv/"),
    Change("WorkingDirectory ~", UNIT, r"WorkingDirectory=/srv/", "WorkingDirectory=~/"),
    Change("WorkingDirectory left out", UNIT, r"WorkingDirectory=.*\n", ""),
    Change("WorkingDirectory commented", UNIT, r"(WorkingDirectory=.*)", r"\1 # the code"),
    Change("Restart commented", UNIT, r"(Restart=.*)", r"\1 # whatever happens"),
    Change("shell: cd", UNIT, r"ExecStart=/srv/(\w+)/", r"ExecStart=cd /srv/\1 && /srv/\1/"),
    Change("shell: activate", UNIT, r"ExecStart=/srv/(\w+)/venv/bin/", r"ExecStart=source venv/bin/activate && "),
    Change("shell: redirection", UNIT, r"(ExecStart=.*app)$", r"\1 > /var/log/app.log 2>&1"),
    Change("shell: assignment", UNIT, r"ExecStart=", "ExecStart=FLASK_ENV=production "),
    Change("shell: relative", UNIT, r"ExecStart=/srv/\w+/", "ExecStart="),
    Change("shell: a real one", UNIT, r"ExecStart=(.*)", r"ExecStart=/bin/bash -c 'exec \1'"),
    Change("shell: background", UNIT, r"(ExecStart=.*app)$", r"\1 &"),
    Change("variables", UNIT, r"ExecStart=(.*) 127\.0\.0\.1:8000", r"Environment=P=8000\nExecStart=\1 127.0.0.1:${P}"),
    Change("variables glued", UNIT, r"ExecStart=(.*) 127\.0\.0\.1:8000", r"Environment=H=127.0.0.1 P=8000\nExecStart=\1 $H:$P"),
    Change("unit: quote", UNIT, r"(ExecStart=.*)", r'\1 "'),
    Change("unit: two commands", UNIT, r"(ExecStart=.*)", r"\1\n\1"),
    Change("unit: type", UNIT, r"\[Service\]", "[Service]\nType=simpel"),
    Change("nginx: misspelt", SITE, r"proxy_pass", "proxy_pas"),
    Change("nginx: misspelt", SITE, r"server_name", "servername"),
    Change("nginx: misspelt", SITE, r"alias", "aliass"),
    Change("nginx: semicolon", SITE, r"(proxy_pass \S+);", r"\1"),
    Change("nginx: semicolon", SITE, r"(alias \S+);", r"\1"),
    Change("nginx: semicolon", SITE, r"(server_name \S+);", r"\1"),
    Change("nginx: semicolon", SITE, r"(Host \$host);", r"\1"),
    Change("nginx: brace", SITE, r"\}\n\}", "}\n"),
    Change("nginx: variable", SITE, r"Host \$host", "Host $hots"),
    Change("nginx: scheme", SITE, r"proxy_pass http://", "proxy_pass "),
    Change("nginx: https", SITE, r"proxy_pass http://", "proxy_pass https://"),
)  # fmt: skip
REWRITTEN = (  # whole files, for the deployments of one module
    ("factory: not called", "create_app", _FACTORY),
    ("factory: called", "create_app()", _FACTORY),
    ("factory: with an argument", "create_app('x')", _FACTORY),
    ("factory: --call", "--call app:create_app", _FACTORY),
)


def mutations(count: int) -> list[World]:
    """The first so many mutations, in an order that shows each kind of fault early."""
    found = _numbered(_all())
    random.Random(SEED).shuffle(found)
    nth: Counter[str] = Counter()
    ordered: list[tuple[int, int, World]] = []
    for kind, world in found:
        nth[kind] += 1
        ordered.append((nth[kind], len(ordered), world))
    return [world for *_, world in sorted(ordered, key=lambda one: one[:2])[:count]]


def _numbered(found: Iterable[tuple[str, World]]) -> list[tuple[str, World]]:
    """Give each its own name: some kinds have several forms for one reference."""
    seen: Counter[str] = Counter()
    numbered = []
    for kind, world in found:
        seen[world.name] += 1
        number = seen[world.name]
        numbered.append((kind, world._replace(name=f"{world.name} {number}") if number > 1 else world))
    return numbered


def _all() -> Iterator[tuple[str, World]]:
    for reference in REFERENCES:
        clean = corpus(reference)
        for change in CHANGES:
            changed = apply(clean, change)
            if changed is not None and changed.name not in TAKEN_OUT:
                yield change.kind, changed
        for kind, spec, text in REWRITTEN:
            changed = _rewritten(clean, kind, spec, text)
            if changed is not None:
                yield kind, changed


def apply(clean: World, change: Change) -> World | None:
    for path, text in clean.files.items():
        if re.search(change.path, path):
            changed = re.sub(change.pattern, change.replacement, text, count=1, flags=re.MULTILINE)
            if changed != text:
                return _named(clean, change.kind, {path: changed})
    return None


def _rewritten(clean: World, kind: str, spec: str, text: str) -> World | None:
    unit = next((path for path in clean.units if "app.py" in clean.files), None)
    path = next((path for path in clean.files if path.endswith(f"/{unit}")), None)
    if path is None or ("--call" in spec and "waitress" not in clean.name):
        return None
    spec = spec if "--call" in spec else f"app:{spec}"
    return _named(clean, kind, {"app.py": text, path: clean.files[path].replace(" app:app", f" {_quoted(spec)}")})


def _quoted(spec: str) -> str:
    return f'"{spec}"' if "(" in spec else spec


def _named(clean: World, kind: str, files: dict[str, str]) -> World:
    return clean._replace(name=f"{clean.name}: {kind}", files={**clean.files, **files})
