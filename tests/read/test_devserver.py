"""What `python FILE.py` and `flask run` start."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flasklint.facts import Command, Environment, ServerFacts, Word
from flasklint.read import devserver, script, uwsgi
from flasklint.source import Source
from flasklint.tree import Tree
from flasklint.value import Known, Unknown

NOTHING = Tree("/", only=())
APP = "from flask import Flask\napp = Flask(__name__)\n"


def command(line: str) -> Command:
    source, at, words = Source("line", line), 0, []
    for text in line.split():
        at = line.index(text, at)
        words.append(Word(text, source.span(at, at + len(text))))
        at += len(text)
    whole = source.whole()
    return Command(words[0].text, tuple(words), whole, words[0], Known("/srv", whole), Environment())


def started(text: str) -> ServerFacts | Unknown | None:
    return script.read(Source("app.py", text), command("python app.py"), NOTHING)


@pytest.mark.parametrize(
    ("text", "kind", "bind"),
    [
        (APP + "if __name__ == '__main__':\n    app.run(host='0.0.0.0', port=80)", "flask", "0.0.0.0:80"),
        (APP + "def main():\n    app.run('::')\nmain()", "flask", "[::]:5000"),
        ("from waitress import serve as s\nfrom shop import app\ns(app, listen='a:1')", "waitress", "a:1"),
        ("from gevent.pywsgi import WSGIServer as W\nW(('', 5), a).serve_forever()", "gevent", "0.0.0.0:5"),
        ("import uvicorn\nuvicorn.run('a:b', port=1)", "uvicorn", "127.0.0.1:1"),
    ],
)
def test_servers_in_code(text: str, kind: str, bind: str) -> None:
    facts = started(text)
    assert isinstance(facts, ServerFacts) and facts.kind == kind and facts.in_code
    address = facts.binds[0].address
    assert not isinstance(address, Unknown) and str(address.value) == bind


def test_a_script_that_never_serves_and_one_that_cannot_be_told() -> None:
    assert started(APP) is None
    assert started(APP + "@app.route('/')\ndef page():\n    return app.run()") is None
    assert isinstance(started("from shop import main\nmain()"), Unknown)
    assert isinstance(started("import sys\n" + APP + "if sys.argv[1]:\n    main2()"), Unknown)
    assert isinstance(started("def broken("), Unknown)


@pytest.mark.parametrize(
    ("text", "debug"),
    [("app.run(debug=True)", True), ("app.debug = True\napp.run()", True), ("app.run()", False),
     ("app.config.from_object('x')\napp.run()", None)],
)  # fmt: skip
def test_debug(text: str, debug: bool | None) -> None:
    facts = started(APP + text)
    assert isinstance(facts, ServerFacts)
    value = facts.settings["debug"]
    assert (None if isinstance(value, Unknown) else value.value) is debug


def test_flask_run() -> None:
    facts = devserver.read_flask(command("flask --app shop run --host=0.0.0.0 -p 80 --debug"), NOTHING, "")
    assert not facts.problems and facts.settings["port"].value == 80
    assert [p.kind for p in devserver.read_flask(command("flask run --app x"), NOTHING, "").problems] == [
        "unknown-option"
    ]


def test_uwsgi_options() -> None:
    facts = uwsgi.read(command("uwsgi --socket /run/x.sock --module shop:app --master"), NOTHING, "")
    assert facts.settings["protocol"].value == "uwsgi"
    assert isinstance(facts.spec, Known) and facts.spec.value == "shop:app"
    assert isinstance(uwsgi.read(command("uwsgi --ini /etc/x.ini"), NOTHING, "").spec, Unknown)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["app", ".run(", ")", "=", "'a'", "%", "*", "9", "\n", " ", "if ", ":", "[", "]", "(", "f'{app}'"]
        )
    )
)
def test_any_python_is_read(pieces: list[str]) -> None:
    started("".join(pieces))
    started(APP + "x = " + "".join(pieces))
