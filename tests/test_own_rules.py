"""Rules of a project's own: scaffold, loading, what is refused, and the promises that are checked."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flasklint import cli, ownrules, rule, run
from flasklint.settings import Settings

ROOT = Path(__file__).parents[1]
UNIT = "[Unit]\nDescription=The shop\n[Service]\nUser=shop\nExecStart=/srv/shop/venv/bin/gunicorn -b 127.0.0.1:8000 app:app\n"
HEAD = '"""A title\n\nA sentence that says why this hurts anybody at all.\n\nFix: do it.\n"""\n'
BODY = (
    "from flasklint.finding import Severity, finding\n"
    "from flasklint.rule import rule\n"
    '@rule("{name}", severity=Severity.WARNING, group="own", since="1.0")\n'
    "def check(deployment):\n"
    "    for service, unit in deployment.web_units:\n"
    '        yield finding(unit.at, "a unit")\n'
)


@pytest.fixture(autouse=True)
def forget(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(rule, "_added", {})
    monkeypatch.setattr(ownrules, "_loaded", {})
    (tmp_path / "shop.service").write_text(UNIT)
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith(("flasklint_rules_", "acme")):
            del sys.modules[name]


def rule_file(name: str, text: str = "", folder: str = "lint") -> Path:
    path = Path(folder, f"{name.replace('-', '_')}.py")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text or HEAD + BODY.format(name=name))
    return path


def flasklint(*args: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = cli.run(list(args))
    out, err = capsys.readouterr()
    return code, out, err


def test_what_new_writes_keeps_its_promises(capsys: pytest.CaptureFixture[str]):
    code, out, _ = flasklint("new", "unit-without-manual", capsys=capsys)
    assert code == 0 and "flasklint test lint/unit_without_manual.py" in out
    code, out, err = flasklint("test", "lint", capsys=capsys)
    assert (code, err) == (0, ""), out
    assert "unit-without-manual: kept" in out
    code, out, _ = flasklint("--rule-folder", "lint", "--format", "concise", ".", capsys=capsys)
    assert code == 1 and "unit-without-manual" in out


@pytest.mark.parametrize("name", ["../x", "Big", "missing-restart", "a_b"])
def test_new_refuses(name: str, capsys: pytest.CaptureFixture[str]):
    assert flasklint("new", name, capsys=capsys)[0] == 2
    assert not Path("lint").exists()


def test_new_overwrites_nothing(capsys: pytest.CaptureFixture[str]):
    path = rule_file("mine", "precious")
    code, _, err = flasklint("new", "mine", capsys=capsys)
    assert code == 2 and "is there already" in err
    assert path.read_text() == "precious"


def test_own_rules_are_listed_explained_selected_and_levelled(capsys: pytest.CaptureFixture[str]):
    rule_file("unit-there")
    assert "unit-there" in flasklint("rules", "--rule-folder", "lint", capsys=capsys)[1]
    assert "A title" in flasklint("explain", "unit-there", "--rule-folder", "lint", capsys=capsys)[1]
    own = ["--rule-folder", "lint", "--format", "concise"]
    code, out, _ = flasklint(*own, "--select", "unit-there", capsys=capsys)
    assert code == 1 and "unit-there" in out
    code, out, _ = flasklint(*own, "--select", "own", "--severity", "unit-there=note", capsys=capsys)
    assert code == 0 and "note" in out


def test_code_that_a_settings_file_names_is_not_run_unasked(tmp_path: Path):
    rule_file("evil", f"open({str(tmp_path / 'was-run')!r}, 'w')\n")
    settings = Settings(rule_folders=("lint",), config_file="flasklint.toml")
    with pytest.raises(
        ownrules.NotAllowedError, match=r"flasklint.toml: names rules of its own \(lint\).*--allow-plugins"
    ):
        run.lint(["."], settings)
    run.lint(["."], settings._replace(allow_plugins="no"))
    assert not (tmp_path / "was-run").exists()
    with pytest.raises(ownrules.RuleFileError):
        run.lint(["."], settings._replace(allow_plugins="yes"))
    assert (tmp_path / "was-run").exists()


def test_a_settings_file_that_speaks_of_own_rules_goes_without_them(capsys: pytest.CaptureFixture[str]):
    rule_file("mine")
    Path("flasklint.toml").write_text(
        'rule-folders = ["lint"]\nignore = ["mine", "service-runs-as-root"]\n[severity]\nmine = "note"\n'
        '[per-file-ignores]\n"*.service" = [{ rules = ["mine"], reason = "no reason" }]\n'
    )
    code, _, err = flasklint("--format", "concise", capsys=capsys)
    assert code == 2 and "flasklint.toml: names rules of its own (lint)" in err and "--allow-plugins" in err
    code, out, err = flasklint("--no-plugins", "--format", "concise", capsys=capsys)
    assert (code, err) == (1, "") and "missing-restart" in out and "mine" not in out
    code, out, err = flasklint("--allow-plugins", "--format", "concise", capsys=capsys)
    assert (code, err) == (1, "") and "mine" not in out
    code, out, err = flasklint(
        "--allow-plugins", "--no-ignores", "--select", "mine", "--format", "concise", capsys=capsys
    )
    assert "note[mine]" in out
    code, out, _ = flasklint("--plugin", "nothing_there", capsys=capsys)
    assert code == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def check(:\n", r"lint/mine.py:1: SyntaxError: "),
        ("\n\nimport nowhere_at_all\n", "lint/mine.py:3: ModuleNotFoundError: No module named 'nowhere_at_all'"),
        ("x = 1\nraise SystemExit(0)\n", "lint/mine.py:2: SystemExit: 0"),
        ("x = 1\n", "lint/mine.py: no function named check"),
        ("def check(): pass\n", "lint/mine.py: check is no rule"),
        (HEAD + BODY.format(name="yours"), "lint/mine.py: the rule is named yours, and its file mine"),
    ],
)
def test_a_broken_rule_file_is_told_with_its_line(text: str, said: str, capsys: pytest.CaptureFixture[str]):
    rule_file("mine", text)
    code, out, err = flasklint("--rule-folder", "lint", ".", capsys=capsys)
    assert (code, out) == (2, "")
    assert said in err and "Traceback" not in err


def test_names_are_given_once(capsys: pytest.CaptureFixture[str]):
    rule_file("missing-restart")
    assert "a rule of flasklint's own has the name" in flasklint("--rule-folder", "lint", capsys=capsys)[2]
    rule_file("twice", folder="one")
    rule_file("twice", folder="two")
    code, _, err = flasklint("--rule-folder", "one", "--rule-folder", "two", capsys=capsys)
    assert code == 2 and "is defined in one/twice.py already" in err
    assert flasklint("--rule-folder", "one", "--rule-folder", "one/twice.py", capsys=capsys)[0] == 1
    code, _, err = flasklint("--rule-folder", "nowhere", capsys=capsys)
    assert code == 2 and "nowhere: no such file or folder" in err


def test_files_of_a_folder_share_helpers():
    rule_file("_words", "TEXT = 'a helper'\n")
    rule_file("mine", HEAD + BODY.format(name="mine").replace('"a unit"', "TEXT") + "from ._words import TEXT\n")
    (found,) = run.lint(["."], Settings(select=("mine",), rule_folders=("lint",), allow_plugins="yes")).findings
    assert found.message == "a helper"


def test_a_rule_file_that_changes_is_loaded_again():
    settings = Settings(select=("mine",), rule_folders=("lint",), allow_plugins="yes")
    path = rule_file("mine")
    first = run.lint(["."], settings).findings
    path.write_text(path.read_text().replace("a unit", "another unit"))
    second = run.lint(["."], settings).findings
    assert [one.message for one in (*first, *second)] == ["a unit", "another unit"]


def test_plugins_are_installed_packages(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    rule_file("unit-of-acme", folder="site/acme_flasklint")
    Path("site/acme_flasklint/__init__.py").write_text("")
    monkeypatch.syspath_prepend("site")
    code, out, _ = flasklint("--plugin", "acme_flasklint", "--format", "concise", capsys=capsys)
    assert code == 1 and "unit-of-acme" in out
    assert "unit-of-acme" in flasklint("rules", "--plugin", "acme_flasklint", capsys=capsys)[1]
    code, _, err = flasklint("--plugin", "acme_other", capsys=capsys)
    assert code == 2 and "the plugin acme_other is not installed" in err


def test_what_is_not_kept_is_told(capsys: pytest.CaptureFixture[str]):
    unit = "BAD = '''\n-- shop.service --\n[Service]{mark}\nExecStart=/srv/shop/venv/bin/gunicorn app:app\n'''\n"
    rule_file("unmarked", HEAD + BODY.format(name="unmarked") + unit.format(mark=""))
    rule_file("wordless", HEAD + BODY.format(name="wordless") + unit.format(mark=" # finding: something else"))
    rule_file("shapeless", HEAD + BODY.format(name="shapeless") + "BAD = GOOD = 'some text'\n")
    code, out, err = flasklint("test", "lint", capsys=capsys)
    assert (code, err) == (1, "") and "3 rules, 3 with a promise not kept" in out
    assert "shop.service:1 is not marked, and found: a unit" in out
    assert "is found without the words 'something else'" in out
    assert "GOOD is missing" in out
    assert "an example begins with a line `-- path --`" in out


def test_cases_lie_beside_the_rules(capsys: pytest.CaptureFixture[str]):
    flasklint("new", "mine", capsys=capsys)
    case = Path("lint/cases/mine/trap.txt")
    case.parent.mkdir(parents=True)
    case.write_text(f"-- shop.service --\n{UNIT}")
    code, out, _ = flasklint("test", "lint", capsys=capsys)
    assert code == 1 and "the case is judged as it is marked" in out and "lint/cases/mine/trap.txt" in out
    documented = UNIT.replace("[Service]", "Documentation=https://example.org\n[Service]")
    case.write_text(f"-- shop.service --\n{documented}")
    code, out, _ = flasklint("test", "lint", capsys=capsys)
    assert code == 0 and "mine: kept, 1 case" in out


def test_built_in_rules_can_be_tested_by_name(capsys: pytest.CaptureFixture[str]):
    assert flasklint("test", "missing-restart", capsys=capsys)[0] == 0
    code, _, err = flasklint("test", capsys=capsys)
    assert code == 2 and "flasklint test lint/" in err
    code, _, err = flasklint("test", "mising-restart", capsys=capsys)
    assert code == 2 and "missing-restart" in err


def test_a_common_run_does_not_load_it():
    code = "import sys; from flasklint.cli import run; run(['.']); print('flasklint.ownrules' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert done.stdout.splitlines()[-1] == "False"
