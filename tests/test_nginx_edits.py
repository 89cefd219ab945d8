"""Repairs of nginx's directives keep the lines around them, however the block is written."""

import pytest

from flasklint.edits import add_directives, remove_directive
from flasklint.finding import Edit
from flasklint.source import Source

LINES = "location / {\n    proxy_pass http://shop; # the shop\n    a 'b';\n}\n"
ONE_LINE = "location / { proxy_pass http://shop; a b; }\n"


def made(text: str, edit: Edit | None) -> str:
    assert edit is not None
    return text[: edit.at.start] + edit.text + text[edit.at.end :]


def place(text: str, words: str) -> tuple[Source, int, int]:
    return Source("shop.conf", text), text.index(words), text.index(words) + len(words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LINES, LINES.replace("# the shop\n", "# the shop\n    c d;\n    e f;\n")),
        (LINES.replace("\n", "\r\n"), LINES.replace("# the shop\n", "# the shop\n    c d;\n    e f;\n").replace("\n", "\r\n")),
        (ONE_LINE, "location / { proxy_pass http://shop; c d; e f; a b; }\n"),
    ],
    ids=["lines", "crlf", "one line"],
)  # fmt: skip
def test_directives_are_put_behind(text: str, expected: str) -> None:
    source, start, end = place(text, "proxy_pass http://shop")
    assert made(text, add_directives(source.span(start, end), ["c d;", "e f;"])) == expected


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        (LINES, "proxy_pass http://shop", "location / {\n    a 'b';\n}\n"),
        (LINES, "a 'b'", "location / {\n    proxy_pass http://shop; # the shop\n}\n"),
        (LINES, "a 'b", "location / {\n    proxy_pass http://shop; # the shop\n}\n"),
        (ONE_LINE, "proxy_pass http://shop", "location / { a b; }\n"),
        (ONE_LINE, "a b", "location / { proxy_pass http://shop; }\n"),
    ],
)
def test_a_directive_is_taken_out(text: str, words: str, expected: str) -> None:
    source, start, end = place(text, words)
    assert made(text, remove_directive(source.span(start, end))) == expected


def test_nothing_is_done_where_a_directive_goes_on() -> None:
    source, start, end = place(LINES, "proxy_pass")
    assert add_directives(source.span(start, end), ["c d;"]) is None
    assert remove_directive(source.span(start, end)) is None
