"""Supervisor's `[program:x]` sections."""

import configparser
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flasklint.facts import Runs
from flasklint.read import supervisor
from flasklint.source import Source
from flasklint.tree import Tree
from flasklint.value import Known, Unknown

TREE = Tree("/", only=())


def read(text: str) -> tuple[Runs, ...]:
    return supervisor.read(Source("shop.conf", text), TREE)


def one(text: str) -> Runs:
    (runs,) = read(text)
    return runs


def texts(runs: Runs) -> list[str]:
    return [word.text for word in runs.words]


def test_a_program() -> None:
    text = (
        "[program:shop] ; the shop\n"
        "command = /srv/venv/bin/gunicorn -b 'unix:/run/x y.sock' app:app ; starts it\n"
        "directory=/srv/shop # here\nuser=www-data\nenvironment=A=\"1,2\",B=three,C='4'\n"
    )
    runs = one(text)
    assert texts(runs) == ["/srv/venv/bin/gunicorn", "-b", "unix:/run/x y.sock", "app:app"]
    assert [word.at.text for word in runs.words] == texts(runs)
    assert runs.at.text == "/srv/venv/bin/gunicorn -b 'unix:/run/x y.sock' app:app"
    assert runs.place.text == "[program:shop]"
    assert (runs.name, runs.manager, runs.container, runs.shell) == ("shop", "supervisor", "", False)
    assert isinstance(runs.directory, Known)
    assert isinstance(runs.user, Known)
    assert (runs.directory.value, runs.directory.at.text) == ("/srv/shop", "/srv/shop")
    assert runs.user.at.line == 4
    values = {v.name: v.value for v in runs.environment.variables}
    assert {name: value.value for name, value in values.items() if isinstance(value, Known)} == {
        "A": "1,2",
        "B": "three",
        "C": "4",
    }
    a = runs.environment.known("A")
    assert a is not None
    assert a.at.text == "1,2"
    assert isinstance(runs.environment.get("D"), Unknown)


def test_continuation_lines() -> None:
    runs = one("[program:x]\ncommand=gunicorn\n   -w 4 ; four\n\n  # no\n\tapp:app\nautostart=true\n")
    assert texts(runs) == ["gunicorn", "-w", "4", "app:app"]
    assert [word.at.line for word in runs.words] == [2, 3, 3, 6]


def test_placeholders() -> None:
    runs = one(
        '[program:shop]\nenvironment=PORT="80"\ndirectory=%(ENV_HOME)s/x\n'
        "command=%(here)s/bin/%(program_name)s -b :%(ENV_PORT)s -n 100%% --x=%(process_num)02d\n"
    )
    assert texts(runs) == ["%(here)s/bin/shop", "-b", ":80", "-n", "100%", "--x=%(process_num)s"]
    assert [word.fixed for word in runs.words] == [False, True, True, True, True, False]
    assert runs.words[2].at.text == ":%(ENV_PORT)s"
    assert isinstance(runs.directory, Unknown)


def test_templates_are_not_taken_apart() -> None:
    runs = one("[program:{{ name }}]\ncommand={{ venv }}/bin/gunicorn {{ app }}:app\n")
    assert texts(runs) == ["{{ venv }}/bin/gunicorn", "{{ app }}:app"]
    assert not runs.words[0].fixed


def test_what_the_daemon_sets() -> None:
    runs = one("[supervisord]\nuser=root\nenvironment=A=1,B=2\n[program:x]\nenvironment=B=3\ncommand=x\n")
    assert isinstance(runs.user, Known)
    assert runs.user.value == "root"
    b = runs.environment.known("B")
    assert b is not None
    assert b.value == "3"
    assert runs.environment.known("A") is not None


def test_unseen_settings_are_unknown() -> None:
    runs = one("[program:x]\ncommand=x\n")
    assert isinstance(runs.user, Unknown)
    assert isinstance(runs.directory, Unknown)


def test_other_sections_and_repetitions() -> None:
    text = (
        "[group:g]\nprograms=a\n[fcgi-program:f]\ncommand=no\n[program:a]\ncommand=one\n"
        "[program:b]\n[program:a]\ncommand=two\nCommand=three\n;[program:c]\n;command=x\n"
    )
    assert [(runs.name, texts(runs)) for runs in read(text)] == [("a", ["three"])]


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("gunicorn.conf", b"; x\n[program:shop]\ncommand=x", True),
        ("supervisor/x.conf.j2", b"[supervisord]\n", True),
        ("README.md", b"[program:shop]\n", False),
        ("uwsgi.ini", b"[uwsgi]\n", False),
        ("shop.service", b"[Service]\n", False),
    ],
)
def test_looks_like(name: str, head: bytes, expected: bool) -> None:
    assert supervisor.looks_like(name, head) is expected


LINES = st.lists(
    st.sampled_from(
        [
            "[program:a]",
            "[program:b]",
            "command=gunicorn app:app",
            "command: x 'y z'",
            "  -w 4",
            "\t--x",
            "",
            ";c",
            "  # c",
            "user=www ; z",
            "x=1;2",
            "directory=/a # b",
            "environment=A=1",
            "command=a;b #c",
        ]
    )
).map("\n".join)


@given(LINES)
def test_agrees_with_the_parser_that_supervisord_uses(text: str) -> None:
    parser = configparser.RawConfigParser(inline_comment_prefixes=(";", "#"), strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return
    expected = {
        name.partition(":")[2]: (shlex.split(parser[name]["command"]), parser[name].get("user"))
        for name in parser.sections()
        if "command" in parser[name]
    }
    found = {r.name: (texts(r), r.user.value if isinstance(r.user, Known) else None) for r in read(text)}
    assert found == expected


def test_bombs_end_soon() -> None:
    big = "[program:a]\nenvironment=A=" + "x" * 3_000 + "\ncommand=" + "%(ENV_A)s " * 20_000
    assert len(one(big).words[0].text) == 3_000
    many = "[supervisord]\nenvironment=" + "A=1," * 50_000 + "\n" + "[program:a]\ncommand=x\n" * 20_000
    assert len(read(many)) == 1


PIECES = st.lists(
    st.sampled_from(
        [
            "[program:a]",
            "[",
            "]",
            "\n",
            "command=",
            "environment=",
            "A=",
            '"',
            "'",
            ",",
            "%(",
            "ENV_A)s",
            "%",
            " ",
            "\t",
            "{{",
            "}}",
            "\\",
            "é",
            ";",
            "#",
            "\r\n",
        ]
    )
).map("".join)


@given(PIECES | st.text())
def test_never_raises(text: str) -> None:
    for runs in read(text):
        assert 0 <= runs.at.start <= runs.at.end <= len(text)
        for word in runs.words:
            assert runs.at.start <= word.at.start <= word.at.end <= runs.at.end
