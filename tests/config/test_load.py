"""From the file to settings, and from mistakes to places."""

import json
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flasklint import Severity
from flasklint.config import MOST_BYTES, File, Settled
from flasklint.config.describe import example, schema
from flasklint.config.keys import BY_NAME, KEYS, Key
from flasklint.config.load import load
from flasklint.settings import ConfigError, FileIgnore, Pinned, Settings

SCHEMA = schema()
# What the command line alone says, and what tells where the file is.
OF_THE_RUN = {
    "exit_zero", "quiet", "root_is_host", "no_ignores", "fixes", "unsafe_fixes", "add_ignores", "allow_plugins", "hyperlinks", "no_gitignore", "base",
    "config_file",
}  # fmt: skip
OWN = ("plugins", "rule-folders")


ROOT = Path(__file__).parents[2]
HOME = TemporaryDirectory()
Path(HOME.name, "app").mkdir()


def read(text: str | bytes, given: dict[str, Any] | None = None, table: tuple[str, ...] = ()) -> Settled:
    data = text.encode() if isinstance(text, str) else text
    return load(File("flasklint.toml", HOME.name, table, data), given or {})


def mistakes(text: str | bytes, table: tuple[str, ...] = ()) -> list[tuple[int, int, str]]:
    with pytest.raises(ConfigError) as caught:
        read(text, table=table)
    return [(one.at.line, one.at.column, f"{one.message}: {one.label}") for one in caught.value.mistakes]


def test_every_setting_has_its_row():
    assert {key.field for key in KEYS} | OF_THE_RUN >= set(Settings._fields)
    assert len({key.field for key in KEYS}) == len(KEYS)


@pytest.mark.parametrize("key", [key for key in KEYS if key.name not in OWN], ids=lambda key: key.name)
def test_the_example_of_a_key_sets_it(key: Key):
    set_there = read(example(key, "")).settings
    assert getattr(set_there, key.field) != getattr(Settings(), key.field)
    assert read(example(key), table=("tool", "flasklint")).settings == set_there


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_the_schema_takes_the_example(key: Key):
    jsonschema.validate(tomllib.loads(example(key, "")), SCHEMA)


def test_values():
    settings = read(
        """
        fail-on = "note"
        [severity]
        waitress-on-linux = "error"
        [paths]
        "/srv/shop/" = "./app/"
        [per-file-ignores]
        "a/**" = [{ rules = ["upstream", "waitress-*"], reason = " because " }, { rules = ["all"], reason = "b" }]
        [[deployment]]
        name = "shop"
        files = ["deploy/"]
        """
    ).settings
    assert settings.fail_on is Severity.NOTE
    assert settings.severities == {"waitress-on-linux": Severity.ERROR}
    assert settings.paths == {"/srv/shop": "app"}
    assert settings.per_file_ignores == (
        FileIgnore("a/**", ("upstream", "waitress-*"), "because"),
        FileIgnore("a/**", ("all",), "b"),
    )
    assert settings.deployments == (Pinned("shop", ("deploy/",)),)


def test_what_the_command_line_gives_wins():
    text = """
select = ["upstream"]
extend-select = ["missing-restart"]
ignore = ["waitress-on-linux"]
cores = 2
[severity]
waitress-on-linux = "error"
missing-restart = "note"
"""
    given = {"cores": 4, "severities": {"missing-restart": Severity.ERROR}, "extend_select": ("limits",)}
    settled = read(text, given)
    settings = settled.settings
    assert settings.cores == 4
    assert settings.severities == {"waitress-on-linux": Severity.ERROR, "missing-restart": Severity.ERROR}
    assert settings.extend_select == ("missing-restart", "limits")
    assert settled.origins["cores",] is settled.origins["severities", "missing-restart"] is None
    at = settled.origins["severities", "waitress-on-linux"]
    assert at and (at.line, at.text) == (7, "waitress-on-linux")
    again = read(text, {"select": ("limits",)}).settings
    assert (again.select, again.extend_select, again.ignore) == (("limits",), (), ())


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("# x\nselct = []", 2, 1, "unknown key 'selct': did you mean 'select'?"),
        ("zzz = 1", 1, 1, "known here: baseline, cores, deployment"),
        ("cores = '4'", 1, 9, "`cores` is a whole number from 1 on, not a text"),
        ("cores = true", 1, 9, "not a boolean"),
        ("cores = 0", 1, 9, "too small"),
        ("cores = 2020-01-01", 1, 9, "not a date"),
        ("select = 'upstream'", 1, 10, "not a text"),
        ("select = [\n  'upstream',\n  'upstrem',\n]", 3, 3, "no rule or group 'upstrem': did you mean 'upstream'?"),
        ("ignore = ['zzz-*']", 1, 11, "see `flasklint rules`"),
        ("ignore = ['upstream', 3]", 1, 23, "`ignore[2]`"),
        ("fail-on = 'fatal'", 1, 11, "use 'error', 'warning' or 'note'"),
        ("[severity]\nupstrem = 'note'", 2, 1, "did you mean 'upstream'?"),
        ("severity.upstream = 'nite'", 1, 21, "did you mean 'note'?"),
        ("per-file-ignores.a = [{ rules = ['all'] }]", 1, 23, "'reason' is missing"),
        ("per-file-ignores.a = [{ rules = ['all'], reason = ' ?' }]", 1, 51, "say why, in words"),
        ("per-file-ignores.a = ['all']", 1, 23, "is a table such as"),
        ("[paths]\n'srv' = 'x'", 2, 1, "begins with /"),
        ("[paths]\n'/srv' = '../x'", 2, 10, "inside of it"),
        ("[paths]\n'/srv' = 'x'", 2, 10, "there is no folder 'x'"),
        ("python-version = 3.12", 1, 18, "not a number: expected a version: numbers with dots, in quotes"),
        ("target.ngin = '1'", 1, 8, "did you mean 'nginx'?"),
        ("target.nginx = '1.x'", 1, 16, "numbers with dots"),
        ("required-version = 'new'", 1, 20, "write it as pip does"),
        ("required-version = '>=900'\nselct = 1", 1, 20, "these settings are for flasklint >=900"),
        ("[[deployment]]\nname = 'x'", 1, 3, "'files' is missing"),
        ("server = ''", 1, 10, "use 'gunicorn' or 'waitress'"),
        ("exclude = ['']", 1, 12, "it is empty"),
        ("select = [", 1, 10, "this is not TOML"),
        ("a = 1\nb = = 2", 2, 5, "this is not TOML: invalid value"),
        ("a = 1\na = 2\n", 2, 6, "cannot overwrite a value"),
        ("cores = \x004", 1, 9, "this is not TOML"),
        ("a = " + "[" * 5000 + "]" * 5000, 1, 1, "nested too deeply"),
        (".".join("a" * 100) + " = 1", 1, 1, "too many parts"),
    ],
)
def test_mistakes(text: str, line: int, column: int, words: str):
    found = mistakes(text)
    assert found[0][:2] == (line, column)
    assert words in found[0][2]


def test_all_mistakes_at_once_in_the_order_of_the_file():
    found = mistakes("selct = []\ncores = 'x'\nfail-on = 3\n[severity]\nupstrem = 'x'\n[foo]\n")
    assert [line for line, _, _ in found] == [1, 2, 3, 5, 5, 6]
    found = mistakes("ignore = ['upstrem']\ncores = 0\n[paths]\n'/a' = 'x'\n'/b' = 3\n'c' = 'y'\n")
    assert [line for line, _, _ in found] == [1, 2, 4, 5, 6]


def test_in_a_pyproject():
    table = ("tool", "flasklint")
    assert mistakes("[project]\nname = 'x'\n[tool.flasklint]\nselct = 1\n", table)[0][:2] == (4, 1)
    assert "is a table of settings, not a number" in mistakes("[tool]\nflasklint = 3\n", table)[0][2]
    assert "has no table [tool.flasklint]" in mistakes("[tool.x]\n", table)[0][2]
    assert "`tool` is no table" in mistakes("tool = 3 # flasklint\n", table)[0][2]


def test_bytes():
    assert read(b"\xef\xbb\xbfcores = 2\r\n").settings.cores == 2
    assert mistakes("# ä\ncores = 2 # ".encode() + b"\xe4\n")[0][:2] == (2, 13)
    assert "not UTF-8" in mistakes("cores = 2".encode("utf-16"))[0][2]
    assert "larger than 1000 kB" in mistakes(b"#" * (MOST_BYTES + 1))[0][2]


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"key{number} = 1\n" for number in range(60_000)),
        "select = [" + "'" + "x" * 900_000 + "']",
        "select = [" + "'x'," * 200_000 + "]",
        "[severity]\n" + "".join(f"'{'x' * 100}{number}' = 1\n" for number in range(8_000)),
        "a" * 900_000 + " = 1",
    ],
    ids=["many keys", "a long name", "many names", "many entries", "a long key"],
)
def test_hostile_files_end_soon(text: str):
    started = process_time()
    assert 1 <= len(mistakes(text)) <= 60
    assert process_time() - started < 10


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 3) | st.sampled_from(["", "error", "upstream", "/x", "1.2", "x", "?"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["rules", "reason", "name", "files", "upstream", "nginx", "/x", "a"]), inner)
    ),
    max_leaves=6,
).filter(lambda value: "null" not in json.dumps(value))


@given(st.dictionaries(st.sampled_from([key.name for key in KEYS if key.name not in OWN]), VALUES, max_size=4))
@settings(max_examples=300, deadline=None)
def test_what_is_taken_fits_the_schema(content: dict[str, Any]):
    text = "".join(f"{name} = {inline(value)}\n" for name, value in content.items())
    try:
        read(text)
    except ConfigError:
        return
    jsonschema.validate(content, SCHEMA)


def inline(value: Any) -> str:
    """Write a value in TOML, on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {inline(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    return json.dumps(value)


@pytest.mark.parametrize("page", ["README.md", "docs/configuration.md"])
def test_what_the_documents_show_is_right(page: str):
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = [block.partition("```")[0] for block in text.split("```toml\n")[1:]]
    shown = [block for block in blocks if "tool.flasklint" in block]
    assert shown
    for block in shown:
        if "plugins" not in block and "rule-folders" not in block:
            assert read(block, table=("tool", "flasklint")).settings != read("").settings


def test_own_rules_are_named_only_where_they_are_allowed(tmp_path: Path):
    text = "rule-folders = ['lint']\nselect = ['our-rule']\n"
    file = File("flasklint.toml", str(tmp_path), (), text.encode())
    with pytest.raises(ValueError, match="--allow-plugins"):
        load(file, {})


def test_without_own_rules_their_names_are_passed_over(tmp_path: Path):
    text = (
        "rule-folders = ['lint']\nselect = ['our-rule', 'upstream']\nignore = ['our-*']\nseverity.our-rule = 'note'\n"
    )
    file = File("flasklint.toml", str(tmp_path), (), text.encode())
    settings = load(file, {"allow_plugins": "no"}).settings
    assert (settings.select, settings.ignore, settings.severities) == (("upstream",), (), {})
    alone = file._replace(data=b"rule-folders = ['lint']\nselect = ['our-rule']\n")
    with pytest.raises(ConfigError, match="no rule or group 'our-rule'"):
        load(alone, {"allow_plugins": "no"})


def test_the_keys_are_those_of_the_schema():
    assert set(SCHEMA["properties"]) == set(BY_NAME)
    assert SCHEMA["additionalProperties"] is False
    jsonschema.Draft7Validator.check_schema(SCHEMA)
