"""Requirement, metadata and lock files: names, versions, places, and what cannot be told."""

from pathlib import Path

import pytest

from flasklint.discover import discover
from flasklint.facts import Requirements
from flasklint.read import requirements
from flasklint.tree import Tree


def read_files(folder: Path, files: dict[str, str]) -> tuple[Requirements, ...]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    tree = Tree(str(folder))
    return requirements.read(discover(tree).requirements, tree)


def summary(one: Requirements) -> list[tuple[str, str, str]]:
    return [(want.name, want.range, want.version) for want in one.wanted]


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("requirements.txt", True), ("a/requirements-dev.txt", True), ("requirements/prod.txt", True), ("uv.lock", True),
     ("dev_requirements.txt", True), ("pyproject.toml", True), ("Pipfile", True), ("notes.txt", False), ("setup.py", True),
     ("requirements.py", False), ("environment.yml", True)],
)  # fmt: skip
def test_names(tmp_path: Path, name: str, is_one: bool) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch()
    assert (name in discover(Tree(str(tmp_path))).requirements) is is_one


def test_pip_lines(tmp_path: Path) -> None:
    text = """# all of it
Flask == 3.0.2   # pinned
gunicorn[gevent]>=21,<23 ; sys_platform != "win32"
Flask_SQLAlchemy==3.1.1 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
--index-url https://example.org/simple
git+https://example.org/shop.git@main#egg=Shop_Core
pkg @ https://example.org/pkg-1.0.zip
https://example.org/wheels/psycopg2-2.9.9-cp311-none-any.whl
zope.interface
"""
    (one,) = read_files(tmp_path, {"requirements.txt": text})
    assert summary(one) == [
        ("flask", "== 3.0.2", "3.0.2"),
        ("gunicorn", ">=21,<23", ""),
        ("flask-sqlalchemy", "==3.1.1", "3.1.1"),
        ("shop-core", "git+https://example.org/shop.git@main#egg=Shop_Core", ""),
        ("pkg", "@ https://example.org/pkg-1.0.zip", ""),
        ("psycopg2", "https://example.org/wheels/psycopg2-2.9.9-cp311-none-any.whl", "2.9.9"),
        ("zope-interface", "", ""),
    ]
    assert one.complete
    assert one.wanted[0].at.text == "Flask == 3.0.2"
    assert (one.wanted[1].at.line, one.wanted[1].extras) == (3, ("gevent",))
    assert one.wanted[1].marker == 'sys_platform != "win32"'


def test_includes_stay_in_the_tree(tmp_path: Path) -> None:
    files = {
        "requirements/base.txt": "flask\n",
        "requirements/prod.txt": "-r base.txt\n-c limits.txt\ngunicorn\n",
    }
    (one,) = read_files(tmp_path, files)
    assert (one.folder, one.complete) == ("", True)
    assert [want.name for want in one.wanted] == ["flask", "gunicorn"]
    (tmp_path / "b").mkdir()
    (tmp_path / "b/requirements.txt").write_text("-r ../../outside.txt\n")
    (other,) = requirements.read(["b/requirements.txt"], Tree(str(tmp_path)))
    assert not other.complete


def test_include_cycle_and_local_project(tmp_path: Path) -> None:
    (one,) = read_files(
        tmp_path,
        {
            "requirements.txt": "-r requirements-b.txt\n-e .\n",
            "requirements-b.txt": "-rrequirements.txt\nflask",
        },
    )
    assert [want.name for want in one.wanted] == ["flask"]
    assert not one.complete


def test_pyproject(tmp_path: Path) -> None:
    text = """[project]
dependencies = ["Flask>=3", "waitress==3.0.2"]
[project.optional-dependencies]
x = ["gunicorn"]
[dependency-groups]
dev = ["pytest", {include-group = "x"}]
"""
    (one,) = read_files(tmp_path, {"pyproject.toml": text})
    assert [want.name for want in one.wanted] == ["flask", "waitress", "gunicorn", "pytest"]
    assert one.wanted[1].at.text == "waitress==3.0.2"
    assert one.complete
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\ndynamic = ["dependencies"]\n')
    assert not requirements.read(["pyproject.toml"], Tree(str(tmp_path)))[0].complete


def test_poetry_and_pipfile(tmp_path: Path) -> None:
    poetry = '[tool.poetry.dependencies]\npython = "^3.11"\nFlask = "^3.0"\ngunicorn = {version = "22.0.0", extras = ["gevent"]}\n'
    one, two = read_files(
        tmp_path, {"a/pyproject.toml": poetry, "b/Pipfile": '[packages]\nflask = "*"\nwaitress = "==3.0.2"\n'}
    )
    assert summary(one) == [("flask", "^3.0", ""), ("gunicorn", "22.0.0", "22.0.0")]
    assert one.wanted[0].at.text == "Flask"
    assert summary(two) == [("flask", "", ""), ("waitress", "==3.0.2", "3.0.2")]


def test_a_file_that_only_configures_tools_is_no_requirement_file(tmp_path: Path) -> None:
    assert read_files(tmp_path, {"pyproject.toml": "[tool.black]\nline-length = 99\n", "setup.cfg": "[flake8]\n"}) == ()


def test_locks(tmp_path: Path) -> None:
    files = {
        "a/uv.lock": 'version = 1\n[[package]]\nname = "Flask"\nversion = "3.0.3"\n[[package]]\nname = "gunicorn"\nversion = "22.0.0"\n',
        "b/Pipfile.lock": '{"default": {"flask": {"version": "==3.0.0"}, "odd": {"ref": "x"}}, "develop": {}}',
        "c/poetry.lock": "[[package",
    }
    one, two, three = read_files(tmp_path, files)
    assert summary(one) == [("flask", "", "3.0.3"), ("gunicorn", "", "22.0.0")]
    assert one.wanted[1].at.line == 6
    assert summary(two) == [("flask", "==3.0.0", "3.0.0"), ("odd", "", "")]
    assert not three.complete


def test_setup_files_and_conda(tmp_path: Path) -> None:
    files = {
        "a/setup.py": "from setuptools import setup\nsetup(install_requires=['Flask>=2', 'gunicorn'])\n",
        "b/setup.py": "from setuptools import setup\nsetup(install_requires=open('x').read())\n",
        "c/setup.cfg": "[options]\ninstall_requires =\n    Flask\n    gunicorn==20.1.0\n",
        "d/environment.yml": "name: x\ndependencies:\n  - flask=2.0\n  - pip:\n    - gunicorn==21.0\n",
    }
    one, two, three, four = read_files(tmp_path, files)
    assert summary(one) == [("flask", ">=2", ""), ("gunicorn", "", "")]
    assert (one.complete, two.complete) == (True, False)
    assert summary(three) == [("flask", "", ""), ("gunicorn", "==20.1.0", "20.1.0")]
    assert [(want.name, want.version) for want in four.wanted] == [("flask", "2.0"), ("gunicorn", "21.0")]
    assert not four.complete
