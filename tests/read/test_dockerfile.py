"""What a Dockerfile's image starts."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flasklint.facts import Runs
from flasklint.read import dockerfile
from flasklint.source import Source
from flasklint.tree import Tree
from flasklint.value import Default, Known, Unknown


def run(tmp_path: Path, text: str, name: str = "shop/Dockerfile") -> Runs | None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    tree = Tree(str(tmp_path))
    source = tree.read(name)
    assert source is not None
    return dockerfile.read(source, tree)


def some(tmp_path: Path, text: str) -> Runs:
    found = run(tmp_path, text)
    assert found is not None
    return found


def texts(runs: Runs) -> list[str]:
    return [word.text for word in runs.words]


def test_json_form(tmp_path: Path) -> None:
    runs = some(
        tmp_path,
        'FROM python:3.12\nEXPOSE 8000/tcp 9000\nCMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]\n',
    )
    assert texts(runs) == ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
    assert [word.at.text for word in runs.words] == texts(runs)
    assert runs.words[2].at.line == 3
    assert not runs.shell
    assert (runs.name, runs.container, runs.manager) == ("shop", "shop", "dockerfile")
    assert [port.value for port in runs.publishes] == ["8000/tcp", "9000"]
    assert runs.user == Default("root", "Docker's default")
    assert runs.directory == Default("/", "Docker's default")


def test_json_escapes_and_an_empty_list(tmp_path: Path) -> None:
    assert texts(some(tmp_path, 'FROM alpine\nCMD ["a\\u0041", "b\\"c"]')) == ["aA", 'b"c']
    assert run(tmp_path, 'FROM python\nENTRYPOINT ["x"]\nENTRYPOINT []\n') is None
    assert run(tmp_path, "FROM python\nRUN true\n") is None
    assert run(tmp_path, "") is None


def test_what_is_no_json_is_a_shell_line(tmp_path: Path) -> None:
    runs = some(tmp_path, "FROM python\nCMD ['gunicorn', 'app:app']\n")
    assert runs.shell
    assert texts(runs) == ["['gunicorn', 'app:app']"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_shell_form_with_continuations_and_comments(tmp_path: Path, end: str) -> None:
    lines = ["FROM python", "CMD gunicorn \\", "  # how many", "", "  -w 4 \\", "app:app", "EXPOSE 1"]
    runs = some(tmp_path, end.join(lines))
    assert runs.shell
    assert runs.words[0].text.split() == ["gunicorn", "-w", "4", "app:app"]
    assert runs.words[0].at.text.startswith("gunicorn")
    assert runs.words[0].at.text.endswith("app:app")


def test_continuation_inside_a_word(tmp_path: Path) -> None:
    assert texts(some(tmp_path, "FROM python\nCMD guni\\\ncorn app:app\n")) == ["gunicorn app:app"]


def test_backtick_escape_directive(tmp_path: Path) -> None:
    runs = some(tmp_path, "# escape=`\nFROM python\nCMD gunicorn `\n app:app\n")
    assert runs.words[0].text.split() == ["gunicorn", "app:app"]


def test_entrypoint_and_cmd(tmp_path: Path) -> None:
    runs = some(tmp_path, 'FROM python\nENTRYPOINT ["/start.sh"]\nCMD ["gunicorn", "app:app"]\n')
    assert texts(runs) == ["/start.sh", "gunicorn", "app:app"]
    runs = some(tmp_path, 'FROM python\nENTRYPOINT ["/start.sh"]\nCMD gunicorn app:app\n')
    assert texts(runs) == ["/start.sh", "/bin/sh", "-c", "gunicorn app:app"]
    runs = some(tmp_path, 'FROM python\nENTRYPOINT gunicorn app:app\nCMD ["-w", "4"]\n')
    assert texts(runs) == ["gunicorn app:app"]


def test_last_stage_inherits_only_from_the_stage_it_is_built_from(tmp_path: Path) -> None:
    text = (
        "FROM python:3.12 AS base\nWORKDIR /srv\nUSER shop\nCMD flask run\n"
        "FROM node AS assets\nUSER node\nCMD npm start\n"
        "FROM base\nWORKDIR app\nCOPY --from=assets /x /x\nCMD gunicorn app:app\n"
    )
    runs = some(tmp_path, text)
    assert texts(runs) == ["gunicorn app:app"]
    assert isinstance(runs.user, Known)
    assert (runs.user.value, runs.user.at.line) == ("shop", 3)
    assert isinstance(runs.directory, Known)
    assert runs.directory.value == "/srv/app"


def test_entrypoint_drops_the_cmd_of_the_stage_below(tmp_path: Path) -> None:
    text = 'FROM python AS base\nCMD ["x"]\nFROM base\nENTRYPOINT ["y"]\n'
    assert texts(some(tmp_path, text)) == ["y"]


def test_named_stage() -> None:
    source = Source("Dockerfile", "FROM python AS dev\nCMD flask run\nFROM python\nCMD gunicorn a:b\n")
    image = dockerfile.read_image(source, "dev")
    assert image is not None
    assert image.cmd is not None
    assert image.cmd.words[0].text == "flask run"
    numbered = dockerfile.read_image(source, "1")
    assert numbered is not None
    assert numbered.cmd is not None
    assert numbered.cmd.words[0].text == "gunicorn a:b"
    assert dockerfile.read_image(source, "nowhere") is None


def test_environment_and_arguments(tmp_path: Path) -> None:
    text = (
        "ARG TAG=3.12\nFROM python:$TAG\nARG PORT=8000\nARG SECRET\n"
        'ENV A=1 B="two words" C=$PORT\n'
        "ENV OLD the old form\nENV D=${SECRET} PATH=/opt/venv/bin:$PATH\nCMD x\n"
    )
    environment = some(tmp_path, text).environment
    values = {v.name: v.value.value for v in environment.variables if isinstance(v.value, Known)}
    assert values == {
        "A": "1",
        "B": "two words",
        "C": "8000",
        "OLD": "the old form",
        "PATH": "/opt/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    }
    assert isinstance(environment.get("D"), Unknown)
    two = environment.known("B")
    assert two is not None
    assert two.at.text == "two words"
    assert not environment.complete


def test_an_unknown_base_leaves_user_and_directory_open(tmp_path: Path) -> None:
    runs = some(tmp_path, "FROM corp.example/base:1\nWORKDIR app\nCMD x\n")
    assert isinstance(runs.user, Unknown)
    assert isinstance(runs.directory, Unknown)
    assert isinstance(runs.environment.get("X"), Unknown)


def test_user_and_group(tmp_path: Path) -> None:
    runs = some(tmp_path, "FROM python\nUSER shop:web\nCMD x\n")
    assert isinstance(runs.user, Known)
    assert isinstance(runs.group, Known)
    assert (runs.user.value, runs.group.value, runs.group.at.text) == ("shop", "web", "web")


def test_heredocs_are_not_instructions(tmp_path: Path) -> None:
    text = "FROM python\nRUN <<EOF\nCMD wrong\nUSER wrong\nEOF\nCMD right\n"
    assert texts(some(tmp_path, text)) == ["right"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Dockerfile", True),
        ("a/Dockerfile.prod", True),
        ("web.dockerfile", True),
        ("Containerfile", True),
        ("Dockerfile.md", False),
        ("Dockerfile.dockerignore", False),
        ("app.py", False),
    ],
)
def test_looks_like(name: str, expected: bool) -> None:
    assert dockerfile.looks_like(name, b"FROM python\n") is expected


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nENV A=xxxxxxxxxx\n" + "ENV A=$A$A$A$A\n" * 3000 + "CMD $A",
        "FROM a\n" + "ENV A=1\n" * 10_000,
        "".join(f"FROM s{i} AS s{i + 1}\nENV A{i}=1\n" for i in range(2000)) + "CMD x",
        "FROM a\nCMD " + "x \\\n" * 20_000,
        "FROM a\nENV A=" + "${" * 40_000,
        "FROM a\nENV " + "{{" * 40_000,
        "FROM a\nRUN " + "<<EOF " * 16_000 + "\n" * 100,
        "x" * 2_000_000,
    ],
)
def test_bombs_end_soon(text: str) -> None:
    dockerfile.read(Source("Dockerfile", text), Tree("/", only=()))


PIECES = st.lists(
    st.sampled_from(
        [
            "FROM ",
            "python",
            " AS a",
            "\n",
            "\r\n",
            "\\\n",
            "CMD ",
            "ENTRYPOINT ",
            '["a", "b\\"',
            '"]',
            "ENV ",
            "A=",
            "$A",
            "${A:-",
            "}",
            "'",
            '"',
            "WORKDIR x",
            "USER a:b",
            "RUN <<EOF",
            "EOF",
            "# c",
            "ARG A=1",
            "{{",
            " pip install x",
            "é",
        ]
    )
).map("".join)


@given(PIECES | st.text())
def test_never_raises(text: str) -> None:
    source = Source("Dockerfile", text)
    tree = Tree("/", only=())
    runs = dockerfile.read(source, tree)
    for word in runs.words if runs else ():
        assert 0 <= word.at.start <= word.at.end <= len(text)
