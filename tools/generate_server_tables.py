"""Write `flasklint/read/data/gunicorn_options.py` and `waitress_options.py` from the real packages.

    python tools/generate_server_tables.py

Every release named below is installed by pip into a temporary folder and imported in a process of its
own, which prints its settings. Run it again after adding a release to `GUNICORN` or `WAITRESS`.
"""

import json
import subprocess
import sys
import tempfile
from ast import literal_eval
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

GUNICORN = ("20.1.0", "21.2.0", "22.0.0", "23.0.0", "25.3.0", "27.0.1")
WAITRESS = ("2.1.2", "3.0.2")
DATA = Path(__file__).parent.parent / "flasklint" / "read" / "data"

# Gunicorn 20.1 asks pkg_resources for its worker classes only when it loads one.
ASK_GUNICORN = """
import ast, json, os, sys, types
sys.modules.setdefault("pkg_resources", types.ModuleType("pkg_resources"))
for name in ("PORT", "WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS", "SENDFILE"):
    os.environ.pop(name, None)
from gunicorn import config, workers

def literal(setting):
    value = setting.get()
    computed = setting.name in ("user", "group", "chdir", "control_socket") or isinstance(value, dict)
    try:
        return None if computed or ast.literal_eval(repr(value)) != value else repr(value)
    except (ValueError, SyntaxError):
        return None

rows = []
for made in (known() for known in config.KNOWN_SETTINGS):
    takes = {None: "value", "store": "value", "append": "append"}.get(made.action, "flag")
    rows.append({
        "name": made.name,
        "flags": list(made.cli or ()),
        "takes": "optional" if made.nargs == "?" else takes,
        "type": getattr(made.type, "__name__", "str") if made.cli else "str",
        "check": getattr(made.validator, "__name__", "").removeprefix("validate_"),
        "default": literal(made),
        "const": repr(made.const),
    })
print(json.dumps({"settings": rows, "workers": sorted(workers.SUPPORTED_WORKERS)}))
"""

ASK_WAITRESS = """
import json
from waitress.adjustments import Adjustments, asbool
rows = []
for name, cast in Adjustments._params:
    value = getattr(Adjustments, name)
    if isinstance(value, type):  # 2.x marks "not set, but False" with a class
        value = False
    elif type(value).__module__ != "builtins":  # a str or int that remembers being the default
        value = type(value).__base__(value)
    rows.append({
        "name": name,
        "flags": ["--" + name.replace("_", "-")],
        "takes": "flag" if cast is asbool else "value",
        "type": cast.__name__,
        "check": "",
        "default": repr(sorted(value) if isinstance(value, set) else value),
        "const": "None",
    })
print(json.dumps({"settings": rows, "workers": []}))
"""


def ask(package: str, version: str, question: str) -> Any:
    """Return what one release says of itself."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder]
        subprocess.run([*pip, f"{package}=={version}"], check=True)
        told = subprocess.run([sys.executable, "-c", question], check=True, capture_output=True, text=True, cwd=folder)
    return json.loads(told.stdout)


def rows(answers: list[Any]) -> Iterator[tuple[object, ...]]:
    """Yield one row per setting and run of releases in which nothing about it changes.

    A row is (name, flags, takes, type, check, default, const, first, last); `first` and `last` are
    indexes into the releases, a default of `...` is one that the program computes at start.
    """
    names = dict.fromkeys(row["name"] for answer in answers for row in answer["settings"])
    for name in names:
        start, seen = 0, None
        for index in range(len(answers) + 1):
            told = _row(answers[index], name) if index < len(answers) else None
            if told != seen:
                if seen is not None:
                    yield (*seen, start, index - 1)
                start, seen = index, told


def _row(answer: Any, name: str) -> tuple[object, ...] | None:
    for row in answer["settings"]:
        if row["name"] == name:
            flags = tuple(row["flags"])
            default = ... if row["default"] is None else _frozen(literal_eval(row["default"]))
            return name, flags, row["takes"], row["type"], row["check"], default, literal_eval(row["const"])
    return None


def _frozen(value: object) -> object:
    """A list becomes a tuple: constants of tuples load from byte code without being built."""
    return tuple(value) if isinstance(value, list) else value


def table(title: str, versions: Iterable[str], answers: list[Any], workers: bool) -> str:
    lines = [
        f'"""{title}: written by tools/generate_server_tables.py from the packages themselves.',
        "",
        "A row is (name, flags, takes, type, check, default, const, first, last): `takes` is value, append,",
        "optional or flag, `first` and `last` are indexes into VERSIONS; `...` is computed at start.",
        '"""',
        "",
        "from typing import Any",
        "",
        "# fmt: off",
        f"VERSIONS = {tuple(versions)!r}",
        "",
    ]
    if workers:
        known = sorted({name for answer in answers for name in answer["workers"]})
        spans = [[i for i, answer in enumerate(answers) if name in answer["workers"]] for name in known]
        lines += ["# (name, first, last)", "WORKERS = ("]
        lines += [f"    {(name, at[0], at[-1])!r}," for name, at in zip(known, spans, strict=True)]
        lines += [")", ""]
    lines += ["ROWS: tuple[tuple[Any, ...], ...] = ("]
    lines += [f"    {row!r},".replace("Ellipsis", "...") for row in rows(answers)]
    return "\n".join([*lines, ")", ""])


def main() -> None:
    gunicorn = [ask("gunicorn", version, ASK_GUNICORN) for version in GUNICORN]
    waitress = [ask("waitress", version, ASK_WAITRESS) for version in WAITRESS]
    title = "Gunicorn's settings and worker classes"
    (DATA / "gunicorn_options.py").write_text(table(title, GUNICORN, gunicorn, True))
    title = "Waitress's adjustments"
    (DATA / "waitress_options.py").write_text(table(title, WAITRESS, waitress, False))


if __name__ == "__main__":
    main()
