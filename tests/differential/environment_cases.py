"""Generated files for `EnvironmentFile=`, and units that set, pass on and take away variables."""

from random import Random
from typing import NamedTuple

NAMES = ["A", "B", "C_1", "_D", "PATH", "LANG", "a", "SECRET_KEY", "DATABASE_URL"]
BAD_NAMES = [
    "9X",
    "A-B",
    "A.B",
    "export A",
    "export  B",
    "export\tC",
    "",
    "é",
    "A B",
    "'A'",
    '"B"',
    "A\\",
    "$A",
    "exportA",
    "A\x01",
]
PIECES = [
    "x", "1", "a b", "  ", "\t", "'", '"', "'a b'", '"c d"', "'it'\\''s'", '"q\\"q"', "\\", "\\\\", "\\n", "\\t", "\\x41", "\\$", "\\`", "\\ ",
    "$A", "${B}", "$(id)", "`id`", "%n", "%%", "%z", "#", " # no comment", ";", "=", "a=b", "é", "日本", "\u2028", "\u00a0", "~", "*", "!",
    "\\\n", "\\\r\n", "\\\r", '"a\nb"', "'a\nb'", '"a\\\nb"', "'a\\\nb'", '"a\r\nb"', "'\r'", "\x01", "\x7f", "\x1b[0m", "\f", "\v", "\x85",
    "postgres://u:p@h/d?a=b&c=d", "{}", "<x>", "''", '""', '"\\é"', "\\é", '"\\', "'\\'", "&", "|", "-", "\ufffe", "\ud7ff", "\U0001f600",
]  # fmt: skip
LINES = [
    "", "  ", "\t", "# comment", "; comment", "  # comment", "# comment \\", "; comment \\\\", "# '", '# "', "noequals", "no equals \\", "=", "=x",
    " = y", "export", "[section]", "'A=1'", '"A=1"', "A", "\\", "\\A=1", "A\\\n=1", "unset A", ". file", "A==", "#", "A+=1", "A:B", "A: b",
]  # fmt: skip
ODD = [b"\xff", b"\xc3", b"\xe2\x82", b"\x80=1", b"A\xff=1", b"# \xff\n", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"]
ENDS = ["\n", "\n", "\n", "\n", "\n\n", "\r\n", "\r", ""]

WORDS = ["A", "B", "C_1", "LANG", "PATH", "A=x", "A=1", "B=", "A=a b", '"B=c d"', "'A'", "container", "NOWHERE", "%n", "%%", "A%%", "C_1=%n", "\\x41",
         "9X", "A-B", "é", "é=1", "=", '"A', "A;", "A\\ B", "A=%z", "$A", "HOME", "USER", "INVOCATION_ID"]  # fmt: skip
ASSIGNMENTS = ["A=1", "B=2", '"A=a b"', "'B=c d'", "C_1=%n", "PATH=/x:/usr/bin", "LANG=de_DE.UTF-8", "A=", "A=$B", "B=${A}x", "C_1='x'", "A=x", "A=\\x41", "A=\\t",
               "B=%%", "_D=é", "A=\\x01", "B=\\n", "HOME=/h", "a=b=c", "container=x"]  # fmt: skip


class Case(NamedTuple):
    """A service without its commands; `files` are what its EnvironmentFile= lines name, by their path on the host."""

    name: str
    settings: str
    files: dict[str, bytes]


def env_file(dice: Random) -> bytes:
    text = "".join(_line(dice) + dice.choice(ENDS) for _ in range(dice.choice([1, 1, 2, 3, 6])))
    if dice.random() < 0.1:
        text = text.replace("\n", "\r\n")
    if dice.random() < 0.02:
        return text.encode("utf-16")
    data = text.encode()
    if dice.random() < 0.06:
        at = dice.randint(0, len(data))
        data = data[:at] + dice.choice(ODD) + data[at:]
    if dice.random() < 0.02:
        data += b"\0" + data
    return (b"\xef\xbb\xbf" if dice.random() < 0.03 else b"") + data


def _line(dice: Random) -> str:
    what = dice.random()
    if what < 0.12:
        return dice.choice(LINES)
    name = dice.choice(BAD_NAMES if what < 0.2 else NAMES)
    value = "".join(dice.choice(PIECES) for _ in range(dice.choice([0, 1, 1, 2, 3, 5])))
    if dice.random() < 0.02:
        value += "x" * dice.choice([4095, 4096, 70_000])
    blank = dice.choice(["", "", "", "", " ", "\t"])
    return dice.choice(["", "", "", " ", "\t"]) + name + blank + "=" + dice.choice(["", "", "", " ", "\t "]) + value


def case(dice: Random, number: int) -> Case:
    """Most have one file and nothing else, so that a difference is the file's."""
    name = f"case{number}"
    files = {f"/etc/default/{name}": env_file(dice)}
    lines = [f"EnvironmentFile={dice.choice(['', '', '-'])}/etc/default/{name}"]
    if dice.random() < 0.25:
        lines += [_setting(dice) for _ in range(dice.randint(1, 4))]
        dice.shuffle(lines)
    if dice.random() < 0.05:
        files[f"/etc/default/{name}-more"] = env_file(dice)
        lines.append(f"EnvironmentFile=-/etc/default/{name}-more")
    return Case(name, "\n".join(lines), files)


def _setting(dice: Random) -> str:
    key = dice.choice(["Environment", "Environment", "UnsetEnvironment", "PassEnvironment"])
    words = ASSIGNMENTS if key == "Environment" else WORDS
    return f"{key}={' '.join(dice.choice(words) for _ in range(dice.choice([0, 1, 1, 2, 3])))}"
