"""Many large files at once, and many things of one kind: the memory of all, and time that does not explode."""

from collections.abc import Callable
from pathlib import Path

import pytest

from .child import flasklint
from .trees import APP, COMMAND, UNIT, put

SIZE = 190_000
MANY = 60  # files; enough for flasklint to fork
GOOD_UNIT = UNIT.format(command=COMMAND.format(""))


def filled(line: str, size: int = SIZE) -> str:
    return line * (size // len(line))


def nginx(root: Path) -> None:
    block = "location /a{} {{ proxy_pass http://127.0.0.1:8000; proxy_set_header Host $host; }}\n"
    text = "".join(block.format(number) for number in range(2_200))
    for number in range(MANY):
        put(root, f"{number}.conf", f"server {{ listen {1000 + number};\n{text}}}\n")


def units(root: Path) -> None:
    for number in range(MANY):
        put(root, f"u{number}.service", GOOD_UNIT + "[Service]\n" + filled("Environment=AAAA=bbbbbbbb\n"))


def modules(root: Path) -> None:
    put(root, "shop.service", GOOD_UNIT)
    put(root, "wsgi.py", APP + "".join(f"import m{number}\n" for number in range(MANY)))
    for number in range(MANY):
        put(root, f"m{number}.py", f"import m{(number + 1) % MANY}\n" + filled("y = f(x, 1)\n"))


def processes(root: Path) -> None:
    for number in range(MANY):
        text = "".join(f"w{each}: gunicorn -b 127.0.0.1:{each} a:b\n" for each in range(4_000))
        put(root, f"d{number}/Procfile", text)


def requirements(root: Path) -> None:
    put(root, "shop.service", GOOD_UNIT)
    put(root, "wsgi.py", APP)
    for number in range(12):
        put(root, f"d{number}/requirements.txt", "".join(f"package{each}==1.0\n" for each in range(90_000)))


@pytest.mark.parametrize("make", [nginx, units, modules, processes, requirements], ids=lambda make: make.__name__)
def test_memory_of_many_large_files(make: Callable[[Path], None], tmp_path: Path):
    root = tmp_path / "root"
    make(root)
    done = flasklint("--format", "concise", cwd=root, scratch=tmp_path)
    assert done.code in (0, 1), done.err
    assert done.megabytes < 200
    assert "the large files of the input hold more than" in done.out


def one_upstream(root: Path) -> None:
    put(
        root,
        "site.conf",
        "upstream shop { server 127.0.0.1:8000; }\nserver { location / { proxy_pass http://shop; } }\n",
    )
    for number in range(2_000):
        put(root, f"u{number}.service", GOOD_UNIT)


def servers(root: Path) -> None:
    block = "server {{ listen 80; server_name s{0}.test; location / {{ proxy_pass http://127.0.0.1:8000; }} }}\n"
    put(root, "site.conf", "".join(block.format(number) for number in range(2_000)))
    put(root, "shop.service", GOOD_UNIT)
    put(root, "wsgi.py", APP)


def locations(root: Path) -> None:
    block = "location /a{0}/ {{ alias /srv/shop/a{0}/; }}\nlocation /b{0} {{ proxy_pass http://127.0.0.1:8000; }}\n"
    put(root, "site.conf", "server {\n" + "".join(block.format(number) for number in range(1_000)) + "}\n")
    put(root, "shop.service", GOOD_UNIT)
    put(root, "wsgi.py", APP)


def requirement_lines(root: Path) -> None:
    put(root, "shop.service", GOOD_UNIT)
    put(root, "wsgi.py", APP)
    put(root, "requirements.txt", "".join(f"package-{number}==1.0\n" for number in range(5_000)))


def drop_ins(root: Path) -> None:
    put(root, "shop.service", GOOD_UNIT)
    put(root, "wsgi.py", APP)
    for number in range(1_000):
        put(root, f"shop.service.d/{number}.conf", f"[Service]\nEnvironment=A{number}=b\nUMask=0077\n")


def units_with_drop_ins(root: Path) -> None:
    for number in range(600):
        put(root, f"{number}/shop.service", GOOD_UNIT)
        put(root, f"{number}/wsgi.py", APP)
        put(root, f"{number}/shop.service.d/more.conf", "[Service]\nUMask=0077\n")


SHAPES = [one_upstream, servers, locations, requirement_lines, drop_ins, units_with_drop_ins]


@pytest.mark.parametrize("make", SHAPES, ids=lambda make: make.__name__)
def test_many_of_one_kind(make: Callable[[Path], None], tmp_path: Path):
    root = tmp_path / "root"
    make(root)
    done = flasklint("--format", "concise", cwd=root, scratch=tmp_path)
    print(f"{done.seconds:.1f} s, {done.megabytes:.0f} MB")
    assert done.code in (0, 1), done.err
    assert "internal-error" not in done.out
    assert done.megabytes < 200
    assert done.seconds < 8
