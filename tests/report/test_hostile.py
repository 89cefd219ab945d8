"""Whatever a file holds, and wherever a place lies in it, every report comes out and is harmless."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from flasklint.finding import Severity, finding
from flasklint.report import formats, render
from flasklint.result import Result
from flasklint.settings import Settings
from flasklint.sift import sift
from flasklint.source import Source

OFFSET = st.integers(0, 300)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), OFFSET, OFFSET, OFFSET, st.integers(1, 90))
def test_any_text_and_any_place(text: str, one: int, two: int, three: int, width: int):
    source = Source(text[:20], text)
    start, end, other = sorted(min(offset, len(text)) for offset in (one, two, three))
    fault = finding(source.span(start, end), text, label=text, because=[(source.span(other, other), text)])
    fault = fault._replace(rule="some-rule", severity=Severity.NOTE, repair=text)
    kept, ignored = sift([fault], Settings())
    result = Result(kept, (), (), ignored, (text,), 0, 0.0)
    drawn = {form: render(form, result, Settings(), width=width) for form in formats()}
    assert all(char >= " " or char == "\n" for form in drawn.values() for char in form)
    json.loads(drawn["json"])
