"""Wrappers are taken off, and every word keeps its exact place."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flasklint.facts import Command, Environment, Runs, Variable, Word
from flasklint.read import command, gunicorn, shell, shell_text
from flasklint.source import Source
from flasklint.tree import Tree
from flasklint.value import Default, Known, Unknown

NOTHING = Tree("/", only=())
SCRIPT = """#!/bin/bash
NAME=shop
cd /srv/app
source ../venv/bin/activate
if [ -n "$DEBUG" ]; then
    echo debug
fi
exec gunicorn ${NAME}.wsgi:app \\
  --bind "unix:/run/$NAME.sock" >> log 2>&1 &
"""


def unwrap(line: str, tree: Tree = NOTHING, folder: str | None = "", complete: bool = True, **env: str) -> Command:
    """Unwrap a shell line whose manager starts it in /srv/app."""
    source = Source("Procfile", line)
    at = source.span(0, len(line))
    variables = tuple(Variable(name, Known(value, at), at) for name, value in env.items())
    default = Default("root", "")
    runs = Runs("web", "procfile", (Word(line, at),), at, at, default, default, Known("/srv/app", at),
                Environment(variables, complete), shell=True)  # fmt: skip
    return command.unwrap(runs, tree, folder)


@pytest.mark.parametrize(
    ("line", "program", "texts"),
    [
        ("gunicorn3 app:app", "gunicorn", ["gunicorn3", "app:app"]),
        ("env A=b gunicorn app:app", "gunicorn", ["gunicorn", "app:app"]),
        ("python3.11 -u -m waitress a:b", "waitress-serve", ["waitress-serve", "a:b"]),
        ("bash -lc 'cd x && exec gunicorn \"a:b\" > l 2>&1'", "gunicorn", ["gunicorn", "a:b"]),
        ("sudo -u www -E A=1 nohup uv run --with x gunicorn a:b", "gunicorn", ["gunicorn", "a:b"]),
        ("newrelic-admin run-program poetry run flask run", "flask", ["flask", "run"]),
        ("flask db upgrade && gunicorn a:b & nginx", "gunicorn", ["gunicorn", "a:b"]),
        ("if x; then flask run; else gunicorn a:b; fi", "sh", []),
        ("case $1 in gunicorn) echo;; *) gunicorn a:b;; esac", "gunicorn", ["gunicorn", "a:b"]),
        ("start() {\n gunicorn a:b\n}\nstart", "gunicorn", ["gunicorn", "a:b"]),
        ("cat <<EOF\ngunicorn x:y\nEOF\ngunicorn a:b", "gunicorn", ["gunicorn", "a:b"]),
        ("uv run app.py", "python", ["app.py"]),
        ("gunicorn {{ x }}:app", "gunicorn", ["gunicorn", "{{ x }}:app"]),
    ],
)
def test_innermost_command(line: str, program: str, texts: list[str]) -> None:
    inner = unwrap(line)
    assert inner.program == program
    assert [word.text for word in inner.words] == texts


def test_places_inside_a_systemd_quoted_shell_command() -> None:
    written = '"cd /srv && \\\n  gunicorn \\"a:b\\" -b :$$PORT"'
    text = 'cd /srv &&    gunicorn "a:b" -b :$PORT'
    source = Source("x.service", f"ExecStart=/bin/sh -c {written}")
    word = Word(text, source.span(21, 21 + len(written)))
    last = shell.commands(shell_text.of_word(word))[-1]
    assert [raw.at.text for raw in last.words] == ["gunicorn", '"a:b\\"', "-b", ":$$PORT"]


@pytest.mark.parametrize(
    ("line", "env", "venv"),
    [
        ("/srv/venv/bin/gunicorn a:b", {}, "/srv/venv"),
        ("/usr/bin/gunicorn a:b", {"VIRTUAL_ENV": "/srv/venv"}, None),
        ("env gunicorn a:b", {"PATH": "/usr/bin:/srv/venv/bin"}, "/srv/venv"),
        (". env/bin/activate; gunicorn a:b", {}, "/srv/app/env"),
        ("venv/bin/python -m gunicorn a:b", {}, "/srv/app/venv"),
        ("export PATH=/srv/v/bin:$PATH; gunicorn a:b", {}, "/srv/v"),
        ("/home/u/.local/bin/gunicorn a:b", {}, None),
    ],
)
def test_virtual_environment(line: str, env: dict[str, str], venv: str | None) -> None:
    found = unwrap(line, NOTHING, "", True, **env).venv
    assert (found.value if found else None) == venv


def test_a_variable_that_may_be_set_elsewhere_is_not_fixed() -> None:
    assert [word.fixed for word in unwrap("gunicorn -b :$PORT a:b", complete=False).words] == [
        True,
        True,
        False,
        True,
    ]
    assert unwrap("gunicorn -b :${PORT:-5000}").words[2].text == ":5000"
    facts = gunicorn.read(unwrap("gunicorn $OPTIONS a:b", complete=False), NOTHING, None, None)
    assert isinstance(facts.settings["workers"], Unknown)
    assert not facts.problems


def test_a_script_of_the_tree_is_followed(tmp_path: Path) -> None:
    (tmp_path / "start.sh").write_text(SCRIPT)
    (tmp_path / "entry.sh").write_text('#!/bin/sh\nset -e\nexec "$@"\n')
    tree = Tree(str(tmp_path))
    inner = unwrap("./start.sh", tree)
    assert [word.text for word in inner.words] == [
        "gunicorn",
        "shop.wsgi:app",
        "--bind",
        "unix:/run/shop.sock",
    ]
    assert inner.words[3].at.text == '"unix:/run/$NAME.sock"'
    assert inner.venv is not None and inner.venv.value == "/srv/venv"
    assert inner.script is not None and inner.through[0] == "script:start.sh"
    assert unwrap("./entry.sh gunicorn a:b", tree).program == "gunicorn"


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="gunicorn -b$\"'`\\{}()<>|&;\n#=:%/aPX~@", max_size=60))
def test_any_text_is_read(text: str) -> None:
    inner = unwrap(text)
    gunicorn.read(inner, NOTHING, None, None)
    for word in inner.words:
        assert 0 <= word.at.start <= word.at.end <= len(text)
