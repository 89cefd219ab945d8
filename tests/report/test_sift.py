"""Comments that silence findings, overridden severities, duplicates and order."""

import pytest

from flasklint.finding import Finding, Severity, finding
from flasklint.settings import Settings
from flasklint.sift import sift
from flasklint.source import Source


def fault(source: Source, word: str, rule: str = "public-bind", **more: object) -> Finding:
    start = source.text.index(word)
    return finding(source.span(start, start + len(word)), "m", **more)._replace(rule=rule, severity=Severity.ERROR)


def silent(text: str, kind: str = "nginx", path: str = "a.conf") -> bool:
    kept, ignored = sift([fault(Source(path, text, kind=kind), "HERE")], Settings())
    assert len(kept) + len(ignored) == 1
    return bool(ignored)


@pytest.mark.parametrize(
    "text",
    [
        "# flasklint: ignore[public-bind] behind a firewall\nHERE",
        "  #flasklint:ignore[ other, public-* ]: behind a firewall\n  HERE",
        "# flasklint: ignore[public-bind] why\n# and another comment\nHERE",
        "HERE; # flasklint: ignore[public-bind] why",
        "listen 'a#b' HERE; # flasklint: ignore[public-bind] why\r\n",
    ],
)
def test_silences(text: str):
    assert silent(text)


@pytest.mark.parametrize(
    "text",
    [
        "# flasklint: ignore[public-bind]\nHERE",
        "# flasklint: ignore[public-bind] --\nHERE",
        "# flasklint: ignore[other] why\nHERE",
        "# flasklint: ignore public-bind why\nHERE",
        "# flasklint: ignore[public-bind] why\n\nHERE",
        "HERE\n# flasklint: ignore[public-bind] why",
        "set $a '# flasklint: ignore[public-bind] why'; HERE",
        "; flasklint: ignore[public-bind] why\nHERE",
        "// flasklint: ignore[public-bind] why\nHERE",
    ],
)
def test_does_not_silence(text: str):
    assert not silent(text)


def test_units_have_no_trailing_comments():
    assert not silent("A=HERE # flasklint: ignore[public-bind] why", "systemd")
    assert not silent("A=HERE # flasklint: ignore[public-bind] why", "", "shop.service.d/x.conf")
    assert not silent("A=HERE # flasklint: ignore[public-bind] why", "", "shop.service.j2")
    assert silent("; flasklint: ignore[public-bind] why\nA=HERE", "systemd")


@pytest.mark.parametrize("sign", ";#")
def test_supervisor_has_comments_behind_a_value(sign: str):
    """It gives RawConfigParser both signs as `inline_comment_prefixes`: supervisor/options.py, 4.3."""
    assert silent(f"command=HERE {sign} flasklint: ignore[public-bind] why", "supervisor")
    assert not silent(f"command=HERE{sign} flasklint: ignore[public-bind] why", "supervisor")


def test_any_labelled_line_counts_unless_told_otherwise():
    other = Source("b.yml", "a: THERE # flasklint: ignore[public-bind] why")
    one = Source("a.conf", "HERE")
    found = fault(one, "HERE", because=[(other.span(3, 8), "")])
    assert sift([found], Settings()) == ((), (found,))
    assert sift([found], Settings(no_ignores=True)) == ((found,), ())


def test_severities_order_and_duplicates():
    one, two = Source("a.conf", "x\ny z"), Source("b.conf", "x")
    findings = [fault(two, "x"), fault(one, "z"), fault(one, "y", "other"), fault(one, "x"), fault(one, "x")]
    kept, _ = sift(findings, Settings(severities={"public-bind": Severity.NOTE}))
    assert [(f.at.path, f.at.line, f.at.column) for f in kept] == [
        ("a.conf", 1, 1), ("a.conf", 2, 1), ("a.conf", 2, 3), ("b.conf", 1, 1)
    ]  # fmt: skip
    assert [f.severity for f in kept] == [Severity.NOTE, Severity.ERROR, Severity.NOTE, Severity.NOTE]
