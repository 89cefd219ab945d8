"""Compose files."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flasklint.facts import Compose, Runs
from flasklint.read import compose
from flasklint.source import Source
from flasklint.tree import MAX_SEARCHED, Tree
from flasklint.value import Default, Known, Unknown


def read(tmp_path: Path, text: str, **files: str) -> Compose:
    """Read `docker-compose.yml` beside other files (`a__b` is a/b, `_` before a name is a dot)."""
    for name, content in {"docker-compose.yml": text, **files}.items():
        path = tmp_path / name.replace("__", "/").replace("DOT", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())
    tree = Tree(str(tmp_path))
    source = tree.read("docker-compose.yml", MAX_SEARCHED)
    assert source is not None
    return compose.read(source, tree)


def service(found: Compose, name: str = "web") -> Runs:
    return next(runs for runs in found.services if runs.name == name)


def texts(runs: Runs) -> list[str]:
    return [word.text for word in runs.words]


def values(runs: Runs) -> dict[str, str | None]:
    return {v.name: v.value.value if isinstance(v.value, Known) else None for v in runs.environment.variables}


COMMANDS = {
    "plain": "gunicorn -b 0.0.0.0:8000 'shop:create_app()'",
    "double": "\"gunicorn -b 0.0.0.0:8000 'shop:create_app()'\"",
    "single": "'gunicorn -b 0.0.0.0:8000 ''shop:create_app()'''",
    "folded": ">\n      gunicorn -b\n        0.0.0.0:8000\n      'shop:create_app()'\n",
    "literal": '|-\n      gunicorn\n      -b 0.0.0.0:8000\n\n      "shop:create_app()"\n',
    "lines": "gunicorn -b\n      0.0.0.0:8000\n      'shop:create_app()'",
    "escaped": '"gunicorn \\\n      -b 0.0.0.0:8000\\t\\\n      \\"shop:create_app()\\""',
    "flow": '[gunicorn, "-b", "0.0.0.0:8000", "shop:create_app()"]',
    "list": "\n      - gunicorn\n      - -b\n      - '0.0.0.0:8000'\n      - shop:create_app()",
}


@pytest.mark.parametrize("form", COMMANDS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_way_to_write_a_command(tmp_path: Path, form: str, end: str) -> None:
    text = f"# é 😀\nservices:\n  web:\n    image: x\n    command: {COMMANDS[form]}\n    user: shop\n"
    found = read(tmp_path, text.replace("\n", end))
    runs = service(found)
    assert texts(runs) == ["gunicorn", "-b", "0.0.0.0:8000", "shop:create_app()"]
    assert [word.at.text for word in runs.words] == texts(runs)
    assert not runs.shell
    assert not found.problems
    assert isinstance(runs.user, Known)
    assert runs.user.at.text == "shop"
    assert runs.place.text == "web"


def test_compose_refuses_bare_parentheses(tmp_path: Path) -> None:
    found = read(tmp_path, "services:\n  web:\n    command: gunicorn shop:create_app()\n")
    (problem,) = found.problems
    assert (problem.program, problem.kind, problem.at.text) == ("compose", "command", "(")
    assert problem.message == "services.web.command: invalid command line string"


def test_compose_drops_what_follows_an_operator(tmp_path: Path) -> None:
    found = read(tmp_path, "services:\n  web:\n    command: flask db upgrade && gunicorn app:app\n")
    assert texts(service(found)) == ["flask", "db", "upgrade"]


def test_a_shell_of_ones_own(tmp_path: Path) -> None:
    found = read(tmp_path, 'services:\n  web:\n    command: sh -c "flask db upgrade && gunicorn app:app"\n')
    assert texts(service(found)) == ["sh", "-c", "flask db upgrade && gunicorn app:app"]


def test_names_and_networks(tmp_path: Path) -> None:
    text = """
services:
  api:
    container_name: shop-api
    hostname: inner
    networks:
      front:
        aliases: [backend, api.local]
  web:
    links:
      - api:smapi
      - db
    extra_hosts: ["host.docker.internal:host-gateway", "legacy=10.0.0.1"]
  lone:
    network_mode: host
  side:
    network_mode: service:api
networks:
  front:
"""
    found = read(tmp_path, text)
    assert service(found, "api").names == ("api", "shop-api", "inner", "backend", "api.local", "smapi")
    assert found.names >= {"api", "smapi", "backend", "web", "host.docker.internal", "legacy", "shop-api"}
    assert [service(found, name).container for name in ("api", "lone", "side")] == ["api", "", "api"]
    assert found.complete
    assert not read(tmp_path, "services: {a: {image: x}}\nnetworks: {default: {external: true}}\n").complete


def test_environment(tmp_path: Path) -> None:
    text = """
services:
  web:
    image: python:3.12
    env_file: [web.env, missing.env]
    environment:
      - QUOTED='x y'
      - PASSED
      - FROM_DOTENV
      - B=own
  map:
    image: python:3.12
    environment:
      NUMBER: 1
      EMPTY: ""
      PASSED:
      FLAG: "true"
"""
    found = read(tmp_path, text, DOTenv="FROM_DOTENV=yes\n", webDOTenv="A=1 # one\nexport B='2 # two'\n")
    web = service(found)
    assert values(web) == {"A": "1", "B": "own", "QUOTED": "'x y'", "PASSED": None, "FROM_DOTENV": "yes"}
    assert web.environment.unseen == ("missing.env",)
    assert not web.environment.complete
    first = web.environment.known("A")
    assert first is not None
    assert first.at.text == "1"
    assert first.at.path.endswith("web.env")
    mapped = service(found, "map")
    assert values(mapped) == {"NUMBER": "1", "EMPTY": "", "PASSED": None, "FLAG": "true"}
    assert mapped.environment.complete
    assert mapped.user == Default("root", "Docker's default")


def test_interpolation(tmp_path: Path) -> None:
    text = """
services:
  web:
    image: x
    command: gunicorn -b 0.0.0.0:${PORT} -w ${WORKERS:-4} -t ${T-${X:-9}} --name $NAME --x $$HOME ${UNSET?no}
    ports: ["${HOST:-8080}:${PORT}"]
"""
    runs = service(read(tmp_path, text, DOTenv='PORT=8000\nNAME="a$PORT"\n'))
    assert texts(runs)[2:5:2] == ["0.0.0.0:8000", "4"]
    assert texts(runs)[6:] == ["9", "--name", "a8000", "--x", "$HOME", "${UNSET?no}"]
    assert [word.text for word in runs.words if not word.fixed] == ["${UNSET?no}"]
    assert runs.words[2].at.text == "0.0.0.0:${PORT}"
    assert runs.words[4].at.text == "${WORKERS:-4}"
    assert [port.value for port in runs.publishes] == ["8080:8000"]


def test_what_the_dockerfile_says(tmp_path: Path) -> None:
    start = 'CMD ["gunicorn", "app:app"]\n'
    dockerfile = f"FROM python:3.12\nWORKDIR /srv\nUSER shop\nENV A=1\nARG P=80\nENV P=$P\n{start}"
    text = """
services:
  web:
    build:
      context: ./web
      args: {P: 90}
    environment: {B: 2}
  worker:
    build: web
    command: celery worker
    user: "1000:1000"
    working_dir: /work
  wrapped:
    build: ./web
    entrypoint: /start.sh
  gone:
    build: ./nowhere
"""
    found = read(tmp_path, text, web__Dockerfile=dockerfile)
    web = service(found)
    assert texts(web) == ["gunicorn", "app:app"]
    assert web.words[0].at.path.endswith("web/Dockerfile")
    assert isinstance(web.user, Known)
    assert isinstance(web.directory, Known)
    assert (web.user.value, web.directory.value) == ("shop", "/srv")
    assert values(web) == {"A": "1", "P": "90", "B": "2"}
    assert web.environment.complete
    worker = service(found, "worker")
    assert isinstance(worker.user, Known)
    assert isinstance(worker.group, Known)
    assert (texts(worker), worker.user.value, worker.group.value) == (["celery", "worker"], "1000", "1000")
    assert texts(service(found, "wrapped")) == ["/start.sh"]
    gone = service(found, "gone")
    assert texts(gone) == []
    assert isinstance(gone.user, Unknown)


def test_merges_and_anchors(tmp_path: Path) -> None:
    text = """
x-base: &base
  image: python:3.12
  environment: &env {A: 1, B: 2}
services:
  web:
    <<: *base
    environment:
      <<: [*env]
      B: 3
    command: x
"""
    assert values(service(read(tmp_path, text))) == {"A": "1", "B": "3"}


def test_ports_and_mounts(tmp_path: Path) -> None:
    text = """
services:
  nginx:
    image: nginx
    ports:
      - 80:80
      - 443
      - {target: 8443, published: "9443", host_ip: 127.0.0.1}
    volumes:
      - ./nginx.conf:/etc/nginx/nginx.conf:ro
      - ./sites/shop:/etc/nginx/conf.d/shop
      - ./static:/static
      - data:/data
      - /etc/ssl/a.pem:/a.pem
      - {type: bind, source: ./certs/b.pem, target: /b.pem}
"""
    found = read(tmp_path, text, nginxDOTconf="", sites__shop="", static__xDOTcss="")
    assert [port.value for port in service(found, "nginx").publishes] == [
        "80:80",
        "443",
        "127.0.0.1:9443:8443",
    ]
    assert [mount.value for mount in found.mounts] == ["./nginx.conf", "./sites/shop", "./certs/b.pem"]
    assert [mount.at.text for mount in found.mounts] == ["./nginx.conf", "./sites/shop", "./certs/b.pem"]


def test_syntax_errors_and_templates(tmp_path: Path) -> None:
    found = read(tmp_path, "services:\n  web:\n\tcommand: x\n")
    (problem,) = found.problems
    assert (problem.program, problem.kind, problem.at.line) == ("yaml", "syntax", 3)
    assert "found character" in problem.message
    found = read(
        tmp_path,
        "services:\n{% for x in y %}\n  {{ x }}:\n    command: {{ venv }}/gunicorn {{ x }}:app\n{% endfor %}\n",
    )
    assert not found.problems
    (runs,) = found.services
    assert texts(runs) == ["{{ venv }}/gunicorn", "{{ x }}:app"]
    assert [word.at.text for word in runs.words] == texts(runs)
    assert not runs.words[0].fixed
    assert not read(tmp_path, "services:\n  {% if %\n a: [").problems


ITEM_BOMB = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 99))
MERGE_BOMB = "b0: &b0 {a: 1}\n" + "".join(f"b{i}: &b{i} {{<<: [*b{i - 1}, *b{i - 1}]}}\n" for i in range(1, 900))
SHARED_BOMB = "e: &e {" + ",".join(f"v{i}: 1" for i in range(3000)) + "}\nservices:\n"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 190_000,
        "services: " + "{a: " * 45_000,
        "- " * 95_000,
        "services: &a\n  a: *a\n",
        "services:\n  a: &a\n    <<: *a\n    environment: *a\n",
        ITEM_BOMB + "services: {a: {ports: *a98}}",
        MERGE_BOMB + "services: *b899\n",
        SHARED_BOMB + "".join(f"  s{i}: {{environment: *e}}\n" for i in range(3000)),
        "services: {a: {command: '" + "${" * 95_000 + "'}}",
        'services: {a: {command: "' + "{{" * 95_000 + '"}}',
    ],
)
def test_bombs_end_soon(tmp_path: Path, text: str) -> None:
    read(tmp_path, text)


def test_what_is_too_much_is_said(tmp_path: Path) -> None:
    (problem,) = read(tmp_path, SHARED_BOMB + "".join(f"  s{i}: {{environment: *e}}\n" for i in range(99))).problems
    assert (problem.kind, problem.message) == ("limit", "document contains excessive aliasing")
    (problem,) = read(tmp_path, "services: " + "[" * 90).problems
    assert (problem.kind, problem.message) == ("limit", "nested too deeply")


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("docker-compose.yml", b"version: '3'\nservices:\n", True),
        ("a/compose.prod.yaml", b"services: {}\n", True),
        ("shop.compose.yml", b"services:\n", True),
        ("docker-compose.yml.j2", b"services:\n", True),
        ("docker-compose.yml", b"web:\n  image: x\n", False),
        ("playbook.yml", b"services:\n", False),
    ],
)
def test_looks_like(name: str, head: bytes, expected: bool) -> None:
    assert compose.looks_like(name, head) is expected


PIECES = st.lists(
    st.sampled_from(
        [
            "services:",
            "\n",
            "\n  ",
            "\n    ",
            "web:",
            "command: ",
            "environment:",
            "- ",
            "A=1",
            "${A:-",
            "}",
            "{",
            "[",
            "]",
            "&a ",
            "*a",
            "<<: *a",
            "'",
            '"',
            "| ",
            "> ",
            "\\",
            "{{",
            "}}",
            "ports: ",
            "volumes: ",
            "build: .",
            "é",
            "# c",
            "\r\n",
            "networks:",
            "links: ",
            ",",
            "env_file: ",
            "extra_hosts: ",
        ]
    ),
    max_size=40,
).map("".join)


@given(PIECES | st.text())
def test_never_raises(text: str) -> None:
    source = Source("/docker-compose.yml", "services:\n  web:\n    " + text)
    for runs in compose.read(source, Tree("/", only=())).services:
        for word in runs.words:
            assert 0 <= word.at.start <= word.at.end <= len(source.text)
