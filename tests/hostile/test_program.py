"""The program itself under bad conditions: a full disk, a folder that is read-only, Ctrl-C, a reader that goes away."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flasklint.finding import finding
from flasklint.settings import Settings
from flasklint.sift import sift
from flasklint.source import Source

from .child import ROOT, flasklint
from .trees import APP, COMMAND, NEIGHBOUR, UNIT, put


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    for name, text in NEIGHBOUR.items():
        put(root, name, text)
    return root


def test_a_full_disk_leaves_the_old_report(root: Path, tmp_path: Path):
    report = tmp_path / "report"
    report.write_text("old")
    done = flasklint("--output", "../report/x", cwd=root, scratch=tmp_path)
    assert (done.code, done.out) == (2, "")
    done = flasklint("--output", "/dev/full", cwd=root, scratch=tmp_path)
    assert (done.code, done.err) == (2, "flasklint: /dev/full: no space left on device\n")
    command = f"ulimit -f 1; exec {sys.executable} -m flasklint --format json --output ../report"
    full = subprocess.run(
        ["bash", "-c", command], cwd=root, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)}
    )
    assert (full.returncode, full.stdout) == (2, "")
    assert "too large" in full.stderr
    assert report.read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["err", "opened", "out", "report", "root"]


def test_a_folder_that_cannot_be_written(root: Path, tmp_path: Path):
    folder = tmp_path / "closed"
    folder.mkdir()
    (folder / "report").write_text("old")
    folder.chmod(0o555)
    done = flasklint("--output", "../closed/report", cwd=root, scratch=tmp_path, powerless=True)
    folder.chmod(0o755)
    assert done.code == 2
    assert done.err.endswith(": permission denied\n")
    assert (folder / "report").read_text() == "old"
    assert os.listdir(folder) == ["report"]


def test_the_screen_is_full(root: Path):
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "flasklint"]
        done = subprocess.run(command, cwd=root, stdout=full, stderr=subprocess.PIPE, env={"PYTHONPATH": str(ROOT)})
    assert done.returncode != 0
    assert b"Traceback" not in done.stderr


def test_ctrl_c(root: Path, tmp_path: Path):
    for number in range(1_000):
        put(root, f"{number}/shop.service", UNIT.format(command=COMMAND.format("")))

    def interrupt(pid: int) -> None:
        time.sleep(0.8)
        os.kill(pid, signal.SIGINT)

    done = flasklint("--output", "../report", cwd=root, scratch=tmp_path, meanwhile=interrupt)
    assert done.code in (130, 1)  # 1: it was done before the signal came
    assert "Traceback" not in done.err
    assert not list(tmp_path.glob(".report*"))
    report = tmp_path / "report"
    assert report.exists() or done.code == 130
    if report.exists():  # written before the signal came: then whole, to the time at its end
        assert report.read_text().endswith(" s\n")


def test_a_reader_that_goes_away(root: Path):
    for number in range(200):
        put(root, f"{number}.conf", NEIGHBOUR["neighbour/site.conf"])
    command = f"{sys.executable} -m flasklint | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=root, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)}
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.count("\n") == 1


def test_time_is_linear_in_deployments(tmp_path: Path):
    took = []
    for number in (100, 400):
        root = tmp_path / f"root{number}"
        for each in range(number):
            put(
                root,
                f"{each}/shop.service",
                UNIT.format(command=COMMAND.format("")).replace(":8000", f":{20_000 + each}"),
            )
            put(root, f"{each}/wsgi.py", APP)
            put(
                root,
                f"{each}/nginx.conf",
                f"server {{ location / {{ proxy_pass http://127.0.0.1:{20_000 + each}; }} }}\n",
            )
        done = flasklint("--format", "concise", cwd=root, scratch=tmp_path)
        assert done.code == 1, done.err
        assert done.megabytes < 200
        took.append(done.seconds)
    assert took[1] < 7 * took[0] + 1


def test_ten_thousand_findings_of_one_line():
    source = Source(
        "nginx.conf", "x " * 10_000 + " # flasklint: ignore[" + "*a*, " * 20_000 + "some-rule] they are meant"
    )
    found = [finding(source.span(at, at + 1), "it breaks")._replace(rule="some-rule") for at in range(10_000)]
    started = time.process_time()
    kept, ignored = sift(found, Settings())
    assert time.process_time() - started < 1.5
    assert (len(kept), len(ignored)) == (0, 10_000)
