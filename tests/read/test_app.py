"""The application reader: states, Flask facts, servers' own rules, hostile input."""

from pathlib import Path

import pytest

from flasklint.facts import App
from flasklint.read import app as application
from flasklint.source import Source
from flasklint.tree import Tree
from flasklint.value import Default, Known, Unknown

FLASK = "from flask import Flask\n"


@pytest.fixture
def resolve(tmp_path: Path):
    def run(spec: str, files: dict[str, str], server: str = "gunicorn", search=("",), **more: bool) -> App:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        written = Known(spec, Source("unit", spec).whole())
        return application.resolve(written, Tree(str(tmp_path)), search, server, **more)

    return run


def test_facts_of_a_factory(resolve) -> None:
    factory = """from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from .config import Config

def create_app(name="prod"):
    app = Flask(__name__, static_folder="../assets", static_url_path="/files")
    app.config.from_object(Config)
    app.config["SESSION_COOKIE_SECURE"] = True
    app.secret_key = make_secret()
    configure(app)
    return app

def configure(target):
    target.wsgi_app = ProxyFix(target.wsgi_app, 2, x_host=1, x_prefix=HOPS)
"""
    config = "class Base:\n    DEBUG = False\n\nclass Config(Base):\n    MAX_CONTENT_LENGTH = 16 * 1024 * 1024\n"
    files = {
        "shop/__init__.py": factory,
        "shop/config.py": config,
        "wsgi.py": "from shop import create_app\napp = create_app()\n",
    }
    for spec in ("wsgi:app", "shop:create_app()", 'shop:create_app("dev")'):
        app = resolve(spec, files)
        assert app.state == "found", app.why
        assert app.kind == ("flask" if spec == "wsgi:app" else "factory")
        assert isinstance(app.static_folder, Known)
        assert (app.static_folder.value, app.static_folder.at.text) == ("../assets", '"../assets"')
        assert app.static_url_path is not None
        assert app.static_url_path[0] == "/files"
        assert app.proxy_fix is not None
        counts = app.proxy_fix.counts
        assert (counts["x_for"][0], counts["x_host"][0]) == (2, 1)
        assert isinstance(counts["x_proto"], Default)
        assert isinstance(counts["x_prefix"], Unknown)
        assert app.config["MAX_CONTENT_LENGTH"][0] == 16777216
        assert (app.config["DEBUG"][0], app.config["SESSION_COOKIE_SECURE"][0]) == (False, True)
        assert isinstance(app.config["SECRET_KEY"], Unknown)
    assert resolve("shop:create_app", files).state == "no-call"


def test_facts_of_importers_and_conditions(resolve) -> None:
    files = {
        "shop.py": FLASK
        + "app = Flask(__name__)\napp.config['A'] = 1\nif X:\n    app.config['A'] = 2\napp.config['B'] = 1\n",
        "wsgi.py": "from werkzeug.middleware.proxy_fix import ProxyFix\nfrom shop import app as site\n"
        "site.config.update(B=2, C='x')\nsite.wsgi_app = ProxyFix(site.wsgi_app)\napplication = site\n"
        "if __name__ == '__main__':\n    site.debug = True\n    site.run()\n",
    }
    app = resolve("wsgi", files)
    assert (app.state, app.kind) == ("found", "flask")
    assert isinstance(app.config["A"], Unknown)
    assert (app.config["B"][0], app.config["C"][0]) == (2, "x")
    assert "DEBUG" not in app.config
    assert app.proxy_fix is not None
    assert app.proxy_fix.counts["x_for"] == Default(1, "Werkzeug's default")
    assert app.static_folder == Default("static", "Flask's default")
    assert app.static_url_path == Default("/static", "Flask's default")
    assert app.runs_at_import == ()
    assert [source.path.rpartition("/")[2] for source in app.read] == ["wsgi.py", "shop.py"]


def test_later_loaders_and_unknown_middleware_leave_it_open(resolve) -> None:
    text = FLASK + "from own import Reverse\napp = Flask(__name__)\napp.config['A'] = 1\napp.config.from_pyfile('x')\n"
    app = resolve("app:app", {"app.py": text + "app.wsgi_app = Reverse(app.wsgi_app)\n"})
    assert isinstance(app.config["A"], Unknown)
    assert app.proxy_fix is not None
    assert all(isinstance(count, Unknown) for count in app.proxy_fix.counts.values())


def test_runs_at_import(resolve) -> None:
    text = FLASK + "app = Flask(__name__)\nprint('é'); app.run(port=80)\n"
    app = resolve("wsgi:app", {"app.py": text, "wsgi.py": "from app import app\n"})
    assert [span.text for span in app.runs_at_import] == ["app.run(port=80)"]
    app = resolve("w:app", {"w.py": FLASK + "from waitress import serve\napp = Flask('x')\nserve(app)\n"})
    assert [span.text for span in app.runs_at_import] == ["serve(app)"]
    other = "import subprocess, asyncio\nsubprocess.run(['x'])\nasyncio.run(x())\n"
    guarded = "if DEV:\n    app.run()\ndef main():\n    app.run()\n"
    assert resolve("o:app", {"o.py": FLASK + other + "app = Flask('x')\n" + guarded}).runs_at_import == ()


def test_absent_names_say_where_they_are_bound(resolve) -> None:
    app = resolve("app:application", {"app.py": FLASK + "app = Flask(__name__)\n"})
    assert (app.state, app.missing) == ("no-attribute", "application")
    assert [(c.value, c.at.text, c.at.line) for c in app.candidates] == [("app", "app", 2)]
    app = resolve("main:app", {"main.py": FLASK + "if __name__ == '__main__':\n    app = Flask('x')\n"})
    assert app.made_at is not None
    assert (app.state, app.made_at.line, app.why) == ("no-attribute", 3, 'under `if __name__ == "__main__":`')
    app = resolve("fac:app", {"fac.py": FLASK + "def create_app():\n    app = Flask('x')\n    return app\n"})
    assert app.made_at is not None
    assert (app.made_at.text, app.why) == ("app", "inside the function create_app")
    assert [c.value for c in app.candidates] == ["create_app()"]
    app = resolve("chain:app", {"chain.py": "from fac import app\n"})
    assert (app.state, app.missing, app.why) == ("no-import", "fac", "ImportError: cannot import name 'app' from 'fac'")


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        ("def app(environ, start_response): return []", "function"),
        ("def app(a, b): return [b'']", "function"),
        ("@root.route('/')\ndef app(): return ''", "view"),
        ("@Request.application\ndef app(request): return 1", "function"),
        ("def app(): return page", "function"),
        ("class app:\n    pass", "class"),
    ],
)
def test_functions_that_are_callables(resolve, function: str, kind: str) -> None:
    app = resolve("mod:app", {"mod.py": function + "\n"})
    assert (app.state, app.kind) == ("found", kind)


def test_modules(resolve) -> None:
    files = {"pkg/__init__.py": "", "pkg/web.py": FLASK + "app = Flask('x')\n"}
    assert resolve("web:app", files).missing == "web"
    assert resolve("pkg.site:app", files).missing == "pkg.site"
    refused = resolve("pkg/web:app", files)
    assert (refused.state, refused.meant, refused.names_a_file) == ("refused", "pkg.web:app", True)
    assert resolve("pkg.web.py:app", files).missing == "pkg.web.py"
    assert resolve("web:app", files, certain=False).state == "unknown"
    assert resolve("{{ app }}:app", files).state == "unknown"
    assert resolve("../pkg/web:app", files).state == "refused"
    installed = {
        "backend/pyproject.toml": "[project]\n",
        "backend/src/site_x/__init__.py": FLASK + "app = Flask('x')",
    }
    assert resolve("site_x:app", installed).state == "found"


def test_servers_differ(resolve) -> None:
    files = {
        "mod.py": FLASK
        + "class Site: app = Flask('x')\nsite = Site()\napp = Flask('y')\ndef create_app():\n    return app\n"
    }
    assert resolve("mod:site.app", files).state == "refused"
    assert resolve("mod:site.app", files, "waitress").state == "found"
    assert resolve("mod.app", files, "waitress").kind == "flask"
    assert resolve("mod:create_app()", files, "waitress").state == "refused"
    assert resolve("mod:create_app", files, "waitress").state == "no-call"
    assert resolve("mod:create_app", files, "waitress", call=True).kind == "factory"
    assert resolve("mod:app", files, "waitress", call=True).kind == "flask"
    assert resolve("mod", files, "uwsgi").state == "no-attribute"
    assert resolve("mod.py:create_app()", files, "uwsgi").kind == "factory"


def test_flask_searches(resolve) -> None:
    one = {"site.py": "", "wsgi.py": FLASK + "made = Flask('x')\n"}
    assert resolve("", one, "flask").kind == "flask"
    two = {
        "deep/pkg/__init__.py": "",
        "deep/pkg/web.py": "from flask import Flask\ndef create_app():\n    return Flask('x')\n",
    }
    assert resolve("deep/pkg/web.py", two, "flask").kind == "factory"
    assert resolve("deep/pkg/web:create_app", two, "flask").kind == "factory"
    assert resolve("none", {"none.py": "import os\nX = 1\n"}, "flask").state == "no-attribute"
    assert resolve("maybe", {"maybe.py": "from vendor import thing\n"}, "flask").state == "unknown"


def test_flask_does_not_judge_what_a_star_import_or_global_may_bring(resolve) -> None:
    files = {"pkg/__init__.py": "from .core import *\n", "pkg/core.py": FLASK + "made = Flask('x')\n"}
    assert resolve("pkg", files, "flask").state == "unknown"
    setter = FLASK + "def setup():\n    global app\n    app = Flask('x')\n\nsetup()\n"
    files = {"app/__init__.py": "from .app import *\n", "app/app.py": setter}
    assert resolve("app", files, "flask").state == "unknown"
    assert resolve("app:app", files).state == "unknown"


def test_syntax_errors_and_newer_syntax(resolve, tmp_path: Path) -> None:
    app = resolve("bad:app", {"bad.py": "x = 1\napp = = 2\n"})
    assert (app.state, "invalid syntax" in app.why) == ("unknown", True)
    assert app.module is not None
    problem = application.syntax_problem(app.module)
    assert problem is not None
    assert (problem.kind, problem.at.line, problem.at.column, problem.at.text) == ("syntax", 2, 7, "=")
    assert application.syntax_problem(Source("x", "app = 1\n")) is None
    deep = resolve("deep:app", {"deep.py": "x = " + "(" * 5000 + "\n"})
    assert deep.state == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "app = " + "(" * 190 + "1" + ")" * 190,
        "app = " + "-" * 3000 + "1",
        "app = " + "+".join(["a"] * 5000),
        "app = app",
        "from mod import app",
        "from . import app",
        "from ..... import app",
        "from mod import *",
        "def app(): return app()\napp = app()",
        "a = b\nb = a\napp = a",
        "if a:\n  pass\n" + "elif b:\n  app = 1\n" * 900,
        "def f(x): return f(f(x))\napp = f(f(f(1)))",
        "class A(A): pass\napp = A()",
        "app = " + ".a" * 0 + "x" + ".a" * 900,
        "from flask import Flask\napp = Flask(*a, **b)\napp.config['A'] = 2 ** 10 ** 10",
        "from flask import Flask\napp = Flask('x')\napp.config['A'] = " + "(1," * 90 + ")" * 90,
        "\r\rapp = 1\r\n",
        "app: int = 1; del app; app = 1\f",
    ],
)
def test_hostile_sources_end(resolve, text: str) -> None:
    for server in ("gunicorn", "waitress", "flask"):
        assert resolve("mod:app", {"mod.py": text}, server).state in (
            "found",
            "unknown",
            "no-attribute",
            "no-import",
            "no-call",
        )
    assert resolve("mod", {"mod.py": text}, "flask").state


def test_a_long_chain_stops(resolve) -> None:
    files = {f"m{n}.py": f"from m{n + 1} import app\n" for n in range(40)}
    app = resolve("m0:app", files)
    assert app.state == "unknown"
    assert len(app.read) == 12


def test_creates_flask(tmp_path: Path) -> None:
    for name in ("deep/web.py", "app.py", "tests/test_x.py", "none.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x = 1\n" if name == "none.py" else "app = Flask(__name__)\n")
    assert application.creates_flask(Tree(str(tmp_path))) == ["app.py", "deep/web.py"]
