"""The command line: `flasklint config`, the options about settings, and those that show how a run goes."""

import json
import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest

from flasklint import cli

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "corpus/wrong-port"
TABLE = "[tool.flasklint]\nselect = ['upstream']\n[tool.flasklint.target]\nnginx = '1.25'\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path in CORPUS.rglob("*"):
        if path.is_file():
            copy = tmp_path / path.relative_to(CORPUS)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.run(list(arguments))
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_settings_in_force(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "pyproject.toml").write_text(TABLE)
    code, out, _ = run(capsys, "config", "--server", "waitress", "--target", "systemd=252", "nginx")
    lines = [line.split() for line in out.splitlines()]
    assert code == 0
    assert lines[0] == ["settings", "of", "pyproject.toml"]
    assert ["select", '["upstream"]', "pyproject.toml:2"] in lines
    assert ["target.nginx", '"1.25"', "pyproject.toml:4"] in lines
    assert ["target.systemd", '"252"', "command", "line"] in lines
    assert ["server", '"waitress"', "command", "line"] in lines
    assert ["nginx-prefix", '"/etc/nginx"', "default"] in lines


def test_the_settings_in_force_for_programs(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "pyproject.toml").write_text(TABLE)
    _, out, _ = run(capsys, "config", "--format", "json", "--cores", "2")
    said = json.loads(out)
    assert said["file"] == "pyproject.toml"
    place = {"path": "pyproject.toml", "line": 2, "column": 1}
    assert said["settings"]["select"] == {"value": ["upstream"], "from": "file", **place}
    assert said["settings"]["cores"] == {"value": 2, "from": "command line"}
    assert said["settings"]["fail-on"] == {"value": "warning", "from": "default"}
    _, out, _ = run(capsys, "config", "--isolated", "--format", "json")
    assert json.loads(out)["file"] is None


def test_options_about_files(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "flasklint.toml").write_text("ignore = ['upstream']\n")
    assert run(capsys, ".")[0] == 0
    assert run(capsys, "--isolated")[0] == 1
    (folder / "other.toml").write_text("fail-on = 'error'\n")
    assert run(capsys, "--config", "other.toml")[0] == 1
    assert run(capsys, "--config", "nowhere.toml")[:2] == (2, "")
    code, _, err = run(capsys, "--config", "other.toml", "--isolated")
    assert (code, "--isolated" in err) == (2, True)


def test_two_files(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "flasklint.toml").write_text("ignore = ['upstream']\n")
    (folder / "pyproject.toml").write_text(TABLE)
    code, _, err = run(capsys, ".")
    assert code == 0
    assert "warning: flasklint.toml is read, and [tool.flasklint] of pyproject.toml is not" in err


def test_mistakes_are_shown_with_their_lines(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "flasklint.toml").write_text(
        'selct = ["\\u001b[31m"]\nfail-on = "\\u001b]0;x\\u0007"\n# \x1b\n'.replace("\x1b", "")
    )
    code, out, err = run(capsys, ".")
    assert (code, out) == (2, "")
    assert " --> flasklint.toml:1:1\n" in err
    assert "^^^^^ did you mean 'select'?" in err
    assert "\x1b" not in err and "\x07" not in err
    assert err.endswith("flasklint: 2 mistakes in the settings; nothing was checked\n")


@pytest.mark.parametrize(
    ("option", "words"),
    [("nginx", "NAME=RELEASE"), ("ngin=1", "did you mean 'nginx'?"), ("nginx=new", "numbers with dots")],
)
def test_targets(folder: Path, capsys: pytest.CaptureFixture[str], option: str, words: str):
    code, _, err = run(capsys, "--target", option)
    assert code == 2
    assert words in err


def test_statistics(folder: Path, capsys: pytest.CaptureFixture[str]):
    code, out, _ = run(capsys, "--statistics", "--select", "upstream", "--quiet")
    assert (code, out) == (1, "1  error    upstream-bind-mismatch  1 by --fix\n")
    assert run(capsys, "--statistics", "--files")[0] == 2


def test_verbose(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "flasklint.toml").write_text("[paths]\n'/srv/flaskapp' = '.'\n")
    plain = run(capsys, ".")[1]
    _, out, err = run(capsys, "--verbose")
    assert out.rpartition(";")[0] == plain.rpartition(";")[0]
    for words in (
        "settings: flasklint.toml",
        "/srv/flaskapp on the target is ./",
        "service flaskapp.service (systemd/flaskapp.service:10), started by systemd",
        "gunicorn listens on 127.0.0.1:8000 (systemd/flaskapp.service:10)",
        "loads app:app (systemd/flaskapp.service:10) from app.py",
        "here since it lies nearest",
        "forwards to http://127.0.0.1:8080, where nobody of the input listens",
    ):
        assert words in err


def test_timings(folder: Path, capsys: pytest.CaptureFixture[str]):
    from flasklint import rule, timings
    from flasklint.read import nginx

    before = (rule.load, nginx.read)
    code, _, err = run(capsys, "--timings")
    assert code == 1
    assert (rule.load, nginx.read) == before
    assert "seconds" in err and "reader" in err and "rule" in err
    measured = timings.Timings()
    with measured.measuring():
        cli.run(["--quiet"])
    spent = {(one.kind, one.name): one for one in measured.spent}
    assert {name for kind, name in spent if kind == "stage"} == set(timings.STAGES)
    assert spent["reader", "nginx"].calls == 1
    assert spent["rule", "upstream-bind-mismatch"].calls >= 1
    assert all(one.seconds >= 0 for one in measured.spent)


def test_no_settings_file_costs_nothing(folder: Path):
    """No parser of TOML is loaded for a pyproject.toml that says nothing to flasklint."""
    (folder / "pyproject.toml").write_text("[tool.black]\nline-length = 100\n")
    (folder / "requirements.txt").unlink()
    script = "import sys\nfrom flasklint.cli import run\nrun(['nginx'])\nprint('LOADED', *sys.modules)\n"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.partition("LOADED")[2].split())
    assert "flasklint.config" in loaded
    assert not loaded & {"tomllib", "packaging", "flasklint.config.load", "flasklint.config.keys"}


PROGRESS = """
import os, select, signal, sys, time
sys.path.insert(0, {root!r})
from flasklint.progress import Progress
with Progress(2, 0.1):
    if os.fork() == 0:
        time.sleep(0.3)
        os._exit(any(signal.getitimer(signal.ITIMER_REAL)))
    print(os.waitstatus_to_exitcode(os.wait()[1]), flush=True)
    while not select.select([0], [], [], 0)[0]:
        sum(range(1000))
print("done")
"""


def test_progress_on_a_terminal():
    """The line comes and comes again, stays one line, and is gone at the end; a fork has no timer to show it."""
    ours, theirs = pty.openpty()
    script = PROGRESS.format(root=str(ROOT))
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", script], stdin=pipe, stdout=pipe, stderr=theirs, text=True) as child:
        shown = ""
        while shown.count("at work") < 2 and select.select([ours], [], [], 60)[0]:
            shown += os.read(ours, 4096).decode()
        out, _ = child.communicate("enough", timeout=60)
    os.close(theirs)
    while not shown.endswith("\r\x1b[K"):
        shown += os.read(ours, 4096).decode()
    os.close(ours)
    assert out == "0\ndone\n"
    assert re.match(r"\r\x1b\[Kflasklint: at work, \d+ s", shown)
    assert shown.count("at work") >= 2
    assert "\n" not in shown


def test_no_progress_without_a_terminal(folder: Path):
    done = subprocess.run(
        [sys.executable, "-m", "flasklint"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
