"""The frames: what is drawn under what, and what never reaches a terminal."""

from flasklint.finding import Finding, Severity, finding
from flasklint.report import render
from flasklint.result import FoundFile, Result
from flasklint.settings import Settings
from flasklint.source import Source, Span


def place(source: Source, word: str) -> Span:
    start = source.text.index(word)
    return source.span(start, start + len(word))


def result(*findings: Finding, **more: object) -> Result:
    base = Result(findings, (), (FoundFile("a.conf", "nginx"),), (), (), 0, 0.084)
    return base._replace(**more)


def draw(*findings: Finding, width: int = 100, color: bool = False) -> str:
    return render("text", result(*findings), Settings(quiet=True), color=color, width=width)


def fault(at: Span, **more: object) -> Finding:
    return finding(at, "it will break", **more)._replace(rule="some-rule", severity=Severity.ERROR)


NGINX = Source("nginx/site.conf", "server {\n    location / {\n\n        proxy_pass http://127.0.0.1:8001;\n    }\n}\n")
UNIT = Source("systemd/shop.service", "\n" * 11 + "ExecStart=/srv/bin/gunicorn -b 127.0.0.1:8000 app:app\n")


def test_one_frame_for_all_places():
    drawn = draw(
        fault(
            place(NGINX, "http://127.0.0.1:8001"),
            label="nothing listens here",
            because=[
                (place(UNIT, "127.0.0.1:8000"), "gunicorn listens here"),
                (place(NGINX, "location"), "in this"),
            ],
            repair="bind 127.0.0.1:8001",
        )
    )
    assert drawn == (
        "error[some-rule]: it will break\n"
        "  --> nginx/site.conf:4:20\n"
        "   |\n"
        " 2 |     location / {\n"
        "   |     -------- in this\n"
        " 3 |\n"
        " 4 |         proxy_pass http://127.0.0.1:8001;\n"
        "   |                    ^^^^^^^^^^^^^^^^^^^^^ nothing listens here\n"
        "  ::: systemd/shop.service:12:32\n"
        "   |\n"
        "12 | ExecStart=/srv/bin/gunicorn -b 127.0.0.1:8000 app:app\n"
        "   |                                -------------- gunicorn listens here\n"
        "   |\n"
        "   = fix: bind 127.0.0.1:8001\n"
        "\n"
    )


def test_lines_in_between_are_left_out():
    source = Source("a", "one\ntwo\nthree\nfour\n")
    drawn = draw(fault(place(source, "one"), because=[(place(source, "four"), "here")]))
    assert drawn.splitlines()[3:8] == ["1 | one", "  | ^^^", "...", "4 | four", "  | ---- here"]


def test_two_places_on_one_line():
    source = Source("a", "left right\n")
    drawn = draw(fault(place(source, "right"), because=[(place(source, "left"), "this")]))
    assert drawn.splitlines()[3:6] == ["1 | left right", "  | ---- this", "  |      ^^^^^"]


def test_wide_and_combining_characters_and_tabs():
    source = Source("a", "\t漢字e\u0301x = y\n")
    line, carets = draw(fault(place(source, "= y"))).splitlines()[3:5]
    assert line == "1 |     漢字e\u0301x = y"
    assert carets == "  | " + " " * (4 + 4 + 1 + 1 + 1) + "^^^"


def test_terminal_escapes_are_shown_and_not_sent():
    source = Source("a\x1b[2J", "evil \x1b]0;title\x07 \x9b31m \u202e here\n")
    drawn = draw(fault(place(source, "here"), label="\x1b[0m", repair="\x07"))
    assert "␛]0;title␇ \ufffd31m \ufffd here" in drawn
    assert "a␛[2J:1:" in drawn
    assert not any((ord(char) < 32 and char != "\n") or 0x7F <= ord(char) < 0xA0 for char in drawn)


def test_carets_stay_under_their_word_after_an_escape():
    source = Source("a", "\x1b\x1b word\n")
    line, carets = draw(fault(place(source, "word"))).splitlines()[3:5]
    assert line.index("word") == carets.index("^^^^")


def test_long_line_is_cut_around_the_place():
    source = Source("a", "x" * 300 + " wrong " + "y" * 300 + "\n")
    line, carets = draw(fault(place(source, "wrong")), width=60).splitlines()[3:5]
    assert len(line) <= 60
    assert line[4] == "…"
    assert line[-1] == "…"
    assert line.index("wrong") == carets.index("^^^^^")


def test_place_longer_than_the_screen():
    source = Source("a", "z" * 5000 + "\n")
    for line in draw(fault(source.span(10, 4000)), width=60).splitlines():
        assert len(line) <= 60


def test_place_of_several_lines_shows_the_first():
    source = Source("a", "ExecStart=/bin/a \\\n  b\n")
    line, carets = draw(fault(source.span(10, len(source.text) - 1))).splitlines()[3:5]
    assert line == "1 | ExecStart=/bin/a \\"
    assert carets == "  |           " + "^" * len("/bin/a \\")


def test_empty_file_and_end_of_file():
    assert "--> a:1:1\n  |\n" in draw(fault(Source("a", "").whole()))
    source = Source("a", "one\n")
    assert "2 |\n  | ^" in draw(fault(source.span(4, 4)))


def test_colours_only_when_asked():
    at = place(NGINX, "server")
    assert "\x1b" not in draw(fault(at))
    assert "\x1b[1;31merror[some-rule]\x1b[0m" in draw(fault(at), color=True)


def test_summary():
    more = {
        "ignored": (fault(UNIT.whole()),),
        "unseen": tuple(f"f{n}" for n in range(7)),
        "internal_errors": 1,
    }
    drawn = render("text", result(fault(UNIT.whole()), **more), Settings(), color=False, width=80)
    assert drawn.splitlines()[-1] == (
        "0 deployments, 1 file: 1 error, 0 warnings, 0 notes; 1 ignored; "
        "not seen: f0, f1, f2, f3, f4 and 2 more; 1 internal error; 0.08 s"
    )
    clean = render("text", result(), Settings(), color=False, width=80)
    assert clean == "No faults found in 0 deployments, 1 file; 0.08 s\n"


def test_concise():
    drawn = render("concise", result(fault(place(NGINX, "location"))), Settings(), color=False, width=80)
    assert drawn == "nginx/site.conf:2:5: error[some-rule] it will break\n"


def test_files():
    files = (FoundFile("b/shop.service", "systemd", "shop"), FoundFile("x\x1b.conf", "skipped"))
    drawn = render("files", result(files=files, unseen=("/etc/app.env",)), Settings(), color=False, width=80)
    assert drawn.splitlines() == [
        "file            kind     deployment",
        "x␛.conf         skipped  -",
        "b/shop.service  systemd  shop",
        "",
        "not seen",
        "  /etc/app.env",
    ]
