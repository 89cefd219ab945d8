"""A glance at imports never hides what the syntax trees would tell."""

import os
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flasklint import rule as rules
from flasklint.read.app.foreign import foreign
from flasklint.read.app.glance import Glance, glance
from flasklint.read.app.importing import failure
from flasklint.read.app.modules import Module, find
from flasklint.tree import Tree
from tests.deployments import lay_out, lint_files

TESTS = Path(__file__).parents[1]
TEXTS = sorted([*TESTS.glob("stories/*.txt"), *TESTS.glob("cases/wsgi-*/*.txt"), *TESTS.glob("cases/import-*/*.txt")])
LINES = [
    "import os", "import shop.models", "import shop.nothing", "import requests as r, flask", "import shop", "x = 1",
    "from shop import models", "from shop import models as m, app", "from shop.models import User, Group",
    "from shop.models import (\n    User,  # the user\n    Missing,\n)", "from . import models", "from .models import User",
    "from .. import nothing", "from .models import *", "from flask import Flask", "def f():\n    import yaml",
    "try:\n    import simplejson\nexcept ImportError:\n    simplejson = None", "if x: import numpy", "a = 1; import attr",
    "from shop.models import User; del User", "'''\nfrom shop import words\n'''", "from shop import models, \\\n    extra",
    "class User: pass", "User: int = 3", "app = object()", "import shop.extra as extra", "from extra import thing",
]  # fmt: skip


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_same_findings_without_it(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = rules.example(path.read_text(encoding="utf-8")).files
    with_it = [(one.rule, one.at.path, one.at.line, one.message) for one in lint_files(files, tmp_path / "a").findings]

    def doubtful(tree: Tree, search: Sequence[str], entry: Sequence[Module]) -> Glance:
        needed = frozenset(module.value for module in foreign(tree, search, entry))
        return Glance(needed, sound=False, starts_programs=True)  # leaves everything open

    monkeypatch.setattr(import_module("flasklint.read.app.resolve"), "glance", doubtful)
    without = [(one.rule, one.at.path, one.at.line, one.message) for one in lint_files(files, tmp_path / "b").findings]
    assert with_it == without


@settings(max_examples=int(os.environ.get("FLASKLINT_EXAMPLES", "200")), deadline=None)
@given(st.lists(st.lists(st.sampled_from(LINES), max_size=4), min_size=4, max_size=4))
def test_what_is_sound_can_be_imported(tmp_path_factory: pytest.TempPathFactory, bodies: list[list[str]]) -> None:
    names = ("shop/__init__.py", "shop/models.py", "shop/extra.py", "wsgi.py")
    texts = {name: "\n".join(lines) + "\n" for name, lines in zip(names, bodies, strict=True)}
    tree = Tree(str(lay_out(texts, tmp_path_factory.mktemp("tree"))))
    for entry, search in (("wsgi", ("",)), ("models", ("shop",)), ("shop.extra", ("", "shop"))):
        module = find(entry, tree, search)
        assert isinstance(module, Module)
        told = glance(tree, search, [module])
        if told.sound:
            assert failure(tree, search, [module]) is None
        assert {one.value for one in foreign(tree, search, [module])} <= told.foreign


@pytest.mark.parametrize(("last", "sound"), [("value = 1\n", True), ("other = 1\n", False)])
def test_more_modules_than_a_glance_opens(tmp_path: Path, last: str, sound: bool) -> None:
    modules = [f"from shop.m{number} import value\n" for number in range(150)]
    files = {"shop/__init__.py": "", "wsgi.py": "".join(modules)}
    files |= {f"shop/m{number}.py": "value = 1\n" for number in range(149)} | {"shop/m149.py": last}
    lay_out(files, tmp_path)
    tree = Tree(str(tmp_path))
    wsgi = find("wsgi", tree, ("",))
    assert isinstance(wsgi, Module)
    assert glance(tree, ("",), (wsgi,)).sound is sound
