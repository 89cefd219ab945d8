"""Whatever a file holds, and wherever a place lies in it, every report comes out and is harmless."""

import json
import re
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from flasklint.deployment import Deployment
from flasklint.facts import NginxConfig
from flasklint.finding import Edit, Fix, Severity, finding
from flasklint.report import formats, render
from flasklint.result import FoundFile, Result
from flasklint.settings import Settings
from flasklint.sift import sift
from flasklint.source import Source
from flasklint.value import Unknown
from tests.report.sample import package
from tests.report.test_formats import Page, runner

OFFSET = st.integers(0, 300)
HOSTILE = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            ["\n::error::x\n", "::", "%0A", "##[", "##vso[", "\x1b[2J", "\r", "<script>", "</style>", "-->", "]]>", "&lt;",
             "<!--", "`", "```", "~~~", "|", "\\", "](x)", "http://x.y", "www.x.y", "@root", "\u202e", "\u2028", "\x00",
             "\ufffe", '"', "'", "{", "\udc80", "\ud800", "\t", "</details>", "<b>", "\n\n# x\n", "\U0001ffff"]
        ),
    ),
    max_size=12,
).map("".join)  # fmt: skip


def result_of(text: str, offsets: tuple[int, int, int]) -> Result:
    """A finding whose file, path, rule and words are all the same text."""
    path = text[:40] or "a"
    source = Source(path, text)
    start, end, other = sorted(min(offset, len(text)) for offset in offsets)
    fix = Fix((Edit(source.span(start, end), text),))
    fault = finding(source.span(start, end), text, label=text, because=[(source.span(other, other), text)], fix=fix)
    fault = fault._replace(rule=text[:60], severity=Severity.NOTE, repair=text)
    kept, ignored = sift([fault, fault._replace(message="x", severity=Severity.ERROR)], Settings())
    config = NginxConfig((source,), (), (), Unknown(""), (), ())
    files = (FoundFile(path, "nginx", text), FoundFile(path, "skipped", text))
    return Result(kept, (Deployment(text, nginx=(config,)),), files, ignored, (text,), 0, 0.0)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=300), HOSTILE), st.tuples(OFFSET, OFFSET, OFFSET), st.integers(1, 90))
def test_any_text_and_any_place(text: str, offsets: tuple[int, int, int], width: int):
    result = result_of(text, offsets)
    drawn = {form: render(form, result, Settings(), width=width) for form in formats()}
    for form, report in drawn.items():
        assert all((char >= " " and not "\x7f" <= char < "\xa0") or char == "\n" for char in report), form
        assert not re.search(r"##(\[|vso)", report, re.IGNORECASE), form
        assert form == "github" or not re.search(r"^\s*::[^:]", report, re.MULTILINE), form
    for form in ("json", "sarif", "gitlab"):
        json.loads(drawn[form])
    assert len([json.loads(line) for line in drawn["jsonl"].split("\n") if line]) == 3
    for form in ("junit", "checkstyle"):
        ElementTree.fromstring(drawn[form].encode())
    assert {runner(line)[0] for line in drawn["github"].split("\n")[:-1]} == {"notice", "error"}


@settings(max_examples=100, deadline=None)
@given(HOSTILE, st.tuples(OFFSET, OFFSET, OFFSET))
def test_no_markup_gets_through(text: str, offsets: tuple[int, int, int]):
    """A page has the same tags whatever the words are."""
    result = result_of(text, offsets)
    page = Page(render("html", result, Settings()))
    assert set(page.tags) <= {
        "html", "head", "meta", "title", "style", "body", "header", "p", "h1", "nav", "fieldset", "legend", "label",
        "input", "span", "main", "table", "caption", "thead", "tr", "th", "tbody", "td", "a", "section", "h2",
        "article", "h3", "figure", "figcaption", "div", "code", "mark", "b", "i", "kbd", "details", "summary", "ul",
        "li", "footer", "svg", "desc", "text", "path", "rect", "g", "circle",
    }  # fmt: skip
    assert page.tags["article"] == len(result.findings) + len({one.rule for one in result.findings})
    assert not [one for one in page.attributes if one[1].startswith("on") or one[1] in ("style", "src")]
    markdown = package("markdown_it").MarkdownIt("commonmark").enable("table")
    shown = Page(markdown.render(render("markdown", result, Settings())))
    assert set(shown.tags) <= {
        "h2", "h3", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "b", "code", "pre", "p", "sub",
        "strong",
    }  # fmt: skip
    assert shown.tags["details"] == len(result.findings)
