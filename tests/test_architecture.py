"""The shape of the program: who may import whom, how large anything may be, what start-up may load."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "flasklint"
GENERATED = "do not edit"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if GENERATED not in path.read_text()[:300])
RULES = sorted((ROOT / "rules").glob("*.py"))

# The one-way street: a room may import from its own line and from those above.
STREET = [
    {
        "",
        "record",
        "source",
        "value",
        "finding",
        "address",
        "atomic",
        "comments",
        "filenames",
        "gitignore",
        "globs",
        "links",
        "site",
        "walk",
    },
    {"facts"},
    {"deployment", "edits", "stdlib", "versions"},
    {"tree"},
    {"discover"},
    {"read"},
    {"join"},
    {"rule", "rules"},
    {"settings"},
    {"ownrules"},
    {"config"},
    {"aside", "baseline", "hints", "ignores", "result", "sift"},
    {"check"},
    {"progress", "run", "timings"},
    {"fix"},
    {"stdin"},
    {"promises"},
    {"api"},
    {"report"},
    {"lsp"},
    {"commands", "session"},
    {"plain"},
    {"cli"},
    {"__main__"},
]
LEVEL = {room: level for level, rooms in enumerate(STREET) for room in rooms}
EXCEPTIONS = {
    ("discover", "read"),  # asks each reader which files are its own
    ("report", "rules"),
}
FILES = {"tree", "discover", "read", "join"}  # know files, which a rule must not
# Public names are loaded on request, and typed for checkers only.
LAZY = {"__init__"}


def room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the rooms of flasklint that a file imports, anywhere in it."""
    package = ["flasklint", *path.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            full = [*base, *(node.module or "").split(".")] if node.module else base
            if full[:1] != ["flasklint"]:
                continue
            for name in [full[1]] if len(full) > 1 else [alias.name for alias in node.names]:
                yield ("" if name.startswith("__") else name), node.lineno
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("flasklint."):
                    yield alias.name.split(".")[1], node.lineno


def identity(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=identity)
def test_imports_go_one_way(path: Path):
    here = room(path)
    if here in LAZY:
        return
    assert here in LEVEL, f"{here} has no place on the street"
    for there, line in imports(path):
        assert there in LEVEL, f"{path}:{line}: {there} has no place on the street"
        allowed = LEVEL[there] <= LEVEL[here] or (here, there) in EXCEPTIONS
        assert allowed, f"{path}:{line}: {here} imports {there}"


@pytest.mark.parametrize("path", RULES, ids=identity)
def test_rules_import_the_model_only(path: Path):
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("flasklint"):
            name = (node.module or "").partition(".")[2].split(".")[0]
            assert LEVEL[name] <= LEVEL["rule"], name
            assert name not in FILES, name


@pytest.mark.parametrize("path", [*MODULES, *RULES], ids=identity)
def test_files_and_functions_are_small(path: Path):
    text = path.read_text()
    assert text.count("\n") <= (120 if path in RULES else 300)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 40, f"{path.name}:{node.lineno}: {node.name} has {length} lines"


def test_no_module_named_rules_is_shipped():
    """The rules are part of the package; a top-level module of that name would be anybody's."""
    import flasklint.rules

    assert [Path(folder).name for folder in flasklint.rules.__path__] == ["rules"] * len(flasklint.rules.__path__)
    assert not (ROOT / "rules" / "__init__.py").exists()


def loaded(folder: Path, *arguments: str) -> set[str]:
    """Return the modules that a run of the program loads."""
    script = (
        "import sys\n"
        f"sys.argv = ['flasklint', *{list(arguments)!r}]\n"
        "from flasklint.__main__ import main\n"
        "main()\n"
        "print('LOADED', *sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "LOADED" in done.stdout, done.stderr
    return set(done.stdout.partition("LOADED")[2].split())


UNIT = "[Service]\nUser=shop\nExecStart=/srv/shop/venv/bin/gunicorn -b 127.0.0.1:8000 app:app\n"
NGINX = "server {\n    location / {\n        proxy_pass http://127.0.0.1:8000;\n    }\n}\n"


def test_the_common_path_loads_no_heavy_module(tmp_path: Path):
    (tmp_path / "shop.service").write_text(UNIT)
    (tmp_path / "site.conf").write_text(NGINX)
    (tmp_path / "app.py").write_text("from flask import Flask\napp = Flask(__name__)\n")
    modules = loaded(tmp_path)
    assert "flasklint.run" in modules
    heavy = {
        "click",
        "flasklint.cli",
        "flasklint.commands.completion",
        "flasklint.site",
        "flasklint.report.html",
        "flasklint.report.json",
        "flasklint.report.sarif",
        "html",
        "libcst",
        "yaml",
        "tomllib",
        "jsonschema",
        "flask",
        "gunicorn",
        "waitress",
        "subprocess",
        "dataclasses",
        "packaging",
        "signal",
        "flasklint.config.load",
        "flasklint.progress",
        "flasklint.timings",
        "flasklint.baseline",
        "flasklint.comments",
        "flasklint.ignores",
        "flasklint.lsp",
        "flasklint.ownrules",
        "flasklint.promises",
        "flasklint.stdin",
        "pygls",
    }
    assert not modules & heavy


def test_version_loads_nothing(tmp_path: Path):
    modules = loaded(tmp_path, "--version")
    assert {name for name in modules if name.startswith("flasklint")} == {"flasklint", "flasklint.__main__"}
    assert "click" not in modules


def test_two_threads_load_the_rules_at_once():
    """None of them may meet a module that the other has only begun."""
    code = (
        "import sys, threading\n"
        "sys.setswitchinterval(1e-6)\n"
        "from flasklint.rule import load\n"
        "found = []\n"
        "begin = threading.Barrier(4)\n"
        "threads = [threading.Thread(target=lambda: (begin.wait(), found.append(load()))) for _ in range(4)]\n"
        "[thread.start() for thread in threads]\n"
        "[thread.join() for thread in threads]\n"
        "assert len(found) == 4 and len(set(map(len, found))) == 1, found\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
