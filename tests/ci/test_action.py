"""action.yml: its steps are run as a runner does, and what is given to it never becomes a command."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.programs import needs

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
ZIZMOR = str(Path(sys.executable).with_name("zizmor"))
BASH = shutil.which("bash") or "/bin/bash"
STEPS: dict[str, dict[str, Any]] = {step["name"]: step for step in ACTION["runs"]["steps"]}


def test_inputs_reach_the_shell_in_variables_only():
    for step in STEPS.values():
        assert "${{" not in step.get("run", "")


def test_what_is_used_is_pinned():
    used = [step["uses"] for step in STEPS.values() if "uses" in step]
    assert used
    assert all(len(one.partition("@")[2]) == 40 for one in used)


@needs(ZIZMOR)
def test_zizmor_finds_nothing(tmp_path: Path):
    (tmp_path / "action.yml").write_bytes((ROOT / "action.yml").read_bytes())
    workflows = tmp_path / ".github/workflows"
    workflows.mkdir(parents=True)
    page = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    for number, text in enumerate(page.split("```yaml\n# .github/")[1:]):
        (workflows / f"{number}.yml").write_text(f"# {text.partition('```')[0]}")
    done = subprocess.run(
        [ZIZMOR, "--offline", "--no-progress", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "No findings to report" in done.stdout + done.stderr


class Runner:
    """A folder with a checkout, and what a runner lays beside it."""

    def __init__(self, folder: Path) -> None:
        self.checkout, self.temp = folder / "checkout", folder / "temp"
        self.output, self.summary = folder / "output", folder / "summary"
        shutil.copytree(ROOT / "corpus/wrong-port", self.checkout / "deploy")
        bin_folder = self.temp / "flasklint/bin"
        bin_folder.mkdir(parents=True)
        (bin_folder / "flasklint").write_text(f'#!/bin/sh\nexec {sys.executable} -m flasklint "$@"\n')
        (bin_folder / "flasklint").chmod(0o755)
        for file in (self.output, self.summary):
            file.touch()

    def lint(self, **given: str) -> subprocess.CompletedProcess[str]:
        """Run the step with these inputs, and defaults for the others."""
        step = STEPS["Lint"]
        inputs = {name: one["default"] for name, one in ACTION["inputs"].items()} | given
        values = {name: inputs[text[len("${{ inputs.") : -len(" }}")]] for name, text in step["env"].items()}
        paths = {"RUNNER_TEMP": self.temp, "GITHUB_OUTPUT": self.output, "GITHUB_STEP_SUMMARY": self.summary}
        return subprocess.run(
            [BASH, "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.checkout,
            env={**os.environ, **values, **{k: str(v) for k, v in paths.items()}, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def test_findings_fail_the_step(runner: Runner):
    done = runner.lint()
    assert done.returncode == 1, done.stderr
    assert "error[upstream-bind-mismatch]" in done.stdout
    assert re.search(r"^::error .*file=deploy/nginx/flaskapp\.conf,line=10", done.stdout, re.MULTILINE)
    assert "upstream-bind-mismatch" in runner.summary.read_text()
    sarif = runner.output.read_text().strip().partition("sarif=")[2]
    assert Path(sarif).read_text().startswith("{")


def test_inputs(runner: Runner):
    assert runner.lint(**{"fail-on": "never"}).returncode == 0
    assert runner.lint(args="--ignore\nupstream-bind-mismatch\n").returncode == 0
    assert runner.lint(paths="deploy/systemd\ndeploy/app.py\n").returncode == 0, "nginx is not among them"
    before = runner.summary.read_text()
    assert runner.lint(summary="false").returncode == 1
    assert runner.summary.read_text() == before
    assert runner.lint(paths="nowhere").returncode == 2
    assert runner.lint(**{"fail-on": "sometimes"}).returncode == 2


@pytest.mark.parametrize("name", ["paths", "args", "fail-on", "summary"])
def test_no_input_is_run(runner: Runner, name: str):
    for text in ("$(touch pwned)", "`touch pwned`", "; touch pwned", '"; touch pwned; "', "a\n; touch pwned", "--\n*"):
        runner.lint(**{name: text})
        assert sorted(path.name for path in runner.checkout.iterdir()) == ["deploy"]
