"""Whatever names and values hold, the report obeys none of it: no escape, no forged line, no command to a CI."""

import json
import re
import unicodedata
from pathlib import Path

import pytest

from flasklint.report import formats, render
from flasklint.run import lint
from flasklint.settings import Settings

from .child import flasklint
from .trees import put

COMMANDS = ["set-output", "add-mask", "error", "group", "stop-commands", "save-state", "set-env", "add-path"]
EVIL = [
    "\x1b[2J\x1b]0;title\x07\x1b]8;;http://evil\x1b\\",
    "\x9b31m\x9d0;x\x9c",
    "\r::error::x",
    "x\n::error::y\n##[add-mask]z:1:2",
    "::set-output name=x::y",
    " ::add-mask::a",
    "\u200b::add-mask::a",
    "\u3000::add-mask::a",
    "##[add-mask]a",
    "#\u200b#[add-mask]a",
    "##vso[task.setvariable variable=x]y",
    "##teamcity[buildStop comment='x']",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "[x](javascript:alert(1)) ![x](http://evil/x.png) | ` ``` | @everyone #1",
    "\u202etxt.exe\u2066\u2069",
    "\x00\x7f\x08\x08\x0b\x0c\x85\u2028\u2029",
    "%0A::error::x%0D",
    "{{ x }}${{ github.token }}$(id)`id`",
    "\udcff\udc80",
    "e\u0301\u0301" * 20 + "\U0001f468\u200d\U0001f469",
]


def spread(root: Path, evil: str) -> None:
    """Put a text into every name and value that a report may repeat."""
    name = evil.replace("/", "_").replace("\0", "").encode("utf-8", "surrogateescape")[:120].decode("utf-8", "ignore")
    line = evil.replace("\n", " ")
    put(
        root,
        f"{name}.service",
        f"[Service]\nUser={line}\nExecStart=x/{line}\nWorkingDirectory={line}\n[{line}]\n{line}=x\n",
    )
    put(
        root,
        f"{name}/{name}.conf",
        f"server {{\nlisten 80;\n{line};\nlocation /static {{ alias /srv/{line}/; }}\nlocation / {{ proxy_pass http://{line}; }}\n}}\n",
    )
    put(
        root,
        f"{name}/nginx.conf",
        f"http {{ include {line}; server {{ listen 80; proxy_pas {line}; location /static/ {{ alias /a; }} }} }}\n",
    )
    put(
        root,
        "docker-compose.yml",
        f"services:\n  {json.dumps(line)}:\n    command: {json.dumps('gunicorn -c ' + line + ' -b ' + line + ' ' + line)}\n    env_file: {json.dumps(line)}\n",
    )
    put(
        root,
        "supervisord.conf",
        f"[program:{line}]\nenvironment={line}\ncommand=gunicorn --{line} {line}\ndirectory={line}\n",
    )
    put(root, "Procfile", f"web: gunicorn --{line} {line}:{line}\n")
    put(
        root,
        "shop.service",
        f"[Service]\nEnvironmentFile=/etc/{line}\nWorkingDirectory=/srv/shop\nExecStart=/srv/shop/venv/bin/gunicorn wsgi:app --{line}\n",
    )
    put(root, "wsgi.py", f"# {line}\nfrom flask import Flask\napp = (Flask(__name__, static_folder={line!r})\n")
    put(root, "requirements.txt", f"{line}\n-r {line}\n")
    (root / f"{name}.socket").symlink_to(f"nowhere{name}")


def check(text: str, colored: bool = False) -> None:
    if colored:
        text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert [char for char in text if unicodedata.category(char) == "Cc" and char != "\n"] == []
    assert not set(text) & set("\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    text.encode()  # no lone surrogate
    plain = "".join(char for char in text if unicodedata.category(char) != "Cf")
    for line in plain.split("\n"):
        command = re.match(r"\s*::([a-z-]+)", line)
        assert not (command and command[1] in COMMANDS), line
        assert not re.search(r"##(?:\[|vso\[)", line), line
        assert not line.lstrip().startswith("##teamcity"), line


def without_ours(form: str, text: str) -> str:
    """Take the report's own commands away, one a line, which must be whole."""
    if form != "github":
        return text
    *lines, last = text.split("\n")
    own = r"::(error|warning|notice) title=[^:,\r]*,file=[^:,\r]*,line=\d+,endLine=\d+(,col=\d+,endColumn=\d+)?::"
    found = [re.match(own, line) for line in lines]
    assert all(found) and not last
    return "\n".join(f"|{line[match.end() :]}" for line, match in zip(lines, found, strict=True) if match)


@pytest.mark.parametrize("number", range(len(EVIL)))
def test_is_shown_and_not_obeyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int):
    root = tmp_path / "root"
    spread(root, EVIL[number])
    monkeypatch.chdir(root)
    result = lint(["."], Settings())
    assert "internal-error" not in {one.rule for one in result.findings}
    assert result.findings
    for form in formats():
        for width in (20, *range(30, 130, 7)) if form == "text" else (100,):
            check(without_ours(form, render(form, result, Settings(), width=width)))
        check(without_ours(form, render(form, result, Settings(), color=True)), colored=True)


def test_a_path_of_the_command_line_is_shown_too(tmp_path: Path):
    for name in EVIL[:6]:
        done = flasklint(f"./{name}", cwd=tmp_path, scratch=tmp_path)
        check(done.out + done.err)
