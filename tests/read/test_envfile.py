"""The dialect of the files that `EnvironmentFile=` names; systemd reads them only when it starts a service."""

from pathlib import Path

import pytest

from flasklint.read.systemd.envfile import read_env_file
from flasklint.source import Source
from flasklint.tree import Tree
from flasklint.value import Known


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=1\nB=2\n", {"A": "1", "B": "2"}),
        ("SP = x\n", {"SP": "x"}),
        ("  A=1  \n", {"A": "1"}),
        ("# A=1\n; B=2\n  # C=3\n", {}),
        ("export X=1\nY=2\n", {"Y": "2"}),
        ("H=val # t\n", {"H": "val # t"}),
        ("D=\"x\" \"y\"\n", {"D": "xy"}),
        ("A='a b'\nB=\"c d\"\n", {"A": "a b", "B": "c d"}),
        ("A=\"one\ntwo\"\nB=3\n", {"A": "one\ntwo", "B": "3"}),
        ("A=one \\\n  two\n", {"A": "one   two"}),
        ("A=a\\$b\n", {"A": "a$b"}),
        ("A=$HOME %h ${X}\n", {"A": "$HOME %h ${X}"}),
        ("A=1\r\nB=2\r\n", {"A": "1", "B": "2"}),
        ("A=\nB=''\n", {"A": "", "B": ""}),
        ("9X=1\nA-B=2\nC=3\n", {"C": "3"}),
        ("A=1\nA=2\n", {"A": "2"}),
        ("URL=postgres://u:p@h/d?a=b&c=d\n", {"URL": "postgres://u:p@h/d?a=b&c=d"}),
        ("noequals\nA=1\n", {"A": "1"}),
        ("A=1", {"A": "1"}),
        ("=x=1\nB=2\n", {"B": "2"}),
        ("A='it'\\''s'\n", {"A": "it''s'"}),
    ],
)  # fmt: skip
def test_a_file(text: str, expected: dict[str, str]) -> None:
    variables, _ = read_env_file(Source("env", text))
    assert {each.name: each.value.value for each in variables if isinstance(each.value, Known)} == expected


@pytest.mark.parametrize(
    ("data", "expected", "kinds"),
    [
        (b"\xef\xbb\xbfA=1\nB=2\n", {"B": "2"}, ["bad-env-file"]),
        (b"A=\xe9\nB=2\n", {}, ["refused-env-file"]),
        (b"# \xe9\nA=\xc3\xa9\n", {"A": "é"}, []),
        (b"A=\xef\xbf\xbe\nB=2\n", {}, ["refused-env-file"]),
        ("A=1\nB=2\n".encode("utf-16"), {}, ["refused-env-file"]),
        (b"\xfe\xff" + "# of the shop\r\n".encode("utf-16-be"), {}, ["refused-env-file"]),
        (b"\xff\xfe", {}, []),
    ],
)
def test_bytes(tmp_path: Path, data: bytes, expected: dict[str, str], kinds: list[str]) -> None:
    (tmp_path / "env").write_bytes(data)
    source = Tree(str(tmp_path)).read("env")
    assert source is not None
    variables, problems = read_env_file(source)
    assert {each.name: each.value.value for each in variables if isinstance(each.value, Known)} == expected
    assert [problem.kind for problem in problems] == kinds
