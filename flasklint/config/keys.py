"""Every key of a settings file: one row says what it is, checks it, documents it and makes a setting of it.

The schema (docs/flasklint.schema.json), the page docs/configuration.md, the messages about mistakes and
`flasklint config` are made of these rows.
"""

from collections.abc import Callable
from posixpath import normpath
from typing import Any

from ..record import Record
from ..settings import LEVELS, FileIgnore, Pinned, overrides
from ..versions import OLDEST
from .shapes import Choice, Count, Fields, List, Selector, Shape, Table, Text

SERVERS = ("gunicorn", "waitress")


class Key(Record):
    """A key and the field of `Settings` that it fills. `example` is a line of TOML, or a table without its header.

    `make` turns a checked value into the field's, `option` is what stands for it on the command line.
    """

    name: str
    field: str
    shape: Shape
    doc: str
    example: str
    make: Callable[[Any], Any]
    option: str = ""


def _version(text: str) -> str:
    parts = text.split(".")
    fine = len(parts) <= 4 and all(part.isascii() and part.isdigit() and len(part) <= 6 for part in parts)
    return "" if fine else "a version is numbers with dots: 1.25.3"


def _specifier(text: str) -> str:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return "write it as pip does: >=0.2,<1"
    return ""


def _absolute(text: str) -> str:
    return "" if text.startswith("/") else "a folder of the target begins with /"


def _inside(text: str) -> str:
    outside = text.startswith("/") or normpath(text).split("/")[0] == ".."
    return "a folder of the repository is relative, and inside of it" if outside else ""


def _reason(text: str) -> str:
    return "" if any(char.isalnum() for char in text) else "say why, in words"


def _file_ignores(table: dict[str, list[dict[str, Any]]]) -> tuple[FileIgnore, ...]:
    return tuple(
        FileIgnore(glob, tuple(one["rules"]), one["reason"].strip()) for glob, listed in table.items() for one in listed
    )


def _mapped(table: dict[str, str]) -> dict[str, str]:
    return {normpath(folder): normpath(inside) for folder, inside in table.items()}


def _pinned(listed: list[dict[str, Any]]) -> tuple[Pinned, ...]:
    return tuple(Pinned(one["name"], tuple(one["files"])) for one in listed)


VERSION = Text("a version: numbers with dots", _version, r"^\d{1,6}(\.\d{1,6}){0,3}$")
SPECIFIER = Text('a version specifier, such as ">=0.2"', _specifier)
RULES = List(Selector(), "a list of rules, groups and globs")
GLOB = Text("a glob, as in a .gitignore")
GLOBS = List(GLOB, "a list of globs, as in a .gitignore")
TARGET_FOLDER = Text('a folder of the target, such as "/srv/shop"', _absolute, "^/")
FOLDER = Text("a folder of the repository", _inside, "^[^/]")
FILE_IGNORE = Fields(
    {
        "rules": (RULES, "The rules, groups or globs that say nothing about these files."),
        "reason": (Text("a reason in words", _reason), "Why, for the next person who asks."),
    },
    'a table such as { rules = ["missing-restart"], reason = "..." }',
    required=("rules", "reason"),
)
DEPLOYMENT = Fields(
    {
        "name": (Text("a name"), "What the report calls it."),
        "files": (GLOBS, "Files and folders that belong to it; of what two deployments name, the first has it."),
    },
    "a table with a name and files",
    required=("name", "files"),
)

KEYS = (
    Key(
        "required-version", "required_version", SPECIFIER,
        "The releases of flasklint that may read this file, as PEP 440 writes them. Any other ends with status 2 "
        "before it judges anything.",
        'required-version = ">=0.2"', str,
    ),
    Key(
        "select", "select", RULES,
        "Only these rules. Without it, all of them.",
        'select = ["upstream", "waitress-*"]', tuple, "--select",
    ),
    Key(
        "extend-select", "extend_select", RULES,
        "These rules, too, beside those of `select`.",
        'extend-select = ["missing-restart"]', tuple, "--extend-select",
    ),
    Key(
        "ignore", "ignore", RULES,
        "Not these rules, whatever selects them.",
        'ignore = ["single-sync-worker"]', tuple, "--ignore",
    ),
    Key(
        "severity", "severities",
        Table(Selector(), Choice(LEVELS), 'a table such as { upstream = "warning" }'),
        "Another severity for a rule, a group or a glob. Of several that name one rule, the last one counts.",
        'upstream = "error"\n"waitress-*" = "note"', overrides, "--severity",
    ),
    Key(
        "per-file-ignores", "per_file_ignores",
        Table(GLOB, List(FILE_IGNORE, 'a list such as [{ rules = ["missing-restart"], reason = "..." }]'),
              "a table from globs to lists of rules with a reason"),
        "Rules that say nothing about some files, and the reason, which must be given. What counts is the file that "
        "a finding begins in. The summary counts what is left out; `--no-ignores` shows it.",
        '"deploy/legacy/**" = [\n    { rules = ["missing-restart"], reason = "the box is switched off in May" },\n]',
        _file_ignores,
    ),
    Key(
        "baseline", "baseline", Text("a file, as seen from this one"),
        "The file that holds the findings you live with for now (`flasklint baseline` writes it).",
        'baseline = "lint/flasklint-baseline.json"', str, "--baseline",
    ),
    Key(
        "fail-on", "fail_on", Choice(LEVELS),
        "End with status 1 from this severity on.",
        'fail-on = "error"', LEVELS.__getitem__, "--fail-on",
    ),
    Key(
        "exclude", "exclude", GLOBS,
        "Files and folders that are not looked at. They count as not visible, not as absent: what they may hold is "
        "unknown. A path that is named on the command line is looked at all the same.",
        'exclude = ["attic/", "*.local.conf"]', tuple,
    ),
    Key(
        "paths", "paths", Table(TARGET_FOLDER, FOLDER, 'a table such as { "/srv/shop" = "app" }'),
        "Which folder of the repository becomes which folder of the target, where flasklint cannot tell or guesses "
        "wrong. What lies below goes with it; the longest folder counts. The folder of the repository has to be there.",
        '"/srv/shop" = "app"', _mapped,
    ),
    Key(
        "deployment", "deployments", List(DEPLOYMENT, "a list of tables, each with a name and files"),
        "Files that belong together, where flasklint puts them together otherwise than you do.",
        'name = "shop"\nfiles = ["deploy/shop/", "nginx/shop.conf"]', _pinned,
    ),
    Key(
        "cores", "cores", Count(),
        "The number of CPUs of the machine that will run it.",
        "cores = 4", int, "--cores",
    ),
    Key(
        "server", "server", Choice(SERVERS),
        "The application server that you decided for.",
        'server = "gunicorn"', str, "--server",
    ),
    Key(
        "nginx-prefix", "nginx_prefix", TARGET_FOLDER,
        "The folder of the target that holds nginx's configuration: `include` with an absolute path is looked up "
        "in the folder of the repository that stands for it.",
        'nginx-prefix = "/opt/nginx/conf"', normpath,
    ),
    Key(
        "target", "targets", Table(Choice(OLDEST), VERSION, 'a table such as { nginx = "1.25" }'),
        "The releases that run on the target. Requirement files that pin a release count more.",
        'nginx = "1.25"\nsystemd = "252"', dict, "--target",
    ),
    Key(
        "python-version", "python_version", VERSION,
        "The Python that runs the application, for rules that depend on it.",
        'python-version = "3.12"', str,
    ),
    Key(
        "plugins", "plugins", List(Text("the name of a module"), "a list of modules"),
        "Installed modules that bring rules of their own: Python code, which is run with `--allow-plugins` only.",
        'plugins = ["shop_rules"]', tuple,
    ),
    Key(
        "rule-folders", "rule_folders", List(FOLDER, "a list of folders"),
        "Folders of the repository that hold rules of your own: Python code, which is run with `--allow-plugins` only.",
        'rule-folders = ["lint/rules"]', tuple,
    ),
)  # fmt: skip
BY_NAME = {key.name: key for key in KEYS}
SHAPE = Fields({key.name: (key.shape, key.doc) for key in KEYS}, "a table of settings")
