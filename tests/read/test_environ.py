"""What the application asks of its environment, against Python itself: whatever is called sure, an import asks for."""

import os
from collections.abc import Iterator, MutableMapping
from pathlib import Path

import pytest

from flasklint.facts import App
from flasklint.read import app as application
from flasklint.source import Source
from flasklint.tree import Tree
from flasklint.value import Known

FLASK = "import os\nfrom os import environ, getenv\nfrom flask import Flask\napp = Flask(__name__)\n"


class Recorder(MutableMapping[str, str]):
    """An environment that is empty and notes what it is asked for; what is missing has the value ""."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.set: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        self.asked.append(name)
        return self.set.get(name, "")

    def __setitem__(self, name: str, value: str) -> None:
        self.set[name] = value

    def __delitem__(self, name: str) -> None:
        self.set.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self.set)

    def __len__(self) -> int:
        return len(self.set)

    def __contains__(self, name: object) -> bool:
        return name in self.set


def resolve(spec: str, folder: Path, **files: str) -> App:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    written = Known(spec, Source("unit", spec).whole())
    return application.resolve(written, Tree(str(folder)), ("",), "gunicorn")


BODIES = {
    "subscript": "a = os.environ['A']",
    "several": "a, b = os.environ['A'], environ['B']",
    "renamed": "env = os.environ\na = env['A']",
    "getters": "a = os.getenv('A')\nb = getenv('B', 'x')\nc = environ.get('C')",
    "either": "a = os.environ.get('A') or os.environ['B']",
    "conditional": "a = os.environ['A'] if os.environ.get('B') else os.environ['C']",
    "if": "if os.environ.get('A'):\n    a = os.environ['B']\nelse:\n    a = os.environ['C']",
    "membership": "if 'A' in os.environ:\n    a = os.environ['A']",
    "try": "try:\n    a = os.environ['A']\nexcept KeyError:\n    a = os.environ['B']\nfinally:\n    c = os.environ['C']",
    "with": "import contextlib\nwith contextlib.suppress(KeyError):\n    a = 1",
    "loop": "for i in range(0):\n    a = os.environ['A']",
    "lazy": "f = lambda: os.environ['A']\ng = [os.environ['B'] for i in ()]",
    "default": "def f(a=os.environ['A']):\n    return os.environ['B']",
    "class": "class C:\n    a = os.environ['A']\n    def f(self):\n        return os.environ['B']",
    "decorator": "def d(x):\n    return lambda f: f\n@d(os.environ['A'])\ndef f(): pass",
    "main": "if __name__ == '__main__':\n    a = os.environ['A']",
    "text": "a = f\"{os.environ['A']}/{os.environ.get('B')}\"",
    "call": "a = dict(x=os.environ['A'], y=str(os.environ['B']))",
    "comparison": "a = 1 < len(os.environ['A']) < len(os.environ['B'])",
    "assert": "assert True, os.environ['A']",
    "written": "os.environ['A'] = 'x'\ndel os.environ['A']",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_is_sure_is_asked_for(body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = FLASK + body + "\n"
    found = resolve("shop:app", tmp_path, shop=text).reads()
    recorder = Recorder()
    monkeypatch.setattr(os, "environ", recorder)
    plain = text.replace("from flask import Flask\napp = Flask(__name__)\n", "")
    exec(compile(plain, "shop.py", "exec"), {"__name__": "shop"})
    assert {read.name for read in found if read.sure} <= set(recorder.asked)


@pytest.mark.parametrize(
    ("body", "sure", "perhaps"),
    [
        (BODIES["several"], {"A", "B"}, set()),
        (BODIES["getters"], {"A", "B", "C"}, set()),
        (BODIES["either"], {"A"}, {"B"}),
        (BODIES["conditional"], {"B"}, {"A", "C"}),
        (BODIES["class"], {"A"}, {"B"}),
        (BODIES["written"], set(), set()),
        ("config = {}\na = config['A'].get('B')", set(), set()),
    ],
)
def test_reads(body: str, sure: set[str], perhaps: set[str], tmp_path: Path) -> None:
    found = resolve("shop:app", tmp_path, shop=FLASK + body + "\n").reads()
    assert {read.name for read in found if read.sure} == sure
    assert {read.name for read in found if not read.sure} == perhaps


def test_modules_on_the_way(tmp_path: Path) -> None:
    app = resolve(
        "wsgi:app",
        tmp_path,
        wsgi="from shop import create_app\napp = create_app()\n",
        shop="from flask import Flask\nfrom settings import Config\n\ndef create_app():\n    app = Flask(__name__)\n"
        "    app.config.from_object(Config)\n    import os\n    app.secret_key = os.environ['KEY']\n    return app\n",
        settings="import os\n\nclass Config:\n    URL = os.environ['URL']\n",
    )
    found = {read.name: read for read in app.reads()}
    assert found["URL"].sure and found["URL"].at.path.endswith("settings.py")
    assert found["KEY"].sure and found["KEY"].default is None


@pytest.mark.parametrize(
    ("line", "chosen"),
    [
        ("create_app(os.getenv('MODE', 'development'))", "development"),
        ("create_app(os.environ.get('MODE') or 'development')", "development"),
        ("create_app(config_name=os.getenv('MODE', 'default'))", "Development"),
        ("print(os.getenv('MODE', 'development'))", ""),
    ],
)
def test_configuration_that_a_default_chooses(line: str, chosen: str, tmp_path: Path) -> None:
    text = (
        "import os\nfrom flask import Flask\nclass Development: pass\nconfigs = {'default': Development}\n"
        f"def create_app(config_name=None):\n    return Flask(__name__)\nx = {line}\napp = create_app()\n"
    )
    assert [read.chooses for read in resolve("shop:app", tmp_path, shop=text).reads()] == [chosen]


def test_programs(tmp_path: Path) -> None:
    app = resolve(
        "wsgi:app",
        tmp_path,
        wsgi="from flask import Flask\nimport views\napp = Flask(__name__)\n",
        views="import subprocess, shutil, os\nfrom subprocess import run as go\n"
        "def a():\n    subprocess.run(['git', 'log'])\n    go('ls -l', shell=True)\n    os.system('date')\n"
        "    subprocess.run(['/usr/bin/git'])\n    subprocess.run(['x'], env={})\n    shutil.which(name)\n",
        script="import subprocess\nsubprocess.run(['curl'])\n",
    )
    assert [program.value for program in app.programs()] == ["git", "ls", "date"]


def test_too_deep(tmp_path: Path) -> None:
    deep = FLASK + "a = " + "(" * 150 + "os.environ['A']" + " or 1)" * 150 + "\n"
    assert resolve("shop:app", tmp_path, shop=deep).reads() is not None
