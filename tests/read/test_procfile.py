"""Procfiles."""

from hypothesis import given
from hypothesis import strategies as st

from flasklint.read import procfile
from flasklint.source import Source
from flasklint.tree import Tree
from flasklint.value import Unknown

TREE = Tree("/", only=())


def test_process_types() -> None:
    text = "# web: no\nweb: gunicorn -b 0.0.0.0:$PORT app:app  \r\n\nrelease : no\nworker:  rq worker\n"
    web, worker = procfile.read(Source("Procfile", text), TREE)
    assert (web.name, web.names, web.container, web.shell) == ("web", ("web",), "dyno", True)
    assert [word.text for word in web.words] == ["gunicorn -b 0.0.0.0:$PORT app:app"]
    assert web.words[0].at == web.at
    assert (web.at.line, web.at.column, web.at.text) == (2, 6, "gunicorn -b 0.0.0.0:$PORT app:app")
    assert web.place.text == "web"
    assert worker.at.text == "rq worker"


def test_the_platform_sets_the_rest() -> None:
    (web,) = procfile.read(Source("Procfile", "web: flask run"), TREE)
    assert isinstance(web.environment.get("PORT"), Unknown)
    assert isinstance(web.environment.get("SECRET_KEY"), Unknown)
    assert isinstance(web.user, Unknown)


def test_looks_like() -> None:
    assert procfile.looks_like("Procfile", b"")
    assert procfile.looks_like("deploy/Procfile.dev", b"web: x")
    assert not procfile.looks_like("Procfile.md", b"no line")
    assert not procfile.looks_like("procfile.py", b"a: b")


@given(st.text() | st.lists(st.sampled_from(["web", ":", " ", "\n", "{{", "x"])).map("".join))
def test_never_raises(text: str) -> None:
    for runs in procfile.read(Source("Procfile", text), TREE):
        assert runs.at.text == runs.words[0].text
