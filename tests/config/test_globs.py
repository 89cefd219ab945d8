"""Globs are those of a .gitignore: git itself is asked."""

import shutil
import subprocess
from pathlib import Path
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flasklint.globs import Globs

PARTS = st.sampled_from(["a", "b", "ab", "*", "a*", "?", "**", "[ab]", "[!a]", "[^a]", "\\*", "\\a", "*b*"])
PATTERNS = st.tuples(
    st.sampled_from(["", "!"]),
    st.sampled_from(["", "/"]),
    st.lists(PARTS, min_size=1, max_size=4).map("/".join),
    st.sampled_from(["", "/"]),
).map("".join)
PATHS = st.lists(st.sampled_from(["a", "b", "ab", "c", "*", "bab"]), min_size=1, max_size=5).map("/".join)


def ignored(folder: Path, patterns: list[str], paths: list[str]) -> set[str]:
    """Return those paths that git leaves out."""
    (folder / ".gitignore").write_text("".join(f"{pattern}\n" for pattern in patterns))
    done = subprocess.run(
        ["git", "check-ignore", "--no-index", "-z", "--stdin"],
        cwd=folder,
        input="\0".join(paths),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return set(done.stdout.split("\0")) - {""}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return folder


@given(st.lists(PATTERNS, max_size=4), st.lists(PATHS, min_size=1, max_size=30, unique=True))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_git_agrees(repository: Path, patterns: list[str], paths: list[str]):
    globs = Globs(patterns)
    assert {path for path in paths if globs.covers(path)} == ignored(repository, patterns, paths)


@pytest.mark.parametrize(
    ("pattern", "path", "meant"),
    [
        ("deploy/legacy/**", "deploy/legacy/shop.service", True),
        ("deploy/legacy/**", "deploy/legacy", False),
        ("deploy/legacy/", "deploy/legacy/nginx/shop.conf", True),
        ("*.conf", "deploy/nginx/shop.conf", True),
        ("/*.conf", "deploy/nginx/shop.conf", False),
        ("", "a", False),
        ("# not a comment in TOML, but as git has it", "a", False),
        ("/", "a", False),
        ("!", "a", False),
    ],
)
def test_what_is_meant(pattern: str, path: str, meant: bool):
    assert Globs([pattern]).covers(path) is meant


@pytest.mark.parametrize("pattern", ["*a" * 100 + "b", "**/" * 200 + "b", "**/*a*a*a*/" * 50 + "b", "[" * 500])
def test_no_pattern_takes_long(pattern: str):
    started = process_time()
    Globs([pattern]).covers("/".join(["a" * 250] * 60))
    assert process_time() - started < 2
