"""What git leaves out is left out: git itself is asked about generated trees."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flasklint import lint
from flasklint import rule as rules
from flasklint.tree import Tree
from tests.deployments import lint_files

EXAMPLES = int(os.environ.get("FLASKLINT_EXAMPLES", "100"))
UNIT = "[Service]\nUser=shop\nExecStart=/srv/shop/venv/bin/gunicorn -b 127.0.0.1:8000 app:app\n"
NAMES = st.sampled_from(["a", "b", "ab", "a.b", "[", "a b", "B", "-", "ä", ".c", "#", "!a", "a\\"])
LITERALS = st.sampled_from(["a", "b", "ab", "a.b", "ä", ".c", "-"])
GLOBS = st.sampled_from(
    ["*", "?", "**", "a*", "*b", "*.b", "a*b", "*a*", "***", "[ab]", "[!a]", "[^b]*", "[a-b]", "[b-a]", "[]-]", "[a",
     "[[:lower:]]", "[[:lower:][:punct:]]*", "[[:nothing:]]", "[[:a]", "\\a", "\\*", "\\", "\\#", "\\!a", "a\\ ", "a ",
     "[\\]]", "[a\\-]", "[!-~]", "[+--]"]
)  # fmt: skip
PARTS = st.one_of(LITERALS, GLOBS)
PATTERNS = st.tuples(
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "/", "**/"]),
    st.lists(PARTS, min_size=1, max_size=3).map("/".join),
    st.sampled_from(["", "", "/", "/**", "/*", " ", "\r"]),
).map("".join)
LINES = st.one_of(PATTERNS, st.sampled_from(["", "# a", "/", "!", "//a", "a//", "\ufeffa"]))
IGNORES = st.lists(LINES, max_size=5)
PATHS = st.lists(st.lists(NAMES, min_size=1, max_size=4).map("/".join), min_size=1, max_size=12)


def write(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8", newline="")
    return root


@pytest.fixture(scope="module")
def repository() -> Iterator[Path]:
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    with TemporaryDirectory() as folder:
        subprocess.run(["git", "init", "-q", folder], check=True)
        yield Path(folder)


def left_out(repository: Path, paths: list[str]) -> set[str]:
    """Return those paths that git leaves out, or that lie in a folder which it leaves out."""
    done = subprocess.run(
        [
            "git",
            "-c",
            "core.excludesFile=",
            "-c",
            "core.ignoreCase=false",
            "check-ignore",
            "--no-index",
            "-z",
            "--stdin",
        ],
        cwd=repository,
        input="\0".join(paths),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return set(done.stdout.split("\0")) - {""}


def laid(repository: Path, paths: list[str], ignores: dict[str, list[str]]) -> None:
    """Lay a tree: the paths are files where no other path goes through them."""
    for old in repository.iterdir():
        if old.name != ".git":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    for path in paths:
        file = repository / path
        if not file.is_dir() and all(not above.is_file() for above in file.parents):
            write(repository, {path: ""})
    for folder, lines in ignores.items():
        if (repository / folder).is_dir():
            write(repository, {f"{folder}/.gitignore": "\n".join(lines)})
    write(repository, {".git/info/exclude": "\n".join(ignores.get(".git", []))})


@example(["a"], ["a/a", "[a/[ab]"], [], [])  # a slash in a set
@example(["ä"], ["?"], [], [])  # two bytes
@settings(max_examples=EXAMPLES, deadline=None)
@given(PATHS, IGNORES, st.one_of(st.just([]), IGNORES), st.one_of(st.just([]), IGNORES))
def test_git_agrees(repository: Path, paths: list[str], top: list[str], inner: list[str], exclude: list[str]):
    laid(repository, paths, {".": top, "a": inner, "b/a": inner, ".git": exclude})
    real = [os.path.relpath(file, repository) for file in repository.rglob("*") if file.is_file()]
    real = [path for path in real if not path.startswith(".git/") and "/." not in f"/{path}"]
    tree = Tree(str(repository))
    assert {path for path in real if not tree.is_file(path)} == left_out(repository, real)
    part = "a" if (repository / "a").is_dir() else ""  # what lies above the input counts, too
    inside = {path for path in tree.paths if not part or path.startswith("a/")}
    if part and not left_out(repository, ["a"]):
        assert {f"a/{path}" for path in Tree(str(repository / "a")).paths} == inside


@pytest.mark.parametrize(
    ("lines", "seen"),
    [
        ("*.service\n", set()),
        ("*.service\n!shop.service\n", {"deploy/shop.service"}),
        ("deploy/\n!shop.service\n", set()),  # nothing comes back out of a folder that is left out
        ("/shop.service\n", {"deploy/shop.service"}),
        ("deploy/*.service # a comment is a line of its own\n", {"deploy/shop.service"}),
    ],
)
def test_patterns(tmp_path: Path, lines: str, seen: set[str]):
    write(tmp_path, {"deploy/shop.service": UNIT, ".gitignore": lines})
    assert {path for path in Tree(str(tmp_path)).paths if path.endswith(".service")} == seen


def test_what_is_given_by_name_is_looked_at(tmp_path: Path):
    write(
        tmp_path, {"build/shop.service": UNIT, "build/x.log": "", ".gitignore": "build/\n*.log\n.env\n", ".env": "A=b"}
    )
    assert set(Tree(str(tmp_path)).paths) == {".gitignore"}
    assert set(Tree(str(tmp_path), ["build", ".env"]).paths) == {"build/shop.service", ".env"}
    assert set(Tree(str(tmp_path / "build")).paths) == {"shop.service", "x.log"}  # no .git: it ends at the input
    (tmp_path / ".git").mkdir()
    assert set(Tree(str(tmp_path / "build")).paths) == {"shop.service"}
    assert "build/shop.service" in set(Tree(str(tmp_path), gitignore=False).paths)


def test_skipped_folders_are_looked_at_when_they_are_named(tmp_path: Path):
    write(
        tmp_path,
        {".secret/a.service": UNIT, "node_modules/b.service": UNIT, "c/venv/pyvenv.cfg": "", "c/venv/x.py": ""},
    )
    assert set(Tree(str(tmp_path)).paths) == set()
    named = Tree(str(tmp_path), [".secret", "node_modules", "c/venv"])
    assert set(named.paths) == {".secret/a.service", "node_modules/b.service", "c/venv/pyvenv.cfg", "c/venv/x.py"}


def test_a_hidden_file_is_not_missing(tmp_path: Path):
    write(tmp_path, {".gitignore": "/secret.env\nbuilt/\n*.gen.py\n", "secret.env": "", "app.py": ""})
    tree = Tree(str(tmp_path))
    assert tree.is_hidden("secret.env")
    assert tree.is_hidden("built"), "it is not there, but would be hidden"
    assert tree.is_hidden("built/static/site.css")
    assert tree.is_hidden("deep/x.gen.py")
    assert not tree.is_hidden("app.py")
    assert not tree.is_hidden("other.py")
    assert not Tree(str(tmp_path), gitignore=False).is_hidden("built")


def test_a_module_that_git_leaves_out_is_not_missed(tmp_path: Path):
    files = {"shop.service": UNIT, "app.py": "from flask import Flask\nimport local_settings\napp = Flask(__name__)\n"}
    write(tmp_path, files | {"requirements.txt": "flask\ngunicorn\n"})
    found = {finding.rule for finding in lint(tmp_path).findings}
    write(tmp_path, {".gitignore": "local_settings.py\n"})
    assert {finding.rule for finding in lint(tmp_path).findings} <= found - {"import-of-missing-module"}


@pytest.mark.parametrize("name", rules.names())
def test_nothing_is_wrong_because_git_leaves_out_a_file(name: str, tmp_path: Path):
    """A socket unit beside its service is an exception: its name is the only tie, and nothing speaks of it."""
    files = rules.example(rules.get(name).good).files
    known = {(found.rule, found.message) for found in lint_files(files, tmp_path / "all").findings}
    for number, hidden in enumerate(path for path in files if not path.endswith(".socket")):
        found = lint_files(files | {".gitignore": f"/{hidden}\n"}, tmp_path / str(number)).findings
        assert {(one.rule, one.message) for one in found} <= known, hidden


def test_links_and_other_things_are_not_read_as_patterns(tmp_path: Path):
    write(tmp_path, {"patterns": "*\n", "a/shop.service": UNIT, "b/shop.service": UNIT, "c/.gitignore/x": ""})
    (tmp_path / "a/.gitignore").symlink_to("../patterns")
    os.mkfifo(tmp_path / "b/.gitignore")
    tree = Tree(str(tmp_path))
    assert tree.is_file("a/shop.service")
    assert tree.is_file("b/shop.service")
    assert tree.unheeded == {
        "a/.gitignore": "a link",
        "b/.gitignore": "not a regular file",
        "c/.gitignore": "not a regular file",
    }


def test_a_repository_in_another_has_its_own_patterns(tmp_path: Path):
    write(tmp_path, {".gitignore": "*.service\n", ".git/HEAD": "", "sub/.git": "gitdir: x", "sub/shop.service": UNIT})
    assert Tree(str(tmp_path)).is_file("sub/shop.service")
    assert Tree(str(tmp_path / "sub")).is_file("shop.service")


def test_the_roots_of_hosts_are_no_repositories(tmp_path: Path):
    write(tmp_path, {".gitignore": "*\n", "etc/systemd/system/shop.service": UNIT})
    assert Tree(str(tmp_path), is_host=True).is_file("etc/systemd/system/shop.service")


@pytest.mark.parametrize(
    "pattern",
    [
        "*a" * 40 + "b\n",
        "**/a/" * 60 + "b\n",
        "[!b]*" * 100 + "b\n",
        "*[a]*?b\n" * 10_000,
        "*a\n" * 20_000,
        "a\n" * 40_000,
    ],
)
def test_hostile_patterns_take_no_time(tmp_path: Path, pattern: str):
    folder = "/".join(["a" * 200] * 10)
    write(tmp_path, {".gitignore": pattern} | {f"{folder}/{'a' * 240}{number}": "" for number in range(100)})
    started = process_time()
    Tree(str(tmp_path))
    assert process_time() - started < 5


def test_too_many_patterns_are_said(tmp_path: Path):
    write(tmp_path, {".gitignore": "*a\n*?b\n" * 600, "shop.service": UNIT, "d/.gitignore": "x\n" * 60_000})
    assert Tree(str(tmp_path)).unheeded == {".gitignore": "too many patterns", "d/.gitignore": "larger than 100 kB"}


@pytest.mark.parametrize(
    "data", [b"\xff\xfe*\x00", b"a\x00b\n", b"\xff*.service\n", b"\xef\xbb\xbf*.log\n", b"[\n\\\n"]
)
def test_odd_bytes(tmp_path: Path, data: bytes):
    write(tmp_path, {"x.log": "", "shop.service": UNIT})
    (tmp_path / ".gitignore").write_bytes(data)
    tree = Tree(str(tmp_path))
    assert tree.is_file("shop.service")
    assert tree.is_file("x.log") is (b"log" not in data)
