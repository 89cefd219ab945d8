"""The worst texts that could be thought of, for every regular expression."""

import re
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
