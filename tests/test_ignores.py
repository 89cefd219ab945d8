"""Comments that silence, in every format, and the rules about those that do nothing."""

from pathlib import Path

import pytest

from flasklint.comments import layout
from flasklint.ignores import silences
from flasklint.result import Result
from flasklint.source import Source
from tests.deployments import fix_files, lay_out, lint_files

UNIT = """\
[Unit]
Description=shop
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 app:app
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""
IGNORE = "flasklint: ignore[some-rule] it is meant"


def silent(path: str, text: str, kind: str = "") -> bool:
    start = text.index("HERE")
    return silences(Source(path, text, kind=kind).span(start, start + 4), "some-rule")


ABOVE = {
    "nginx.conf": ["#"],
    "shop.service": ["#", ";"],
    "supervisord.conf:supervisor": ["#", ";"],
    "uwsgi.ini": ["#", ";"],
    "setup.cfg": ["#", ";"],
    "compose.yml": ["#"],
    "Dockerfile": ["#"],
    "Procfile": ["#"],
    "app.py": ["#"],
    "requirements.txt": ["#"],
    "requirements/prod.in": ["#"],
    "pyproject.toml": ["#"],
    "Pipfile": ["#"],
    "poetry.lock": ["#"],
    "start.sh": ["#"],
    "start.ps1": ["#"],
    "start.bat": ["REM", "::"],
    ".env": ["#"],
    "etc/default/shop": ["#"],
    "shop.service.j2": ["#", ";"],
}


@pytest.mark.parametrize(("path", "sign"), [(path, sign) for path, signs in ABOVE.items() for sign in signs])
def test_a_comment_above(path: str, sign: str):
    name, _, kind = path.partition(":")
    assert silent(name, f"first\n{sign} {IGNORE}\nHERE\n", kind)
    assert silent(name, f"first\r\n  {sign} {IGNORE}\r\n  HERE\r\n", kind)
    assert not silent(name, f"first\n{sign} {IGNORE}\n\nHERE\n", kind)
    assert not silent(name, f"first\n{sign} {IGNORE}\nother\nHERE\n", kind)


@pytest.mark.parametrize(
    ("path", "kind"),
    [("nginx.conf", ""), ("a", "nginx"), ("compose.yml", ""), ("app.py", ""), ("requirements.txt", ""), ("x.toml", ""),
     ("start.sh", ""), ("Procfile", ""), ("x.conf", "supervisor")],
)  # fmt: skip
def test_a_comment_behind(path: str, kind: str):
    assert silent(path, f"a: HERE # {IGNORE}", kind)
    assert not silent(path, f"a: '# {IGNORE}' HERE", kind)
    assert not silent(path, f'a: "# {IGNORE}" HERE', kind)
    if path != "app.py" and path != "x.toml":
        assert not silent(path, f"a: HERE# {IGNORE}", kind)


@pytest.mark.parametrize("path", ["shop.service", "uwsgi.ini", "Dockerfile", ".env", "start.bat", "a.service.d/x.conf"])
def test_formats_without_comments_behind_something(path: str):
    assert not silent(path, f"a=HERE # {IGNORE}")
    assert not silent(path, f"a=HERE ; {IGNORE}")


@pytest.mark.parametrize("path", ["Pipfile.lock", "data.json"])
def test_json_has_no_comments(path: str):
    assert not silent(path, f"# {IGNORE}\nHERE")


def test_comments_of_jinja():
    assert silent("site.conf.j2", f"a;\n{{# {IGNORE} #}}\nHERE;")
    assert silent("site.conf.j2", f"a;\n  {{#- {IGNORE} -#}}\n  HERE;")
    assert silent("shop.service.j2", f"A=HERE {{# {IGNORE} #}}\n")
    assert silent("templates/site.conf", f"{{% if x %}}\n{{# {IGNORE} #}}\nHERE;")
    assert not silent("shop.service", f"A=HERE {{# {IGNORE} #}}\n")
    assert not silent("site.conf.j2", f"{{# a\n{IGNORE}\n#}}\nHERE;")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("shop.service", f"# {IGNORE}\nExecStart=a \\\n  b \\\n  HERE\n"),
        ("shop.service", f"ExecStart=a \\\n# {IGNORE}\n  HERE\n"),
        ("shop.service", f"# {IGNORE}\nExecStart=a \\\n# another\n  HERE\n"),
        ("start.sh", f"# {IGNORE}\na \\\n  HERE\n"),
        ("compose.yml", f"# {IGNORE}\ncommand: |\n  a\n\n  HERE\n"),
        ("compose.yml", f'# {IGNORE}\ncommand: "a\n  HERE"\n'),
        ("nginx.conf", f"# {IGNORE}\nlog_format x 'a\n  HERE';\n"),
        ("app.py", f'# {IGNORE}\na = """\n  HERE"""\n'),
        ("start.sh", f"#!/bin/sh HERE\n# {IGNORE}\n"),
    ],
)
def test_a_comment_above_a_value_of_several_lines(path: str, text: str):
    assert silent(path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("compose.yml", f"command: |\n  # {IGNORE}\n  HERE\n"),
        ("nginx.conf", f"log_format x 'a\n# {IGNORE}\n HERE';\n"),
        ("app.py", f'a = """\n# {IGNORE}\nHERE"""\n'),
        ("x.toml", f"a = '''\n# {IGNORE}\nHERE'''\n"),
    ],
)
def test_a_line_of_a_value_is_no_comment(path: str, text: str):
    assert not silent(path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("compose.yml", "command: echo don't # C\nb: it's # C\n"),
        ("nginx.conf", "a don't; # C\nlocation ~ ^/a\"b { # C\n"),
        ("start.sh", "# don't # C\necho 'a # b' # C\necho a#b # C\n"),
        ("app.py", "a = 'b # c' + \"d # e\"  # C\nb = r'\\' # c'# C\n"),
        ("x.toml", 'a = \'b\\\' # C\nc = """d # e""" # C\n'),
    ],
)
def test_quotes(path: str, text: str):
    found = [comment.at.text for comment in layout(Source(path, text)).comments]
    assert [one[-3:] for one in found] == ["# C"] * text.count("# C")


# ---------------------------------------------------------------------------- the rules about them


def told(result: Result) -> list[tuple[str, str]]:
    return [(one.rule, one.at.text) for one in result.findings]


def test_what_is_used_is_not_spoken_of(tmp_path: Path):
    text = UNIT.replace("[Service]\nUser=shop", "# flasklint: ignore[service-runs-as-root, miss*] meant\n[Service]")
    result = lint_files({"shop.service": text.replace("Restart=on-failure\n", "")}, tmp_path)
    assert (told(result), len(result.ignored)) == ([], 2)


def test_one_name_of_several(tmp_path: Path):
    text = UNIT.replace(
        "[Service]\nUser=shop", "# flasklint: ignore[missing-restart, service-runs-as-root, socket-*] meant\n[Service]"
    )
    result = lint_files({"shop.service": text}, tmp_path / "a")
    assert told(result) == [("unused-ignore", "missing-restart"), ("unused-ignore", "socket-*")]
    _, files = fix_files({"shop.service": text}, tmp_path / "b")
    assert "# flasklint: ignore[service-runs-as-root] meant\n" in files["shop.service"]


def test_rules_that_were_not_chosen_are_asked_for_the_comment_s_sake(tmp_path: Path):
    used = {"shop.service": UNIT.replace("[Service]\nUser=shop", f"# {IGNORE}\n[Service]")}
    used = {name: text.replace("some-rule", "service-runs-as-root") for name, text in used.items()}
    idle = {"shop.service": UNIT.replace("[Service]", "# flasklint: ignore[service-runs-as-root] meant\n[Service]")}
    assert not lint_files(used, tmp_path / "a", select=["unused-ignore"]).findings
    assert len(lint_files(idle, tmp_path / "b", select=["unused-ignore"]).findings) == 1
    assert not lint_files(idle, tmp_path / "c", select=["missing-restart"]).findings


def test_in_a_part_of_a_project_only_rules_of_one_file_are_judged(tmp_path: Path):
    text = UNIT.replace("[Service]", "# flasklint: ignore[service-runs-as-root, upstream-bind-mismatch] x\n[Service]")
    assert len(lint_files({"shop.service": text}, tmp_path / "a" / "deploy").findings) == 1
    (tmp_path / "b" / ".git").mkdir(parents=True)
    part = lint_files({"shop.service": text}, tmp_path / "b" / "deploy")
    assert told(part) == [("unused-ignore", "service-runs-as-root")]


def test_a_file_with_problems_is_not_judged(tmp_path: Path):
    files = {
        "site.conf": "server {\n    # flasklint: ignore[missing-host-header] x\n    listen 80\n}\n",
        "a.service": UNIT,
    }
    assert "unused-ignore" not in [one.rule for one in lint_files(files, tmp_path).findings]


@pytest.mark.parametrize("word", ["", " missing-restart because", "[] because", "[ , ] because"])
def test_a_comment_without_a_name(tmp_path: Path, word: str):
    text = UNIT.replace("[Service]", f"# flasklint: ignore{word}\n[Service]")
    [found] = lint_files({"shop.service": text}, tmp_path).findings
    assert found.rule == "unknown-rule-in-ignore"
    assert "names no rule" in found.message


def test_other_words_to_flasklint_are_none_of_our_business(tmp_path: Path):
    text = UNIT.replace("[Service]", "# flasklint: says nothing about this\n[Service]")
    assert not lint_files({"shop.service": text}, tmp_path).findings


def test_a_group_is_no_rule(tmp_path: Path):
    text = UNIT.replace("[Service]\nUser=shop", "# flasklint: ignore[service] meant\n[Service]")
    assert told(lint_files({"shop.service": text}, tmp_path)) == [
        ("unknown-rule-in-ignore", "service"), ("service-runs-as-root", "[Service]")
    ]  # fmt: skip


def test_they_can_be_silenced_by_their_own_names_only(tmp_path: Path):
    idle = "# flasklint: ignore[missing-restart, unused-ignore] the staging overlay needs it\n[Service]"
    assert not lint_files({"shop.service": UNIT.replace("[Service]", idle)}, tmp_path / "a").findings
    glob = "# flasklint: ignore[*] why\n[Service]"
    assert told(lint_files({"shop.service": UNIT.replace("[Service]", glob)}, tmp_path / "b")) == [
        ("unused-ignore", "# flasklint: ignore[*] why")
    ]


def test_no_ignores_disregards_them_all(tmp_path: Path):
    from flasklint import lint

    lay_out({"shop.service": UNIT.replace("[Service]", "# flasklint: ignore[missing-restart]\n[Service]")}, tmp_path)
    assert not lint(tmp_path, no_ignores=True).findings
    assert [one.rule for one in lint(tmp_path).findings] == ["ignore-without-reason"]


def test_hostile_comments_take_little_time(tmp_path: Path):
    import time

    many = "".join(f"# flasklint: ignore[{'*a' * 10}{number}, nix-{number}] x\n" for number in range(3000))
    names = "# flasklint: ignore[" + ", ".join(f"x{number}" for number in range(9000)) + "] x\n"
    for text in (many, names):
        started = time.process_time()
        lint_files({"shop.service": UNIT.replace("[Service]", f"{text}[Service]")}, tmp_path / str(len(text)))
        assert time.process_time() - started < 3
