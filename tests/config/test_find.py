"""Which settings file is read."""

import os
from pathlib import Path

import pytest

from flasklint.config import find, settle

TABLE = "[tool.flasklint]\nfail-on = 'error'\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "deploy/shop").mkdir(parents=True)
    (tmp_path / "deploy/shop/shop.service").write_text("")
    return tmp_path


def found(*paths: Path) -> str:
    file = find([str(path) for path in paths])
    return os.path.realpath(file.path) if file else ""


def test_none(repository: Path):
    assert found(repository / "deploy") == ""


def test_the_nearest_one(repository: Path):
    (repository / "flasklint.toml").write_text("")
    shop = repository / "deploy/shop"
    assert found(shop / "shop.service") == str(repository / "flasklint.toml")
    (shop / "pyproject.toml").write_text(TABLE)
    assert found(shop) == found(shop / "shop.service") == str(shop / "pyproject.toml")
    assert found(shop, repository / "deploy") == str(repository / "flasklint.toml")


def test_nothing_above_the_repository(repository: Path):
    (repository / "flasklint.toml").write_text("")
    (repository / "deploy/.git").write_text("gitdir: elsewhere\n")
    assert found(repository / "deploy/shop") == ""


@pytest.mark.parametrize(
    ("text", "is_meant"),
    [
        (TABLE, True),
        ("[[tool.flasklint.deployment]]\nname = 'x'\nfiles = []\n", True),
        ("[ tool . flasklint ]\n", True),
        ("['tool'.\"flasklint\"]\n", True),
        ("tool.flasklint.cores = 2\n", True),
        ("[tool]\nflasklint.cores = 2\n", True),
        ("[project]\ndependencies = ['flasklint']\n", False),
        ("[tool.black]\n# not for flasklint\n", False),
        ("", False),
    ],
)
def test_a_pyproject_with_the_table(repository: Path, text: str, is_meant: bool):
    (repository / "pyproject.toml").write_text(text)
    assert bool(found(repository / "deploy")) is is_meant


def test_two_in_one_folder(repository: Path):
    (repository / "flasklint.toml").write_text("cores = 2\n")
    (repository / "pyproject.toml").write_text(TABLE)
    settled = settle({}, [str(repository)])
    assert settled.file and settled.file.beside.endswith("pyproject.toml")
    assert settled.settings.cores == 2
    (repository / "pyproject.toml").write_text("[project]\ndependencies = ['flasklint']\n")
    file = settle({}, [str(repository)]).file
    assert file and not file.beside


def test_what_is_no_file(repository: Path):
    os.mkfifo(repository / "deploy/flasklint.toml")
    (repository / "deploy/pyproject.toml").mkdir()
    (repository / "flasklint.toml").write_text("")
    assert found(repository / "deploy") == str(repository / "flasklint.toml")


def test_given_by_name(repository: Path, monkeypatch: pytest.MonkeyPatch):
    (repository / "flasklint.toml").write_text("cores = 2\n")
    (repository / "deploy/strict.toml").write_text("cores = 3\nexclude = ['a']\n")
    monkeypatch.chdir(repository)
    where = [str(repository)]
    settings = settle({}, where, file="deploy/strict.toml").settings
    assert (settings.cores, settings.base) == (3, str(repository))
    assert settle({}, where, isolated=True).settings.cores is None
    with pytest.raises(FileNotFoundError):
        settle({}, where, file="nowhere.toml")


def test_an_image_has_no_say(repository: Path, monkeypatch: pytest.MonkeyPatch):
    (repository / "deploy/flasklint.toml").write_text("cores = 2\n")
    monkeypatch.chdir(repository)
    assert settle({"root_is_host": True}, [str(repository / "deploy")]).file is None
