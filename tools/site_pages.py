"""Pages of the site that are made while it is built (a hook of mkdocs, see mkdocs.yml).

One page for each rule, the index of rules in the place of docs/rules.md, the command line, the changelog and how
to contribute. They are not kept in the repository: they say nothing that the rule files, the commands and those
two files do not say, docs/rules.md is there for readers without the site, and a rule stays one file.
"""

import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from _commands import pages  # noqa: E402
from _rule_pages import console, index, report, rule_page  # noqa: E402
from generate_man import ENVIRONMENT, STATUS  # noqa: E402

from flasklint import rule as rules  # noqa: E402
from flasklint.promises import Bench  # noqa: E402
from flasklint.report import render  # noqa: E402
from flasklint.run import lint  # noqa: E402
from flasklint.settings import Settings  # noqa: E402

MOVED = {"README.md": "index.md", "CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md"}
SECTIONS = {"../README.md#exit-status": "command-line.md#exit-status"}  # of the README that no page of the site holds
TABLES = ("agreement.md", "machine.md", "proofs.md")  # name so many rules that a search would find little else
LINK = re.compile(r"\]\((?!\w+:)(?P<path>[^)#\s]*)(?P<anchor>#[^)\s]*)?\)")
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
REPORT = re.compile(r"^<!-- report: (?P<path>\S+) -->$", re.MULTILINE)


def on_config(config: Any) -> Any:
    """Put the rules into the navigation, by group."""
    by_group: dict[str, list[str]] = {}
    for one in sorted(rules.load(), key=lambda one: (one.group, one.name)):
        by_group.setdefault(one.group, []).append(f"rules/{one.name}.md")
    for entry in config.nav:
        if entry.get("Rules"):
            entry["Rules"] = ["rules.md", *({group: members} for group, members in by_group.items())]
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add what is made, and the files of the repository that a page links to."""
    every = rules.load()
    made = {"rules.md": index(every), "command-line.md": command_line()}
    made |= {name: (ROOT / source).read_text(encoding="utf-8") for source, name in MOVED.items() if name != "index.md"}
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder)
        made |= {f"rules/{one.name}.md": rule_page(one, bench) for one in every}
    linked = {name for text in _texts(files, made) for name in _outside(text)}
    made |= {f"files/{name}": (ROOT / name).read_text(encoding="utf-8") for name in linked}
    for name, text in sorted(made.items()):
        if old := files.get_file_from_path(name):
            files.remove(old)
        files.append(File.generated(config, name, content=text))
    return files


def _texts(files: Files, made: dict[str, str]) -> list[str]:
    return [*(file.content_string for file in files.documentation_pages()), *made.values()]


def _outside(text: str) -> set[str]:
    """Name the files outside of docs/ that a page of docs/ links to."""
    found = {match["path"][3:] for match in LINK.finditer(text) if match["path"].startswith("../")}
    return {name for name in found - set(MOVED) if (ROOT / name).is_file()}


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Lead links to where things are on the site, and run flasklint where a page asks for it."""
    if page.file.src_uri.startswith("rules/"):
        return markdown
    if page.file.src_uri in TABLES:
        page.meta |= {"search": {"exclude": True}, "hide": ["toc"]}
    markdown = REPORT.sub(lambda match: _report(match["path"]), markdown)
    markdown = LINK.sub(lambda match: f"]({_target(match['path'], match['anchor'] or '')})", markdown)
    return CONSOLE.sub(lambda match: console(match[1]), markdown)


def _target(path: str, anchor: str) -> str:
    if path + anchor in SECTIONS:
        return SECTIONS[path + anchor]
    if path in ("rules.md", "docs/rules.md") and anchor[1:] in rules.names():
        return f"rules/{anchor[1:]}.md"
    if path.startswith("docs/"):  # as the files of the root name it
        return path.removeprefix("docs/") + anchor
    if path.startswith("../"):
        name = path[3:]
        return (MOVED.get(name) or f"files/{name}") + anchor
    return MOVED.get(path, path) + anchor


def _report(path: str) -> str:
    before = os.getcwd()
    os.chdir(ROOT)
    try:
        return report(render("text", lint([path], Settings(quiet=True)), Settings(quiet=True), color=True, width=100))
    finally:
        os.chdir(before)


def command_line() -> str:
    """Return the Markdown of the page about the commands and their options."""
    parts = ["# Command line", "Made from the program; `flasklint --help` and `man flasklint` say the same."]
    for page in pages():
        parts += [f"## flasklint {page.name}".rstrip(), f"```text\n{page.usage}\n```"]
        parts += [f"```text\n{text[1:].strip(chr(10))}\n```" if text[0] == "\b" else text for text in page.paragraphs]
        parts += [_defined(page.options)]
    parts += ["## Exit status", _defined(STATUS), "## Environment", _defined(ENVIRONMENT)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _defined(rows: list[tuple[str, str]]) -> str:
    return "\n\n".join(f"`{term}`\n:   {_plain(said)}" for term, said in rows)


def _plain(text: str) -> str:
    return re.sub(r"([\[\]<>*_|])", r"\\\1", text)
