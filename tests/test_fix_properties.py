"""What holds of every fix, for the deployments of all rules, cases, stories and the corpus.

FLASKLINT_EXAMPLES=1000 tries more of them.
"""

import os
import stat
from collections import Counter
from collections.abc import Callable
from contextlib import chdir
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flasklint import rule as rules
from flasklint.finding import Finding, Severity
from flasklint.fix import fix
from flasklint.result import Result
from flasklint.run import lint
from flasklint.settings import Settings
from tests.deployments import fix_files, lay_out
from tests.differential.nginx_program import HEAD, HTTP, judge
from tests.programs import NGINX, SYSTEMD, needs
from tests.read import systemd_oracle

TESTS = Path(__file__).parent
EXAMPLES = int(os.environ.get("FLASKLINT_EXAMPLES", "60"))
FIXING = [name for name in rules.names() if rules.get(name).fixed]
quick = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@cache
def deployments() -> list[dict[str, str]]:
    """Every deployment of the tests, by paths and texts."""
    texts = [rules.get(name).bad for name in rules.names()]
    texts += [path.read_text(encoding="utf-8") for path in sorted(TESTS.glob("cases/*/*.txt"))]
    texts += [path.read_text(encoding="utf-8") for path in sorted(TESTS.glob("stories/*.txt"))]
    found = [rules.example(text).files for text in texts if "-- " in text]
    for folder in sorted((TESTS.parent / "corpus").iterdir()):
        if folder.is_dir() and folder.name != "expected":
            files = (path for path in sorted(folder.rglob("*")) if path.is_file())
            found.append({str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in files})
    return [files for files in found if files]


def counts(findings: tuple[Finding, ...]) -> Counter[tuple[str, str]]:
    return Counter((one.rule, one.at.path) for one in findings)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def check(folder: Path, unsafe: bool) -> tuple[Result, dict[str, bytes], dict[str, bytes]]:
    """Fix what lies in a folder, twice, and compare with what a fresh run says of it."""
    wanted = Settings(fixes="make", unsafe_fixes=unsafe)
    with chdir(folder):
        old, before = contents(folder), lint(["."], Settings())
        result = fix(["."], wanted)
        new, after = contents(folder), lint(["."], Settings())
        again = fix(["."], wanted)
        assert not again.fixed and not again.changes and contents(folder) == new, "a second --fix changes something"
    assert [one.message for one in after.findings] == [one.message for one in result.findings]
    had, has, fixed = (counts(each) for each in (before.findings, after.findings, result.fixed))
    for key in fixed:
        assert has[key] < max(had[key], 1), f"{key} is still there"  # another fix may have brought it to light
    for one in after.findings:
        new_one = one.level is Severity.ERROR and has[one.rule, one.at.path] > had[one.rule, one.at.path]
        assert not new_one, f"new: {one.rule} {one.message}"
    assert {change.path for change in result.changes} == {path for path in new if new[path] != old.get(path)}
    return result, old, new


@quick
@given(data=st.data(), unsafe=st.booleans())
def test_fixing_helps_brings_nothing_and_is_done_once(
    data: st.DataObject, unsafe: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    files = data.draw(st.sampled_from(deployments()))
    folder = lay_out(files, tmp_path_factory.mktemp("fix"))
    _, old, new = check(folder, unsafe)
    for path, data_before in old.items():
        assert not _comments(data_before) - Counter(map(bytes.strip, new[path].split(b"\n"))), "a comment is lost"


def _comments(data: bytes) -> Counter[bytes]:
    """Whole lines that are comments; one that ignores a rule may go where nothing is to be ignored."""
    lines = map(bytes.strip, data.split(b"\n"))
    return Counter(line for line in lines if line.startswith(b"#") and b"flasklint:" not in line)


# ----------------------------------------------------------------------------- layout and what is kept


def crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def marked(text: str) -> str:
    """Put a byte order mark in front, which nginx does not take."""
    return text if "server {" in text else "\ufeff" + text


def commented(text: str) -> str:
    return "# für é and 漢字: a comment, then a blank line\n\n" + text


def indented(text: str) -> str:
    """Indent by tabs where nginx or systemd read it."""
    return text.replace("    ", "\t") if "server {" in text or "[Service]" in text else text


@pytest.mark.parametrize("change", [crlf, commented, indented], ids=lambda change: change.__name__)
@pytest.mark.parametrize("name", FIXING)
def test_a_fix_keeps_the_layout(name: str, change: Callable[[str], str], tmp_path: Path) -> None:
    one = rules.get(name)
    bad, good = rules.example(one.bad).files, rules.example(one.fixed).files
    _, files = fix_files({path: change(text) for path, text in bad.items()}, tmp_path, select=[name], unsafe=True)
    assert files == {path: change(text) for path, text in good.items()}


@pytest.mark.parametrize("name", FIXING)
def test_a_fix_keeps_mark_mode_and_links(name: str, tmp_path: Path) -> None:
    one = rules.get(name)
    bad, good = rules.example(one.bad).files, rules.example(one.fixed).files
    folder = lay_out(bad, tmp_path)
    (folder / "kept").mkdir()
    edited = [path for path in bad if bad[path] != good[path]]
    for path in edited:
        kept = folder / "kept" / f"{path.rpartition('/')[2]}.orig"
        kept.write_bytes(marked(bad[path]).encode())
        kept.chmod(0o640)
        (folder / path).unlink()
        (folder / path).symlink_to(os.path.relpath(kept, (folder / path).parent))
    with chdir(folder):
        fix(["."], Settings(select=(name,), fixes="make", unsafe_fixes=True))
    for path in edited:
        assert (folder / path).is_symlink()
        assert (folder / path).read_bytes().decode() == marked(good[path])
        assert stat.S_IMODE((folder / path).stat().st_mode) == 0o640


# --------------------------------------------------------------------------------- the real programs


@needs(NGINX)
def test_nginx_accepts_what_it_accepted(tmp_path: Path) -> None:
    asked = 0
    for number, name in enumerate(FIXING):
        one = rules.get(name)
        bad, good = rules.example(one.bad).files, rules.example(one.fixed).files
        if not any("server {" in text for text in bad.values()):
            continue
        said = [_nginx(files, tmp_path / f"{number}-{side}") for side, files in enumerate((bad, good))]
        asked += not said[0]
        assert not said[1] or said[0], (name, said[1])
    assert asked > 5


def _nginx(files: dict[str, str], folder: Path) -> str:
    lay_out(files, folder)
    sites = [path for path, text in files.items() if "server {" in text or "upstream " in text]
    includes = "".join(f"include {folder / path};\n" for path in sites)
    (folder / "temp").mkdir()
    main = folder / "main.conf"
    main.write_text(f"{HEAD}http {{\n{HTTP}{includes}}}\n")
    return judge(folder, main)


@needs(SYSTEMD)
def test_systemd_loads_what_it_loaded() -> None:
    units: dict[str, str] = {}
    for number, name in enumerate(FIXING):
        for side, text in (("bad", rules.get(name).bad), ("fixed", rules.get(name).fixed)):
            for path, content in rules.example(text).files.items():
                if path.endswith(".service") and ".d/" not in path:
                    units[f"{side}-{number}-{path.rpartition('/')[2]}"] = content
    answer = systemd_oracle.ask(units)
    pairs = [(name, name.replace("bad-", "fixed-", 1)) for name in units if name.startswith("bad-")]
    assert len(pairs) > 10
    for bad, fixed in pairs:
        if bad in answer.units and answer.units[bad].state == "loaded":
            assert answer.units[fixed].state == "loaded", fixed
        before, after = (len(answer.messages.get(name, ())) for name in (bad, fixed))
        assert after <= before, answer.messages[fixed]
