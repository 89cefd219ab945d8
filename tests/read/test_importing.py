"""Imports that surely fail, and those of packages that are imported every day."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from flasklint.read.app.importing import failure
from flasklint.read.app.modules import Module, find, parents
from flasklint.tree import Tree

from ..deployments import lay_out


def why(files: dict[str, str], folder: Path, entry: str = "app") -> str:
    tree = Tree(str(lay_out(files, folder)))
    module = find(entry, tree, ("",))
    assert isinstance(module, Module)
    found = failure(tree, ("",), [module])
    return found.why if found else ""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app.py": "import shop.desk", "shop/__init__.py": ""}, "No module named 'shop.desk'"),
        ({"app.py": "from shop.desk import x", "shop/__init__.py": ""}, "No module named 'shop.desk'"),
        ({"app.py": "from shop import x", "shop.py": "y = 1"}, "cannot import name 'x' from 'shop'"),
        ({"app.py": "from shop import x", "shop.py": "x = set()"}, ""),
        ({"app.py": "from shop import x", "shop/__init__.py": "", "shop/x.py": ""}, ""),
        ({"app.py": "from shop import x", "shop/__init__.py": "from .desk import x", "shop/desk.py": ""}, "'shop.desk'"),
        ({"app.py": "from shop import x", "shop.py": "def __getattr__(name): return 1"}, ""),
        ({"app.py": "from shop import x", "shop.py": "from elsewhere import *"}, ""),
        ({"app.py": "import views\napp = 1", "views.py": "from app import app"}, "partially initialized module 'app'"),
        ({"app.py": "app = 1\nimport views", "views.py": "from app import app"}, ""),
        ({"app.py": "import views\napp = 1", "views.py": "import app"}, ""),
        ({"app.py": "try:\n    import shop.desk\nexcept ImportError:\n    pass", "shop/__init__.py": ""}, ""),
        ({"app.py": "with suppress(ImportError):\n    import shop.desk", "shop/__init__.py": ""}, ""),
        ({"app.py": "def f():\n    import shop.desk", "shop/__init__.py": ""}, ""),
        ({"app.py": "import sys\nsys.path.append('lib')\nimport shop.desk", "shop/__init__.py": ""}, ""),
        ({"app.py": "import elsewhere.desk"}, ""),
    ],
)  # fmt: skip
def test_what_surely_fails(files: dict[str, str], expected: str, tmp_path: Path) -> None:
    found = why(files, tmp_path)
    assert expected in found if expected else not found


def test_a_module_started_within_its_own_package(tmp_path: Path) -> None:
    tree = Tree(str(lay_out({"shop/__init__.py": "", "shop/wsgi.py": "from shop import app"}, tmp_path)))
    module = find("wsgi", tree, ("shop",))
    assert isinstance(module, Module)
    found = failure(tree, ("shop",), [module])
    assert found and found.why == "ModuleNotFoundError: No module named 'shop'"


@pytest.mark.parametrize("package", ["flask", "werkzeug", "jinja2", "click", "gunicorn", "waitress"])
def test_packages_of_every_day(package: str) -> None:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        pytest.skip(f"{package} is not installed")
    folder = Path(spec.origin).parent
    tree = Tree(str(folder.parent), [package])
    for path in sorted(folder.rglob("*.py")):
        dotted = ".".join(path.relative_to(folder.parent).with_suffix("").parts).removesuffix(".__init__")
        module = find(dotted, tree, ("",))
        assert isinstance(module, Module)
        assert failure(tree, ("",), [*parents(dotted, tree, ("",)), module]) is None
