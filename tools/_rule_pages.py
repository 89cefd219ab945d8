"""The pages of the rules for the site: what `flasklint explain` says, and what flasklint says of the example."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from posixpath import basename

from flasklint import rule as rules
from flasklint.promises import Bench
from flasklint.report import render
from flasklint.result import Result
from flasklint.rule import Rule
from flasklint.settings import Settings

WIDTH = 84  # columns of a report that fits the page
STYLES = {"1": "strong", "1;31": "error", "1;33": "warning", "1;36": "note", "1;34": "rail"}
LEXERS = {
    ".conf": "nginx",
    ".service": "systemd",
    ".socket": "systemd",
    ".timer": "systemd",
    ".py": "python",
    ".yml": "yaml",
    ".yaml": "yaml",
    ".toml": "toml",
    ".sh": "bash",
    ".ini": "ini",
}


def rule_page(rule: Rule, bench: Bench) -> str:
    """Return the Markdown of a rule's page."""
    bad = rules.example(rule.bad)
    result = bench.lint(bad.files, rule.name)
    marked: dict[str, list[int]] = {}
    for one in bad.expected:
        marked.setdefault(one.path, []).append(one.line)
    parts = [
        f"---\ntitle: {rule.name}\ndescription: {_quoted(rule.title)}\n---",
        f"# {rule.name}",
        f"**{rule.title}**{{ .rule-title }}",
        f"{_badge(rule)} {_group(rule)} · since {rule.since}{_fixable(result)}\n{{ .rule-facts }}",
        rule.why,
        f"**Fix:** {rule.fix}",
    ]
    if not rule.bad:  # no deployment is known that raises it
        return "\n\n".join(parts) + "\n"
    parts += [
        "## Example",
        *_files(bad.files, marked),
        "flasklint says:",
        report(render("text", result, Settings(quiet=True), color=True, width=WIDTH)),
    ]
    fixed = rules.example(rule.fixed or rule.good)
    parts += [
        "## Without the fault",
        *(["After [`--fix`](../fixes.md):"] if rule.fixed else []),
        *_files(fixed.files, {}),
    ]
    if rule.fixed and rule.good != rule.fixed:
        parts += ["Or:", *_files(rules.example(rule.good).files, {})]
    parts += [_silence(rule)]
    if rule.links:
        parts += ["## Further reading", "\n".join(f"* <{link}>" for link in rule.links)]
    return "\n\n".join(parts) + "\n"


def index(every: Iterable[Rule]) -> str:
    """Return the Markdown of the page that lists all rules by group."""
    listed = sorted(every, key=lambda one: (one.group, one.name))
    parts = [
        "---\ntitle: Rules\nhide: [navigation]\n---",
        "# Rules",
        f"{len(listed)} rules. A dot in the last column: [`--fix`](fixes.md) or `--fix --unsafe-fixes` repairs it. "
        "`flasklint explain NAME` shows a rule's page in the terminal; names, globs (`waitress-*`) and groups select.",
        '<input id="rule-filter" type="search" placeholder="Filter: a name, a group, words"'
        ' aria-label="Filter the rules" hidden>',
        '<div id="rule-filter-list" markdown>',
    ]
    for group, members in groupby(listed, key=lambda one: one.group):
        rows = "\n".join(
            f"| [{one.name}](rules/{one.name}.md) | {_badge(one)} | {_cell(one.title)} | {'●' if one.fixed else ''} |"
            for one in members
        )
        parts.append(f"## {group}\n\n| rule | severity | in a line | fix |\n| --- | --- | --- | :---: |\n{rows}")
    return "\n\n".join([*parts, "</div>"]) + "\n"


def report(text: str) -> str:
    """Return what is printed to a terminal as HTML in its colours. Hyperlinks are not among it."""
    parts = re.split("\x1b\\[([0-9;]*)m", text.strip("\n"))
    shown = [html.escape(parts[0], quote=False)]
    for style, words in zip(parts[1::2], parts[2::2], strict=True):
        shown.append("</span>" if style == "0" else f'<span class="{STYLES[style]}">')
        shown.append(html.escape(words, quote=False))
    return _framed("".join(shown))


def _framed(inside: str) -> str:
    return f'<div class="report"><pre tabindex="0"><code>{inside}</code></pre></div>'


_HEADING = re.compile(r"(error|warning|note)(\[[a-z-]+\])(: .*)?$")
_MARKS = re.compile(r"( *\| +)(?:(\^+.*)|(-+(?: .*|$)))$")
_CHANGE = re.compile(r"([+-])(?!\s*$)")


def console(block: str) -> str:
    """Return commands and what they printed as HTML: commands, frames and diffs are told from the rest."""
    shown: list[str] = []
    level = "rail"
    for line in block.rstrip("\n").split("\n"):
        text = html.escape(line, quote=False)
        if line.startswith("$ "):
            text = f'<span class="rail">$</span> <span class="strong">{text[2:]}</span>'
        elif heading := _HEADING.match(line):
            level = heading[1]
            text = f'<span class="{level}">{heading[1]}{heading[2]}</span>{html.escape(heading[3] or "", quote=False)}'
        elif marks := _MARKS.match(text):
            text = f'{marks[1]}<span class="{level if marks[2] else "rail"}">{marks[2] or marks[3]}</span>'
        elif change := _CHANGE.match(line):
            text = f'<span class="{"added" if change[1] == "+" else "removed"}">{text}</span>'
        shown.append(text)
    return _framed("\n".join(shown))


def _files(files: Mapping[str, str], marked: Mapping[str, list[int]]) -> Iterator[str]:
    for name, text in files.items():
        lines = f' hl_lines="{" ".join(map(str, marked[name]))}"' if marked.get(name) else ""
        fence = "````" if "```" in text else "```"
        yield f'{fence}{_lexer(name, text)} title="{name}"{lines}\n{text.rstrip(chr(10))}\n{fence}'


def _lexer(name: str, text: str) -> str:
    stem = basename(name).removesuffix(".j2")
    if stem.startswith("Dockerfile"):
        return "docker"
    if stem.endswith(".conf") and re.search(r"^\[", text, re.MULTILINE):
        return "ini"  # drop-ins and supervisor
    return next((lexer for suffix, lexer in LEXERS.items() if stem.endswith(suffix)), "text")


def _group(rule: Rule) -> str:
    return f"[{rule.group}](../rules.md#{rule.group})"


def _badge(rule: Rule) -> str:
    return f'<span class="badge {rule.severity}">{rule.severity}</span>'


def _fixable(result: Result) -> str:
    fixes = [finding.fix for finding in result.findings if finding.fix]
    if not fixes:
        return ""
    return (
        " · [repaired by `--fix`](../fixes.md)"
        if fixes[0].safe
        else " · [repaired by `--fix --unsafe-fixes`](../fixes.md)"
    )


def _silence(rule: Rule) -> str:
    return f"""## Silence it

Above the place that is reported, with the reason:

```text
# flasklint: ignore[{rule.name}] why it is right here
```

For a whole run: `--ignore {rule.name}`. As a note instead: `--severity {rule.name}=note`.
[How findings are silenced](../ignores.md), with all other ways."""


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
