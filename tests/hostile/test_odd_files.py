"""Files that are no files, cannot be read, or are not what their names say: each is told, the others are read."""

import json
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .child import Done, flasklint
from .trees import COMMAND, NEIGHBOUR, NEIGHBOUR_FAULTS, UNIT, put

GOOD_UNIT = UNIT.format(command=COMMAND.format(""))


def lint(root: Path, scratch: Path, **more: object) -> tuple[Done, list[tuple[str, str, str]]]:
    """Lint with the neighbour, and return what was found beyond its faults."""
    for name, text in NEIGHBOUR.items():
        put(root, name, text)
    done = flasklint("--format", "json", cwd=root, scratch=scratch, **more)
    assert done.code in (0, 1), done.err
    assert done.seconds < 2
    assert done.megabytes < 200
    found = [(one["rule"], one["path"], one["message"]) for one in json.loads(done.out)["findings"]]
    assert set(NEIGHBOUR_FAULTS) <= {(rule, path) for rule, path, _ in found}
    return done, [one for one in found if not one[1].startswith("neighbour/")]


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "root"
    root.mkdir()
    yield root
    if (root / "closed").exists():
        (root / "closed").chmod(0o755)


def listen(path: Path) -> None:
    before = os.getcwd()
    os.chdir(path.parent)  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path.name)
    os.chdir(before)


MAKE: dict[str, tuple[Callable[[Path], object], str]] = {
    "FIFO": (os.mkfifo, "not a regular file"),
    "socket": (listen, "not a regular file"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "leads out of the input"),
    "terminal": (lambda path: path.symlink_to("/dev/tty"), "leads out of the input"),
    "dangling": (lambda path: path.symlink_to("nowhere"), "no such file"),
    "itself": (lambda path: path.symlink_to(path.name), "in a circle"),
    "chain": (lambda path: chain(path), "in a circle"),
    "away": (lambda path: path.symlink_to("/etc/passwd"), "leads out of the input"),
    "up": (lambda path: path.symlink_to("../" * 30 + "etc/passwd"), "leads out of the input"),
    "folder": (lambda path: path.symlink_to("neighbour"), "a link to a folder"),
    "binary": (lambda path: path.write_bytes(b"[Service]\n\0\1\2"), "NUL byte"),
    "huge": (lambda path: huge(path, 100_000_000), "larger than"),
    "sparse": (lambda path: sparse(path, 1 << 40), "NUL byte|larger than"),
}


def chain(path: Path) -> None:
    for number in range(500):
        (path.parent / f"link{number}").symlink_to(f"link{number + 1}")
    (path.parent / "link500").write_text("")
    path.symlink_to("link0")


def huge(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.write(b"http {\nserver { listen 80; }\n}\n" if path.name == "nginx.conf" else GOOD_UNIT.encode())
        file.writelines([b"#" * 1_000_000] * (size // 1_000_000))


def sparse(path: Path, size: int) -> None:
    path.write_text("http {\nserver { listen 80; }\n}\n" if path.name == "nginx.conf" else GOOD_UNIT)
    os.truncate(path, size)


@pytest.mark.parametrize("kind", MAKE)
def test_is_told_and_not_waited_for(root: Path, tmp_path: Path, kind: str):
    make, why = MAKE[kind]
    names = ("Procfile", "nginx.conf", "shop.service")
    for name in names:
        make(root / name) if kind != "chain" or name == names[0] else (root / name).symlink_to("link0")
    _, found = lint(root, tmp_path)
    for name in names:
        (root / name).unlink()
    assert sorted((rule, path) for rule, path, _ in found) == [("unreadable-file", name) for name in names]
    assert all(any(each in message for each in why.split("|")) for _, _, message in found), found


def test_without_permission(root: Path, tmp_path: Path):
    put(root, "shop.service", GOOD_UNIT)
    put(root, "closed/nginx.conf", "http {}\n")
    put(root, "nginx.conf", "events {}\nhttp { include closed/*.conf; include mime.types; }\n")
    put(root, "mime.types", "types {}\n")
    for name in ("shop.service", "mime.types"):
        (root / name).chmod(0)
    (root / "closed").chmod(0)
    _, found = lint(root, tmp_path, powerless=True)
    told = {path: message for rule, path, message in found if rule == "unreadable-file"}
    assert "permission denied" in told["shop.service"]
    assert "internal-error" not in {rule for rule, _, _ in found}


def test_folders_with_the_names_of_files(root: Path, tmp_path: Path):
    names = ("x.service", "nginx.conf", "docker-compose.yml", "Procfile", "Dockerfile", "requirements.txt", "wsgi.py")
    for name in (*names, "pyproject.toml", "supervisord.conf", "gunicorn.conf.py", ".env", "x.service.d"):
        (root / name).mkdir()
    put(root, "shop.service", GOOD_UNIT + "[Service]\nEnvironmentFile=/srv/shop/.env\n")
    _, found = lint(root, tmp_path)
    assert {rule for rule, _, _ in found}.isdisjoint({"internal-error", "syntax-error"})


TEXTS = {
    "empty": b"",
    "blank": b" \t\r\n\f\v" * 50,
    "BOM": b"\xef\xbb\xbf" + GOOD_UNIT.encode(),
    "two BOMs": b"\xef\xbb\xbf\xef\xbb\xbf" + GOOD_UNIT.encode(),
    "CRLF": GOOD_UNIT.replace("\n", "\r\n").encode(),
    "CR": GOOD_UNIT.replace("\n", "\r").encode(),
    "UTF-16": GOOD_UNIT.encode("utf-16"),
    "half of UTF-16": GOOD_UNIT.encode("utf-16")[:-1],
    "UTF-16 alone": b"\xff\xfe",
    "UTF-16 surrogates": b"\xff\xfe\x00\xd8\x00\xd8",
    "UTF-32": GOOD_UNIT.encode("utf-32"),
    "Latin-1": GOOD_UNIT.replace("shop", "sh\xf6p").encode("latin-1"),
    "broken UTF-8": b"\xc3" + GOOD_UNIT.encode() + b"\xe2\x82",
    "all bytes": bytes(range(1, 256)) * 20,
    "line separators": GOOD_UNIT.replace("\n", "\u2028\x0b\x0c\x1c\x85\n").encode(),
    "no line end": GOOD_UNIT.encode().rstrip(b"\n"),
}
NAMES = ["shop.service", "nginx.conf", "docker-compose.yml", "supervisord.conf", "Procfile", "Dockerfile", "requirements.txt",
         "pyproject.toml", "wsgi.py", "gunicorn.conf.py", "setup.cfg", "Pipfile.lock", "uv.lock", "environment.yml",
         "shop.service.d/a.conf", ".env", "start.sh", "start.bat", "uwsgi.ini", "sites-enabled/x"]  # fmt: skip


@pytest.mark.parametrize("encoding", TEXTS)
def test_any_encoding_everywhere(root: Path, tmp_path: Path, encoding: str):
    for name in NAMES:
        put(root, name, TEXTS[encoding])
    put(
        root, "good.service", GOOD_UNIT + "[Service]\nEnvironmentFile=/srv/shop/.env\nExecStartPre=/srv/shop/start.sh\n"
    )
    _, found = lint(root, tmp_path)
    assert "internal-error" not in {rule for rule, _, _ in found}


def test_very_deep_folders(root: Path, tmp_path: Path):
    """Left to shutil.rmtree they would be too deep: they are removed here."""
    put(root, "shop.service", GOOD_UNIT)
    before = os.getcwd()
    os.chdir(root)
    depth = 1500
    try:
        for _ in range(depth):
            os.mkdir("d")
            os.chdir("d")
        lint(root, tmp_path)
    finally:
        for _ in range(depth):
            os.chdir("..")
            os.rmdir("d")
        os.chdir(before)


def test_thousands_of_files_and_folders(root: Path, tmp_path: Path):
    for number in range(3_000):
        put(root, f"f{number % 50}/{number}.txt", "x")
        (root / f"f{number % 50}" / f"{number}.link").symlink_to("0.txt")
    lint(root, tmp_path)


def test_files_that_vanish_and_change(root: Path, tmp_path: Path):
    """What is listed and then gone, grown or replaced while it is read."""
    names = [f"n{number}.service" for number in range(200)]
    for name in names:
        put(root, name, GOOD_UNIT)

    def meddle(pid: int) -> None:
        for number, name in enumerate(names * 3):
            path = root / name
            if number % 3 == 0:
                path.unlink(missing_ok=True)
            elif number % 3 == 1:
                path.unlink(missing_ok=True)
                os.mkfifo(path)
            else:
                path.write_bytes(b"\0" * number) if path.is_file() else path.unlink(missing_ok=True)

    _, found = lint(root, tmp_path, meanwhile=meddle)
    assert "internal-error" not in {rule for rule, _, _ in found}


DEPLOYMENT = {
    "shop.service": UNIT.format(command=COMMAND.format("-c gunicorn.conf.py"))
    + "[Service]\nEnvironmentFile=/srv/shop/shop.env\n",
    "shop.env": "A=b\n",
    "gunicorn.conf.py": "workers = 3\n",
    "wsgi.py": "from flask import Flask\napp = Flask(__name__)\n",
    "requirements.txt": "flask==3.0.0\ngunicorn==22.0.0\n",
    "docker-compose.yml": "services:\n  web:\n    command: gunicorn -b 0.0.0.0:80 wsgi:app\n    env_file: shop.env\n",
    "supervisord.conf": "[program:web]\ncommand=/srv/shop/venv/bin/gunicorn wsgi:app\n",
    "Procfile": "web: gunicorn wsgi:app\n",
    "nginx.conf": "events {}\nhttp { include site.inc; }\n",
    "site.inc": "server { listen 80; }\n",
}


@pytest.mark.parametrize("name", DEPLOYMENT)
@pytest.mark.parametrize("how", ["closed", "binary", "FIFO"])
def test_a_file_that_another_names_is_told(root: Path, tmp_path: Path, name: str, how: str):
    """Whatever leads to it; the findings of all other files stay."""
    for each, text in DEPLOYMENT.items():
        put(root, each, text)
    if how == "closed":
        (root / name).chmod(0)
    elif how == "binary":
        (root / name).write_bytes(b"\0" + DEPLOYMENT[name].encode())
    else:
        (root / name).unlink()
        os.mkfifo(root / name)
    _, found = lint(root, tmp_path, powerless=True)
    (root / name).unlink()
    assert name in {path for rule, path, _ in found if rule == "unreadable-file"}, found
    assert "internal-error" not in {rule for rule, _, _ in found}
