"""Generated layouts, resolved here and imported by Gunicorn's own `import_app`: both must agree."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

from flasklint.facts import App
from flasklint.read import app as application
from flasklint.source import Source
from flasklint.tree import Tree
from flasklint.value import Known
from tests.programs import needs_package

pytestmark = [needs_package("gunicorn"), needs_package("flask")]

FLASK = "from flask import Flask\n"

# How a module may come by its names; {n} is the name that is asked for. True: cannot be told, by design.
STYLES: dict[str, tuple[str, bool]] = {
    "direct": (FLASK + "{n} = Flask(__name__)\n", False),
    "annotated": (FLASK + "{n}: Flask = Flask(__name__)\n", False),
    "annotation only": (FLASK + "{n}: Flask\n", False),
    "module import": ("import flask\n{n} = flask.Flask(__name__)\n", False),
    "renamed class": ("from flask import Flask as F\n{n} = F(__name__)\n", False),
    "condition": (FLASK + "import os\nif os.environ.get('X'):\n    {n} = Flask('a')\nelse:\n    {n} = Flask('b')\n", False),
    "try": (FLASK + "try:\n    {n} = Flask(__name__)\nexcept ImportError:\n    {n} = None\n", False),
    "try import": ("try:\n    from nowhere_at_all import {n}\nexcept ImportError:\n    from flask import Flask\n    {n} = Flask('x')\n", False),
    "factory": (FLASK + "def create_app():\n    {n} = Flask(__name__)\n    return {n}\n", False),
    "factory asks": (FLASK + "def create_app(config, *, debug=False):\n    return Flask('x')\n\n{n} = create_app('x')\n", False),
    "factory asks by name": (FLASK + "def create_app(a=1, *, b, c):\n    return Flask('x')\n\n{n} = create_app(b=1, c=2)\n", False),
    "factory takes none": (FLASK + "def build():\n    return Flask('x')\n\n{n} = build()\n", False),
    "factory takes all": (FLASK + "def create_app(*args, **kwargs):\n    return Flask('x')\n\nbuild = create_app\n{n} = build(1)\n", False),
    "factory result": (FLASK + "def build(name='x'):\n    made = Flask(name)\n    return made\n\n{n} = build()\n", False),
    "pair": (FLASK + "def build():\n    return Flask('x'), 1\n\n{n}, other = build()\n", False),
    "item": (FLASK + "def build():\n    return 1, Flask('x')\n\n{n} = build()[1]\n", False),
    "main only": (FLASK + "if __name__ == '__main__':\n    {n} = Flask(__name__)\n", False),
    "not main": (FLASK + "if __name__ != '__main__':\n    {n} = Flask(__name__)\n", False),
    "typing only": ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from flask import Flask as {n}\n", False),
    "deleted": (FLASK + "{n} = Flask(__name__)\ndel {n}\n", False),
    "walrus": (FLASK + "if ({n} := Flask(__name__)) is not None:\n    pass\n", False),
    "loop": (FLASK + "for {n} in [Flask('a'), Flask('b')]:\n    pass\n", False),
    "with": (FLASK + "import contextlib\nwith contextlib.nullcontext(Flask('a')) as {n}:\n    pass\n", False),
    "middleware": (FLASK + "from werkzeug.middleware.proxy_fix import ProxyFix\n{n} = Flask('a')\n{n} = ProxyFix({n})\n", False),
    "class": ("class {n}:\n    def __init__(self, environ, start_response): pass\n", False),
    "subclass": (FLASK + "class Shop(Flask):\n    pass\n\n{n} = Shop('a')\n", False),
    "function": ("def {n}(environ, start_response):\n    start_response('200 OK', [])\n    return [b'']\n", False),
    "match": (FLASK + "match [Flask('a')]:\n    case [{n}]:\n        pass\n", False),
    "nothing": ("x = 1\n", False),
    "number": ("{n} = None\n", True),
    "global": (FLASK + "def setup():\n    global {n}\n    {n} = Flask('x')\n\nsetup()\n", True),
    "module getattr": (FLASK + "def __getattr__(name):\n    return Flask('x')\n", True),
    "globals": (FLASK + "globals()['{n}'] = Flask('x')\n", True),
    "exec": ("exec('from flask import Flask; {n} = Flask(\"x\")')\n", True),
    "sys.modules": (FLASK + "import sys\nsetattr(sys.modules[__name__], '{n}', Flask('x'))\n", True),
    "unseen star": ("from flask import *\n", True),
}  # fmt: skip

# How a second module hands the name on; {m} is the first module as imported, {n} the name.
HANDS_ON = {
    "from": "from {m} import {n}\n",
    "from as": "from {m} import {n} as renamed\n{n} = renamed\n",
    "star": "from {m} import *\n",
    "through module": "import {m} as source\n{n} = source.{n}\n",
    "factory": "from {m} import create_app\n{n} = create_app()\n",
}

LAYOUTS = [
    # (files with {0} the defining and {1} the importing module's text, module asked for, import name, search)
    ({"app.py": 0}, "app", "", [""]),
    ({"app/__init__.py": 0}, "app", "", [""]),
    ({"app.py": 0, "app/__init__.py": 2}, "app", "", [""]),
    ({"app.py": 0, "app/other.py": 2}, "app", "", [""]),
    ({"shop/wsgi.py": 0}, "shop.wsgi", "", [""]),
    ({"shop/__init__.py": 2, "shop/web/__init__.py": 0}, "shop.web", "", [""]),
    ({"shop/__init__.py": 2}, "shop.wsgi", "", [""]),
    ({"shop.py": 0}, "shop.wsgi", "", [""]),
    ({"other.py": 0}, "app", "", [""]),
    ({"src/shop/__init__.py": 0}, "shop", "", ["src"]),
    ({"one/shop/x.py": 2, "two/shop/y.py": 0}, "shop.y", "", ["one", "two"]),
    ({"one/shop/x.py": 2, "two/shop/__init__.py": 0}, "shop", "", ["one", "two"]),
    ({"core.py": 0, "wsgi.py": 1}, "wsgi", "core", [""]),
    ({"app/__init__.py": 0, "wsgi.py": 1}, "wsgi", "app", [""]),
    ({"app/__init__.py": 1, "app/core.py": 0}, "app", ".core", [""]),
    ({"app/__init__.py": 1, "app/core.py": 0}, "app", "app.core", [""]),
    ({"app/__init__.py": 2, "app/web/__init__.py": 1, "app/core.py": 0}, "app.web", "..core", [""]),
    ({"app/__init__.py": 1, "app/app.py": 0}, "app", ".app", [""]),
    ({"ns/wsgi.py": 1, "ns/core.py": 0}, "ns.wsgi", "ns.core", [""]),
]  # fmt: skip

EXAMPLES = int(os.environ.get("FLASKLINT_EXAMPLES", "480"))
CALLABLES = [
    "app",
    "app",
    "app",
    "application",
    "create_app",
    "create_app()",
    "create_app()",
    "create_app('x', debug=True)",
    "create_app(b=1)",
    "create_app(1, 2, 3)",
    "build('x')",
    "app()",
    "",
]

HARNESS = """
import json, os, sys
import flask, gunicorn.util
from gunicorn.errors import AppImportError
sys.dont_write_bytecode = True
for line in sys.stdin:
    case = json.loads(line)
    read, write = os.pipe()
    if not os.fork():
        os.chdir(case["home"])
        sys.path[:0] = [os.path.join(case["home"], folder) for folder in case["search"]]
        said = {}
        try:
            made = gunicorn.util.import_app(case["spec"])
            said["ok"] = "flask" if isinstance(made, flask.Flask) else type(made).__name__
        except ModuleNotFoundError as error:
            said["module"] = error.name
        except AppImportError as error:
            said["attribute"] = str(error)
        except BaseException as error:
            said["raises"] = f"{type(error).__name__}: {error}"
        module = sys.modules.get(case["spec"].partition(":")[0])
        said["file"] = getattr(module, "__file__", None)
        os.write(write, json.dumps(said).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        print(pipe.read().decode(), flush=True)
    os.wait()
"""


def layouts(folder: Path, count: int, seed: int) -> list[dict]:
    """Write the layouts below `folder` and return what is to be asked of each."""
    chance = random.Random(seed)
    cases = []
    for number in range(count):
        style = list(STYLES)[number % len(STYLES)]
        files, module, imported, search = chance.choice(LAYOUTS)
        attribute = chance.choice(CALLABLES)
        name = "application" if attribute in ("application", "") and chance.random() < 0.7 else "app"
        body, open_ended = STYLES[style]
        hands = chance.choice(list(HANDS_ON))
        use = HANDS_ON[hands]
        if imported.startswith(".") and hands == "through module":
            use = HANDS_ON["from"]
        text = [body.replace("{n}", name), use.format(m=imported, n=name), ""]
        if chance.random() < 0.1 and "__all__" not in text[0]:
            text[0] += f"__all__ = ['{name if chance.random() < 0.5 else 'x'}']\n"
        home = folder / str(number)
        for path, which in files.items():
            target = home / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text[which])
        spec = module + (f":{attribute}" if attribute else "")
        cases.append({"home": str(home), "search": search, "spec": spec, "style": style, "hands": hands,
                      "open": open_ended, "files": {p: text[w] for p, w in files.items()}})  # fmt: skip
    return cases


def ask_gunicorn(cases: list[dict]) -> list[dict]:
    lines = "\n".join(json.dumps({key: case[key] for key in ("home", "search", "spec")}) for case in cases) + "\n"
    ran = subprocess.run(
        [sys.executable, "-c", HARNESS], input=lines, capture_output=True, text=True, timeout=60 + EXAMPLES // 10
    )
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


def resolve(case: dict) -> App:
    spec = Known(case["spec"], Source("unit", case["spec"]).whole())
    return application.resolve(spec, Tree(case["home"]), case["search"], "gunicorn")


def disagreement(case: dict, said: dict, app: App) -> str:
    """Return in what the two differ, empty where they agree."""
    if app.state == "unknown":
        return "" if case["open"] or "raises" in said else f"cannot tell: {app.why}"
    if app.state == "refused":
        at_import = said.get("raises", "").startswith("TypeError")  # the module calls it like that, too
        return "" if at_import or (app.why and app.why == said.get("attribute")) else "refused for another reason"
    if app.state == "no-import":
        fails = "module" in said or said.get("raises", "").startswith(("ImportError", "ModuleNotFoundError"))
        return "" if fails else "imports nevertheless"
    if "ok" in said:
        if app.state == "no-call":
            return "" if said["ok"] == "function" else "called a factory"
        if app.state != "found":
            return "false alarm"
        if app.module is None or app.module.real != said["file"]:
            return f"another file: {app.module}"
        if (app.kind == "flask") != (said["ok"] == "flask") and app.kind not in ("factory", "other"):
            return f"kind {app.kind}"
        return "other" if said["ok"] == "flask" and app.kind == "other" and case["style"] not in OPAQUE else ""
    if "module" in said:
        if app.state == "no-module":
            return "" if app.missing == said["module"] else f"missing {app.missing}"
        return "" if app.state == "no-attribute" else "missed a missing module"
    if "attribute" in said:
        return refusal(case, said["attribute"], app)
    return ""  # raised while it was imported


def refusal(case: dict, said: str, app: App) -> str:
    """Compare the reason for which a module that is there does not do."""
    if app.state == "no-attribute" or case["open"]:
        return ""
    if "Failed to find attribute" in said:
        return "missed that it is not there"
    if said.startswith("TypeError"):
        return "missed that arguments do not fit"
    return "" if "not callable" in said or "must be callable" in said or "(" in case["spec"] else "missed"


OPAQUE = {"loop", "with", "match"}


def test_agrees_with_gunicorn(tmp_path: Path) -> None:
    cases = layouts(tmp_path, EXAMPLES, seed=1)
    answers = ask_gunicorn(cases)
    wrong = []
    for case, said in zip(cases, answers, strict=True):
        app = resolve(case)
        why = disagreement(case, said, app)
        if why:
            wrong.append({**case, "said": said, "state": app.state, "kind": app.kind, "why": why, "app.why": app.why})
    assert not wrong, json.dumps(wrong[:4], indent=1) + f"\n{len(wrong)} in all"
    states = {resolve(case).state for case in cases}
    assert states == {"found", "no-module", "no-import", "no-attribute", "no-call", "refused", "unknown"}
