"""What docs/ci.md shows to copy can be copied: it parses, and what it names is there."""

import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from flasklint import __version__
from flasklint.cli import cli
from flasklint.report import _targets

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)
YAML = [text for language, text in SNIPPETS if language == "yaml"]
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
COMPONENT = list(yaml.safe_load_all((ROOT / "templates/flasklint.yml").read_text()))
COMMAND = re.compile(r"(?:^|[\s/'])flasklint((?: (?:-|\.|[a-z/\"$\[])[^\n<'`]*)?)", re.MULTILINE)


def snippets(kind: str) -> list[dict[str, Any]]:
    """The snippets that are the text of a file."""
    found = [yaml.safe_load(text) for text in YAML if text.startswith(f"# {kind}")]
    assert found, kind
    return found


def check(words: list[str]) -> None:
    """Let flasklint's own parser read a command line, and its own functions the formats."""
    command = cli.get_command(click.Context(cli), "check")
    context = command.make_context("check", list(words), resilient_parsing=False)
    targets = _targets.targets(context.params["forms"], context.params["output"])
    assert targets


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(shlex.split(found[1].replace("[", "").replace(",", " ")), id=found[1].strip() or "flasklint")
        for _, text in SNIPPETS
        for line in text.splitlines()
        if "install" not in line and "build" not in line and "uses:" not in line and ": flasklint" not in line
        for found in COMMAND.finditer(line)
        if found[1]
    ],
)
def test_commands_are_understood(words: list[str]):
    check(words)


def test_there_are_commands():
    assert sum("flasklint --f" in text for _, text in SNIPPETS) >= 4


def test_github():
    for workflow in snippets(".github/"):
        (job,) = workflow["jobs"].values()
        for step in job["steps"]:
            if step.get("uses", "").startswith("flasklint/flasklint@"):
                assert step["uses"].endswith(f"@v{__version__}")
                assert set(step["with"]) <= set(ACTION["inputs"])
            elif "uses" in step:
                assert re.search(r"@[0-9a-f]{40}$", step["uses"]), "pinned"
    rows = set(re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE))
    assert rows == set(ACTION["inputs"])


def test_gitlab():
    (with_component, alone) = snippets(".gitlab-ci.yml")
    (include,) = with_component["include"]
    assert set(include["inputs"]) <= set(COMPONENT[0]["spec"]["inputs"])
    assert include["component"].endswith(f"/flasklint@{__version__}"), "named as the file in templates/"
    files = alone["flasklint"]["artifacts"]["reports"]
    assert all(f":{file}" in alone["flasklint"]["script"][-1] for file in files.values())


def test_the_component():
    job = COMPONENT[1]["flasklint"]
    command = job["script"][-1]
    assert all(f":{file}" in command for file in job["artifacts"]["reports"].values())
    used = set(re.findall(r"\$\[\[ inputs\.([\w-]+) \]\]", str(job)))
    assert used == set(COMPONENT[0]["spec"]["inputs"])
    assert "$[[" not in str(job["script"]), "what is given reaches the shell in variables only"
    words = (
        command.partition("bin/flasklint ")[2].replace("$FLASKLINT_FAIL_ON", "error").replace("$FLASKLINT_PATHS", "a b")
    )
    check(shlex.split(words))


def test_pre_commit():
    for config in snippets(".pre-commit-config.yaml"):
        for repository in config["repos"]:
            for hook in repository["hooks"]:
                assert hook["id"] in HOOKS
                check([*shlex.split(HOOKS[hook["id"]]["entry"])[1:], *hook.get("args", [])])
            assert repository["repo"] == "local" or repository["rev"] == f"v{__version__}"
