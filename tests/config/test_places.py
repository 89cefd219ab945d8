"""The places of keys and values: what stands there, read alone, is the key and the value."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flasklint.config.places import Path, places

BARE = st.text("ab-_1", min_size=1, max_size=3)
ODD = st.sampled_from(["", "a b", "a.b", "#", "=", "]", '"', "\\", "ä", "\t", "[[x]]"])
KEYS = BARE | ODD


@st.composite
def keys(draw: st.DrawFn, name: str) -> str:
    if name and all(char in "ab-_1" for char in name) and draw(st.booleans()):
        return name
    if "'" not in name and draw(st.booleans()):
        return f"'{name}'"
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'


SCALARS = st.sampled_from(
    [
        "1", "-3.5", "true", "inf", "1979-05-27 07:32:00", "07:32:00", '""', '"a # b"', '"\\""', "'a\\'",
        "'''x''''", '"""\n# no = "comment" ]\n"""', "'''\n[a]\nb = 1\n'''", '"""a\\"""""', '"\\\\"', '""""x"""""',
    ]
)  # fmt: skip
GAPS = st.sampled_from(["", " ", "\t", "  "])
BREAKS = st.sampled_from(["", "\n", ' # ] } = "\n', "\r\n", "\n\n  "])


@st.composite
def values(draw: st.DrawFn, depth: int = 2) -> str:
    kind = draw(st.sampled_from(["scalar", "scalar", "array", "inline"])) if depth else "scalar"
    if kind == "scalar":
        return draw(SCALARS)
    if kind == "array":
        items = draw(st.lists(values(depth - 1), max_size=3))
        parts = [f"{draw(BREAKS)}{item}{draw(BREAKS)}" for item in items]
        return f"[{','.join(parts)}{draw(st.sampled_from(['', ','])) if items else ''}{draw(BREAKS)}]"
    names = draw(st.lists(KEYS, max_size=3, unique=True))
    pairs = [f"{draw(GAPS)}{draw(keys(name))}{draw(GAPS)}={draw(GAPS)}{draw(values(depth - 1))}" for name in names]
    return f"{{{','.join(pairs)}{draw(GAPS)}}}"


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Make a text that mostly is TOML."""
    lines = []
    for _ in range(draw(st.integers(0, 8))):
        path = draw(GAPS) + ".".join(
            draw(GAPS) + draw(keys(name)) + draw(GAPS) for name in draw(st.lists(KEYS, min_size=1, max_size=3))
        )
        kind = draw(st.sampled_from(["pair", "pair", "pair", "table", "array", "comment"]))
        if kind == "pair":
            lines.append(f"{path}={draw(GAPS)}{draw(values())}")
        elif kind == "comment":
            lines.append('# x = "')
        else:
            lines.append(f"[{path}]" if kind == "table" else f"[[{path}]]")
    ends = st.sampled_from(["\n", "\r\n", " # end\n"])
    return "".join(line + draw(ends) for line in lines)


def every(value: object, path: Path = ()) -> dict[Path, object]:
    """Return every value of a document by its path."""
    found: dict[Path, object] = {path: value} if path else {}
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        found |= every(item, (*path, name))
    return found


def check(text: str) -> None:
    data = every(tomllib.loads(text))
    found = places(text)
    assert set(found) == set(data)
    for path, place in found.items():
        key, value = text[slice(*place.key)], text[slice(*place.value)]
        if place.key != place.value:
            assert repr(tomllib.loads(f"x = {value}")["x"]) == repr(data[path]), path
        if isinstance(path[-1], str):
            assert list(tomllib.loads(f"{key} = 1")) == [path[-1]]
        elif place.key == place.value and not key[:1].isalpha() and not isinstance(data[path], dict):
            assert repr(tomllib.loads(f"x = {value}")["x"]) == repr(data[path]), path


@given(documents())
@settings(max_examples=400, deadline=None)
def test_every_place_holds_what_it_says(text: str):
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    check(text)


@pytest.mark.parametrize(
    "text",
    [
        "[[a]]\nb = 1\n[[a.c]]\nd = 2\n[[a.c]]\nd = 3\n[[a]]\n[[a.c]]\nd = 4\n[a.e]\nf = 5\n",
        "[a.b.c]\nd = 1\n[a]\ne = 2\n",
        "a.b.c = 1\na.b.d = 2\n",
        "a = [\n  { b = 1 }, # {\n  { b = 2 },\n]",
        "x = {}\ny = []\nz = [[], [{}]]",
        "a = 1",
        "# nothing",
        "",
    ],
)
def test_documents(text: str):
    check(text)
