"""The command line: options, exit codes, what goes where."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from flasklint import __version__, cli, run
from flasklint.deployment import Deployment
from flasklint.finding import Finding, Severity, finding
from flasklint.result import FoundFile, Result
from flasklint.rule import UnknownSelectorError, names
from flasklint.settings import Settings
from flasklint.source import Source

ROOT = Path(__file__).parents[1]
SOURCE = Source("shop.service", "[Service]\nExecStart=x\n")


def fault(severity: Severity) -> Finding:
    return finding(SOURCE.line_span(2), "it breaks")._replace(rule="some-rule", severity=severity)


def result(*levels: Severity, crashes: int = 0, deployments: int = 1) -> Result:
    whole = (Deployment("shop"),) * deployments
    files = (FoundFile("shop.service", "systemd", "shop"),) * deployments
    return Result(tuple(fault(level) for level in levels), whole, files, (), (), crashes, 0.01)


class Lint:
    """Stands for `run.lint`, remembers what it was asked and answers what it was told."""

    def __init__(self) -> None:
        self.answer: Result | BaseException = result()
        self.paths: list[str] = []
        self.settings = Settings()

    def __call__(self, paths: Sequence[str], settings: Settings) -> Result:
        self.paths, self.settings = list(paths), settings
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


@pytest.fixture
def lint(monkeypatch: pytest.MonkeyPatch) -> Lint:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    stand_in = Lint()
    monkeypatch.setattr(run, "lint", stand_in)
    return stand_in


def test_paths_and_settings(lint: Lint):
    select = ["--select", "x,y", "--select", "z", "--ignore", "w"]
    levels = ["--severity", "waitress-on-*=note", "--fail-on", "error"]
    assert cli.run(["a", "b", *select, *levels, "--cores", "4", "--server", "waitress"]) == 0
    assert lint.paths == ["a", "b"]
    assert lint.settings == Settings(
        select=("x", "y", "z"),
        ignore=("w",),
        severities={"waitress-on-linux": Severity.NOTE},
        fail_on=Severity.ERROR,
        cores=4,
        server="waitress",
    )


@pytest.mark.parametrize(
    ("arguments", "paths"),
    [
        ([], ["."]),
        (["check"], ["."]),
        (["./check"], ["./check"]),
        (["check", "rules"], ["rules"]),
        (["x"], ["x"]),
    ],
)
def test_which_paths(lint: Lint, arguments: list[str], paths: list[str]):
    assert cli.run(arguments) == 0
    assert lint.paths == paths


def test_root_is_a_host(lint: Lint):
    assert cli.run(["--root", "image"]) == 0
    assert lint.paths == ["image"]
    assert lint.settings.root_is_host
    assert cli.run(["--root", "image", "etc"]) == 2


@pytest.mark.parametrize(
    ("answer", "arguments", "code"),
    [
        (result(), [], 0),
        (result(Severity.NOTE), [], 0),
        (result(Severity.WARNING), [], 1),
        (result(Severity.WARNING), ["--fail-on", "error"], 0),
        (result(Severity.NOTE), ["--fail-on", "note"], 1),
        (result(Severity.ERROR), ["--exit-zero"], 0),
        (result(Severity.ERROR), ["--format", "json"], 1),
        (result(Severity.ERROR), ["--format", "concise", "--quiet"], 1),
        (result(Severity.ERROR), ["--files"], 1),
        (result(crashes=1), [], 2),
        (result(crashes=1), ["--exit-zero"], 2),
        (result(deployments=0), [], 2),
        (result(deployments=0), ["--format", "json"], 2),
        (KeyboardInterrupt(), [], 130),
        (RuntimeError("oh"), [], 2),
        (FileNotFoundError("nowhere"), [], 2),
    ],
)
def test_exit_code(lint: Lint, answer: Result | BaseException, arguments: list[str], code: int):
    lint.answer = answer
    assert cli.run(arguments) == code


@pytest.mark.parametrize(
    ("arguments", "answer", "said"),
    [
        ([], result(deployments=0), "nothing to lint in ."),
        (["explian", "x"], FileNotFoundError("explian"), "did you mean the command 'explain'"),
        (["--config", "confi"], FileNotFoundError("confi"), "flasklint: confi: no such file or folder\n"),
        (["--formt", "json"], result(), "--format"),
        (["--format", "jsn"], result(), "json"),
        (["--severity", "x"], result(), "'x' is not RULE=LEVEL"),
        (["--severity", "x=note"], result(), "no rule or group 'x'"),
        (["--severity", "x=fatal"], result(), "'fatal' is no severity: use error, warning, note"),
        ([], RuntimeError("oh\x1b[2J"), "internal error, please report it: RuntimeError: oh␛[2J"),
        ([], UnknownSelectorError("upstrm", ["upstream"]), "no rule or group 'upstrm'; did you mean upstream?"),
        (["--output", "no/such/folder"], result(), "no such file or folder"),
    ],
)
def test_misuse_is_explained(
    lint: Lint,
    arguments: list[str],
    answer: Result | BaseException,
    said: str,
    capsys: pytest.CaptureFixture[str],
):
    lint.answer = answer
    assert cli.run(arguments) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""


def test_nothing_to_lint_is_still_json(lint: Lint, capsys: pytest.CaptureFixture[str]):
    lint.answer = result(deployments=0)
    cli.run(["--format", "json"])
    assert json.loads(capsys.readouterr().out)["deployments"] == []


# ---------------------------------------------------------------------------------------------- output


def test_output_is_replaced_as_a_whole(lint: Lint, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    real, link = tmp_path / "report.json", tmp_path / "link.json"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    assert cli.run(["--format", "json", "--output", str(link)]) == 0
    assert json.loads(real.read_text())["schema"] == "flasklint/v1"
    assert real.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()
    assert sorted(os.listdir(tmp_path)) == ["link.json", "report.json"]
    assert capsys.readouterr().out == ""


def test_output_that_fails_leaves_the_old_file(lint: Lint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    report = tmp_path / "report.txt"
    report.write_text("old")
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    assert cli.run(["--output", str(report)]) == 2
    assert report.read_text() == "old"
    assert os.listdir(tmp_path) == ["report.txt"]


@pytest.mark.parametrize(
    ("environment", "arguments", "colored"),
    [
        ({}, [], False),
        ({"FORCE_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
        ({"NO_COLOR": "1"}, ["--color", "always"], True),
        ({"FORCE_COLOR": "1"}, ["--color", "never"], False),
    ],
)
def test_color(
    lint: Lint,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    environment: dict[str, str],
    arguments: list[str],
    colored: bool,
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    lint.answer = result(Severity.ERROR)
    cli.run(arguments)
    assert ("\x1b[" in capsys.readouterr().out) is colored


def test_quiet_says_nothing_when_clean(lint: Lint, capsys: pytest.CaptureFixture[str]):
    cli.run(["--quiet"])
    assert capsys.readouterr() == ("", "")


# ---------------------------------------------------------------------------------------- whole program


Program = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    def call(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "flasklint", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **more}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)

    return call


UNIT = """\
[Unit]
Description=shop
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn -b 127.0.0.1:8000 app:app
Restart=always
[Install]
WantedBy=multi-user.target
"""
NGINX = """\
server {
    listen 80;
    server_name shop.test;
    location / {
        proxy_pass http://127.0.0.1:8001;
        include proxy_params;
    }
}
"""


def test_a_deployment_from_end_to_end(program: Program, tmp_path: Path):
    (tmp_path / "shop.service").write_text(UNIT)
    (tmp_path / "site.conf").write_text(NGINX)
    (tmp_path / "app.py").write_text("from flask import Flask\napp = Flask(__name__)\n")
    (tmp_path / "requirements.txt").write_text("flask\ngunicorn\n")
    done = program("--format", "json", "--select", "upstream-bind-mismatch")
    assert (done.returncode, done.stderr) == (1, "")
    [found] = json.loads(done.stdout)["findings"]
    assert (found["rule"], found["path"], found["line"]) == ("upstream-bind-mismatch", "site.conf", 5)
    ignore = "# flasklint: ignore[upstream-bind-mismatch] a second server is started by hand"
    (tmp_path / "site.conf").write_text(NGINX.replace("        proxy_pass", f"{ignore}\n        proxy_pass"))
    done = program("--select", "upstream-bind-mismatch")
    assert done.returncode == 0
    assert "; 1 ignored;" in done.stdout


def test_version(program: Program):
    done = program("--version")
    assert (done.returncode, done.stdout) == (0, f"flasklint {__version__}\n")


def test_help_lists_options_and_commands(program: Program):
    shown = program("--help").stdout
    for word in ("--fail-on", "--root", "explain", "rules", "--version"):
        assert word in shown


def test_rules_and_explain(program: Program):
    listed = json.loads(program("rules", "--format", "json").stdout)
    assert sorted(rule["name"] for rule in listed) == names()
    for rule in listed:
        assert rule["name"] in program("rules").stdout
        break
    shown = program("explain", listed[0]["name"]).stdout
    assert listed[0]["title"] in shown
    assert "Fix:" in shown
    unknown = program("explain", listed[0]["name"][:-1])
    assert unknown.returncode == 2
    assert f"did you mean {listed[0]['name']}" in unknown.stderr


def test_path_that_does_not_exist(program: Program):
    done = program("nowhere/at/all")
    assert done.returncode == 2
    assert done.stderr == "flasklint: nowhere/at/all: no such file or folder\n"


def test_reader_that_goes_away(tmp_path: Path):
    command = f"{sys.executable} -m flasklint --help | true; exit ${{PIPESTATUS[0]}}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", command], env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert done.stderr == ""


def test_files_of_an_empty_folder_say_why_the_status_is_2(program: Program):
    done = program("--files")
    assert (done.returncode, done.stderr) == (2, "flasklint: nothing to lint in .\n")


def test_terminal_that_knows_ascii_only(program: Program, tmp_path: Path):
    (tmp_path / "shop.service").write_text(UNIT.replace("Description=shop", "Description=Café"))
    done = program("--files", PYTHONIOENCODING="ascii")
    assert "Traceback" not in done.stderr
    assert "shop.service" in done.stdout


def test_an_application_alone_is_no_clean_deployment(program: Program, tmp_path: Path):
    (tmp_path / "app.py").write_text("from flask import Flask\napp = Flask(__name__)\n")
    (tmp_path / "requirements.txt").write_text("flask\n")
    done = program()
    assert done.returncode == 2
    assert "nothing to lint in ." in done.stderr


def test_public_names(tmp_path: Path):
    from flasklint import lint

    (tmp_path / "shop.service").write_text(UNIT)
    (tmp_path / "site.conf").write_text(NGINX)
    found = lint(tmp_path, select=["upstream-bind-mismatch"], severities={"upstream-*": "note"})
    assert [(one.rule, one.level) for one in found.findings] == [("upstream-bind-mismatch", Severity.NOTE)]
