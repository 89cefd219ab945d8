"""The worst texts that could be thought of, for every regular expression."""

import os
import re
import signal
import time
from collections.abc import Callable

import pytest

from flasklint import comments, ignores, value
from flasklint.join import installs, packages
from flasklint.read import dockerlines, procfile, project_files, requirement_lines, supervisor, toml, windows
from flasklint.read.app import callables
from flasklint.read.nginx import config, detect, lex, mask, values, variables
from flasklint.read.systemd import check, envfile, holes, names
from flasklint.source import Source

from .regexes import Found, collect, worst

HEAD = 4096
SIZE = 30_000  # characters: what is quadratic takes seconds here, what is linear milliseconds
SECONDS = 0.4

# Pieces that are repeated until the text is full; `x` is what ends it.
PIECES = [
    " ", "\n", "\n ", "a", "a ", "9", "1 ", "1.", "1s", "-", "- ", "\n - ", "--a", "-a ", "=", "==", "==1", "#", "# ", "[", "a[", "(", "{", "{{", "{{ ", "{{x}}",
    "{%", "{% ", "{#", "<%", "${A", "$", "$a", "%(", "%(x)s", "@A", "__A", "_", "\"", "'", "\"a'", "\\", "\"\\", "a.", "a -", "a-1-", "#egg=", "<<A ", "a:\n",
    "install ", "install gunicornx ", "add \\\n", "name=", "name: ", "apt ", "apt flask", "sudo -a ", "pip install ", "virtualenv ", "-m ",
    "server ", "server\n", "location a\n", "proxy_pass \n", "create_", "get_app_", "flasklint: ignore[", "# configuration file /", "[Service", "[program:a",
    "a=\n", "gunicorn ", "gunicorn=\n", "- gunicorn[", "rem ", "ä",
]  # fmt: skip
Look = Callable[[str], object]


def every(pattern: "re.Pattern[str]") -> Look:
    return lambda text: (pattern.match(text), sum(1 for _ in pattern.finditer(text)))


def head(pattern: "re.Pattern[bytes]") -> Look:
    return lambda text: (pattern.match(text.encode()[:HEAD]), pattern.search(text.encode()[:HEAD]))


LOOKS: dict[str, Look] = {
    "installs": lambda text: installs._installs(text, "gunicorn"),
    "isolated": every(packages._isolated()),
    "for all": every(packages._for_all()),
    "pip module": every(packages._pip_module()),
    "requirement": lambda text: requirement_lines.requirement(text, Source("x", text).whole()),
    "requirement lines": lambda text: list(requirement_lines.requirement_lines(Source("x", text))),
    "option": lambda text: requirement_lines._pattern("option").match("-" + text),
    "exact": requirement_lines.exact,
    "normal name": requirement_lines.normal_name,
    "TOML": lambda text: toml._DEEP_KEY.search(toml._STRING.sub("_", text)),
    "keys": every(project_files._key()),
    "supervisor tokens": every(supervisor._token()),
    "supervisor header": head(supervisor._header()),
    "supervisor placeholder": every(supervisor._placeholder()),
    "here-documents": every(dockerlines._heredoc()),
    "procfile": every(procfile._line()),
    "windows": lambda text: (
        windows._COMMENT.match(text),
        windows._GUNICORN.search(text),
        windows._ELSEWHERE.search(text),
    ),
    "factory name": lambda text: callables._FACTORY_NAME.match(text),
    "holes": lambda text: (value.has_hole(text), value.has_hole(text[:4000])),
    "normal": lambda text: (value.normal(text[:4000]), value.normal("{{" + text[:3998])),
    "systemd's holes": lambda text: (
        holes.holes(text),
        holes.normal(text),
        holes.without_comments(text),
        holes.without_statements(text),
    ),
    "systemd's time": lambda text: check._time().fullmatch(text + "!"),
    "systemd's number": lambda text: check._number(text + "!", ""),
    "systemd's comment": every(check._comment()),
    "environment file": lambda text: envfile.read_env_file(Source("x", text)),
    "unit header": head(names._headers()),
    "bare unit": head(names._bare_unit()),
    "nginx's first word": head(detect._first()),
    "nginx's decisive word": head(detect._decisive(True)),
    "nginx's mask": mask.mask,
    "nginx's control": lambda text: mask._control().match("{{" + text),
    "nginx's words": lex.lex,
    "nginx's time": lambda text: (values.parse_time(text), values.parse_size(text)),
    "nginx's variables": every(variables._used()),
    "nginx's captures": every(variables._captured()),
    "nginx's dump": lambda text: list(re.finditer(r"^# configuration file (/\S*):[ \t\r]*$", text, re.M)),
    "comments that silence": lambda text: (ignores._FORM.match("flasklint:" + text), ignores._FORM.match(text)),
    "comments": lambda text: [
        comments.layout(Source(f"x.{suffix}", "{{" + text)) for suffix in ("yml", "py", "toml", "sh", "conf", "txt")
    ],
}
assert config


@pytest.mark.parametrize("name", LOOKS)
def test_time_is_linear(name: str):
    look = LOOKS[name]
    for piece in PIECES:
        text = (piece * (SIZE // len(piece)))[: SIZE - 1] + "x"
        started = time.process_time()
        look(text)
        took = time.process_time() - started
        assert took < SECONDS, f"{piece!r} takes {took:.1f} s"


# Asked at one place of a text only, or of no more than so many characters: a line, a word, the head of a file.
AT_A_PLACE = {
    ("flasklint.read.app.callables", "(?:create"), ("flasklint.read.app.glance", r"[ \t]*+(?:from"), ("flasklint.read.nginx.check", "[a-z]"), ("flasklint.read.nginx.detect", r"\s*(?:"),
    ("flasklint.read.nginx.lex", '"('), ("flasklint.read.requirement_lines", ""), ("flasklint.read.systemd.check", ""),
    ("flasklint.read.systemd.envfile", "(?P<name>"), ("flasklint.read.windows", r"\s*"), ("flasklint.rule", ""), ("flasklint.promises", ""),
}  # fmt: skip
SHORT = {"flasklint.value": 4_000, "flasklint.read.requirement_lines": 2_000, "flasklint.promises": 100}
LENGTH = 100_000 if os.environ.get("FLASKLINT_EXAMPLES") else 10_000
PATTERNS = list(collect())


def is_at_a_place(found: Found) -> bool:
    text = found.pattern.pattern
    text = text if isinstance(text, str) else text.decode()
    module = found.where.partition(":")[0]
    return any(module == each and text.startswith(start) for each, start in AT_A_PLACE)


def late(*_: object) -> None:
    raise TimeoutError


@pytest.mark.parametrize("found", PATTERNS, ids=[found.where for found in PATTERNS])
def test_every_pattern_is_linear(found: Found):
    """0.4 s for 100 kB, told by a run that is long enough where it is not as long."""
    look = found.pattern.match if is_at_a_place(found) else lambda text: sum(1 for _ in found.pattern.finditer(text))
    length = SHORT.get(found.where.partition(":")[0], LENGTH)
    seconds = SECONDS * max(length / 100_000, 0.4)
    before = signal.signal(signal.SIGPROF, late)
    try:
        for text in worst(found.pattern, length):
            for _ in range(3):  # a machine that others use
                signal.setitimer(signal.ITIMER_PROF, 20 * seconds)
                started = time.process_time()
                look(text)
                signal.setitimer(signal.ITIMER_PROF, 0)
                took = time.process_time() - started
                if took < seconds:
                    break
            assert took < seconds, f"{text[:40]!r} takes {took:.2f} s"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def test_patterns_are_found():
    assert len(PATTERNS) > 60
