"""Changes of Python source: what libcst makes of them, and that all else stays character by character."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flasklint.edits import only_when_run, remove_argument, replace_expression, set_argument
from flasklint.finding import PythonEdit
from flasklint.fix import Refused, plain
from flasklint.source import Source, Span

HOST = ("host", '"127.0.0.1"')


def place(text: str, words: str) -> Span:
    start = text.index(words)
    return Source("run.py", text).span(start, start + len(words))


def made(edit: PythonEdit) -> str:
    worked_out = plain(edit)
    text = edit.at.source.text
    return text[: worked_out.at.start] + worked_out.text + text[worked_out.at.end :]


@pytest.mark.parametrize(
    ("before", "at", "after"),
    [
        ("serve(app)  # all\n", "serve(app)", 'serve(app, host="127.0.0.1")  # all\n'),
        ("serve()\n", "serve()", 'serve(host="127.0.0.1")\n'),
        ("serve( app )\n", "serve( app )", 'serve( app, host="127.0.0.1" )\n'),
        ("serve(app,port=1)\n", "serve", 'serve(app,port=1,host="127.0.0.1")\n'),
        ("serve(app, host = '0.0.0.0',)\n", "serve", 'serve(app, host = "127.0.0.1",)\n'),
        ("w.serve(\n    app,\n)\n", "w.serve", 'w.serve(\n    app,\n    host="127.0.0.1",\n)\n'),
        ("w.serve(\r\n\tapp\r\n)\r\n", "w.serve", 'w.serve(\r\n\tapp,\r\n\thost="127.0.0.1"\r\n)\r\n'),
        (
            "serve(\n    app,  # it\n    port=1,  # one\n)\n",
            "serve",
            'serve(\n    app,  # it\n    port=1,  # one\n    host="127.0.0.1",\n)\n',
        ),
        ("serve(\n    app  # it\n)\n", "serve", 'serve(\n    app,  # it\n    host="127.0.0.1"\n)\n'),
        ("make(1).serve(app)\n", "make(1).serve(app)", 'make(1).serve(app, host="127.0.0.1")\n'),
        ("é = serve(app)\n", "serve(app)", 'é = serve(app, host="127.0.0.1")\n'),
    ],
)
def test_an_argument_is_set(before: str, at: str, after: str) -> None:
    assert made(set_argument(place(before, at), *HOST)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("run(app, debug=True, x=1)\n", "run(app, x=1)\n"),
        ("run(app, debug=True)\n", "run(app)\n"),
        ("run(debug=True)\n", "run()\n"),
        ("run(\n    app,\n    debug=True,\n)\n", "run(\n    app,\n)\n"),
        ("run(\n    debug=True,\n    x=1,  # one\n)\n", "run(\n    x=1,  # one\n)\n"),
    ],
)
def test_an_argument_is_removed(before: str, after: str) -> None:
    assert made(remove_argument(place(before, "run"), "debug")) == after


@pytest.mark.parametrize(
    ("before", "at", "value", "after"),
    [
        ("x = a * b\n", "b", "c + d", "x = a * (c + d)\n"),
        ("x = (b)  # why\n", "b", "c + d", "x = (c + d)  # why\n"),
        ('key = "secret"\n', '"secret"', 'os.environ["KEY"]', 'key = os.environ["KEY"]\n'),
    ],
)
def test_an_expression_is_replaced(before: str, at: str, value: str, after: str) -> None:
    assert made(replace_expression(place(before, at), value)) == after


@pytest.mark.parametrize(
    ("before", "at", "after"),
    [
        ("app.run()\n", "app.run()", 'if __name__ == "__main__":\n    app.run()\n'),
        ("app.run()", "app.run()", 'if __name__ == "__main__":\n    app.run()'),
        ("# start\r\napp.run()\r\n", "app.run()", '# start\r\nif __name__ == "__main__":\r\n    app.run()\r\n'),
        ("def f():\n\tpass\n\n\napp.run()  # x\n", "app.run()", 'def f():\n\tpass\n\n\nif __name__ == "__main__":\n\tapp.run()  # x\n'),
        (
            'app.run(\n    host="",\n    x="""\na""",\n)\nend = 1\n',
            "app.run",
            'if __name__ == "__main__":\n    app.run(\n        host="",\n        x="""\na""",\n    )\nend = 1\n',
        ),
    ],
)  # fmt: skip
def test_a_statement_is_put_under_the_guard(before: str, at: str, after: str) -> None:
    assert made(only_when_run(place(before, at))) == after


@pytest.mark.parametrize(
    "edit",
    [
        set_argument(place("serve(app, **options)", "serve"), *HOST),
        set_argument(place("serve = 1", "serve"), *HOST),
        remove_argument(place("run(app)", "run"), "debug"),
        only_when_run(place("if x:\n    app.run()\n", "app.run()")),
        only_when_run(place("app.run(); more()\n", "app.run()")),
        only_when_run(place("print 'Python 2'\n", "print")),
        only_when_run(place("(" * 4000, "(")),
        replace_expression(place("x = 1", "1"), "1 +"),
    ],
    ids=lambda edit: f"{edit.change} {edit.at.source.text[:20]!r}",
)
def test_what_cannot_be_done_exactly_is_refused(edit: PythonEdit) -> None:
    with pytest.raises(Refused):
        plain(edit)


argument = st.sampled_from(["app", "port=1", 'name="é # no comment"', "f(x, y)", "threads=(1 +\n    2)", "*rest"])
gap = st.sampled_from(["", " ", "\n    ", "  # why\n    ", "\n\n    "])


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.tuples(gap, argument, gap), max_size=4, unique_by=lambda each: each[1]),
    st.booleans(),
    gap,
    st.sampled_from(["\n", "\r\n"]),
)
def test_the_rest_of_a_call_stays(args: list[tuple[str, str, str]], trailing: bool, end: str, eol: str) -> None:
    inner = ",".join("".join(each) for each in args) + ("," if trailing and args else "") + end
    text = f"# top\nimport x\nserve({inner})  # end\n\n\nlast = 1\n".replace("\n", eol)
    try:
        ast.parse(text)
    except SyntaxError:
        return  # a positional argument behind a keyword
    try:
        changed = made(set_argument(place(text, "serve"), *HOST))
    except Refused:
        assert "  # why" in text  # a comment is in the way
        return
    (_, old, *_), (_, new, *_) = (ast.parse(each).body for each in (text, changed))
    *kept, added = new.value.keywords
    assert (added.arg, added.value.value) == ("host", "127.0.0.1")
    assert [ast.dump(each) for each in kept] == [ast.dump(each) for each in old.value.keywords]
    assert [ast.dump(each) for each in new.value.args] == [ast.dump(each) for each in old.value.args]
    assert changed.count("#") == text.count("#") and changed.startswith(f"# top{eol}import x{eol}serve(")
    assert changed.endswith(f"  # end{eol}{eol}{eol}last = 1{eol}")
    assert eol == "\n" or "\n" not in changed.replace("\r\n", "")
