"""nginx's regular expressions: what is asked, what is left open, and that nobody stretches the time."""

import time

import pytest

from flasklint.deployment.pcre import search


@pytest.mark.parametrize(
    ("written", "path", "expected"),
    [
        (r"\.(?:css|js)$", "/static/site.css", True),
        (r"\.(?:css|js)$", "/static/site.css.map", False),
        (r"/\.(?!well-known)", "/.env", True),
        (r"/\.(?!well-known)", "/.well-known/acme-challenge/x", False),
        (r"^/(?<name>\w+)/\d{2,4}$", "/shelf/2024", True),
        (r"(?i)\.PNG$", "/logo.png", True),
        (r"^/[^/]+\.php(/|$)", "/index.php", True),
        (r"^(?!/(api|login)).*\.html?$", "/shelf.htm", True),
        (r"^/(?P<lang>[a-z]{2})/", "/de/shelf", True),
        (r"[]x]\.css$", "/]x.css", True),
        ("", "/", True),
    ],
)
def test_what_people_write(written: str, path: str, expected: bool) -> None:
    assert search(written, path) is expected


@pytest.mark.parametrize(
    "written",
    [
        r"(a)\1",
        "(?>a)",
        "a++",
        r"\h",
        r"\z",
        "[[:alpha:]]",
        "(",
        "a)",
        "[a",
        "*",
        "a" * 300,
        "a{,3}",
        "(?#x)a",
        r"[\Q]",
        "[a--b]",
    ],
)
def test_what_is_not_known_is_left_open(written: str) -> None:
    assert search(written, "/a") is None


@pytest.mark.parametrize(
    "written",
    ["(a+)+$", "(.*){50}x", "((((a*)*)*)*)*b", "(a|a)*$", "(.*)(.*)(.*)(.*)x", "(" * 99, "a?" * 50 + "a" * 50, "(a|b|ab)+$",
     "(?:a?){50}b", "a{1,90}a{1,90}a{1,90}b", ".*.*b", "^.*.*b"],
)  # fmt: skip
def test_nobody_stretches_the_time(written: str) -> None:
    began = time.process_time()
    search(written, "a" * 99 + "!")
    assert time.process_time() - began < 0.1
