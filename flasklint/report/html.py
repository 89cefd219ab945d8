"""One page that needs nothing else: no script, no request, light and dark, on paper too.

The filters are checkboxes that the style sheet asks (`:has()`, in every browser since 2023). The page's policy
lets nothing run and nothing load, whatever a file of the deployment holds; styles count by their hash.
"""

from collections.abc import Iterator, Mapping

from .. import __version__
from ..finding import Finding, Severity
from ..result import Result
from ..settings import Settings
from ._graph import graph
from ._html_frame import frames
from ._html_rules import manual, prose
from ._places import Group, groups, tally
from ._svg import svg
from ._xml import text as esc
from .text import counted

LEVELS = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
_Numbers = Mapping[Finding, int]


def render(result: Result, settings: Settings, *, color: bool, width: int) -> str:
    """Return the page."""
    listed = [_worst_first(group) for group in sorted(groups(result), key=lambda group: not group.findings)]
    rules = sorted({finding.rule for finding in result.findings})
    numbers = {one: number for number, one in enumerate((one for group in listed for one in group.findings), 1)}
    style = _style() + "".join(_filter(f"r{number}") for number in range(len(rules)))
    body = [
        *_header(result, listed),
        *_filters(result, listed, rules),
        "<main>",
        *_overview(listed),
        *(part for number, group in enumerate(listed) for part in _group(number, group, numbers, rules)),
        *_rest(result),
        *manual(rules),
        "</main>",
        f"<footer>flasklint {esc(__version__)}</footer>",
    ]
    return _page(result, style, "\n".join(body))


def _worst_first(group: Group) -> Group:
    return group._replace(findings=tuple(sorted(group.findings, key=lambda finding: -finding.level)))


def _page(result: Result, style: str, body: str) -> str:
    policy = f"default-src 'none'; style-src '{_hashed(style)}'; base-uri 'none'; form-action 'none'"
    head = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>flasklint: {esc(_verdict(result))}</title>",
        f"<style>{style}</style>",
    ]
    start = '<!DOCTYPE html>\n<html lang="en">\n<head>\n'
    return f"{start}{chr(10).join(head)}\n</head>\n<body>\n{body}\n</body>\n</html>\n"


def _style() -> str:
    from importlib.resources import files

    return files(__package__).joinpath("_html.css").read_text(encoding="utf-8")


def _hashed(style: str) -> str:
    from base64 import b64encode
    from hashlib import sha256

    return f"sha256-{b64encode(sha256(style.encode()).digest()).decode()}"


def _filter(name: str) -> str:
    return f"body:has(#{name}:not(:checked)) .{name}{{display:none}}\n"


# ------------------------------------------------------------------------------------- above the fold


def _verdict(result: Result) -> str:
    return "nothing to lint" if result.nothing_to_lint else tally(result)


def _header(result: Result, listed: list[Group]) -> Iterator[str]:
    read = sum(file.kind != "skipped" for file in result.files)
    facts = [counted(result.judged, "deployment"), counted(read, "file")]
    facts += [f"{len(result.ignored)} silenced by comments"] if result.ignored else []
    facts += [f"{len(result.baselined)} in the baseline"] if result.baselined else []
    facts += [counted(result.internal_errors, "internal error")] if result.internal_errors else []
    worst = max((finding.level for finding in result.findings), default=None)
    mood = "none" if result.nothing_to_lint else str(worst) if worst else "clean"
    yield f'<header class="{mood}"><p class="tool">flasklint</p><h1>{esc(_headline(result))}</h1>'
    yield f'<p class="facts">{" · ".join(map(esc, facts))}</p></header>'


def _headline(result: Result) -> str:
    words = _verdict(result)
    return words[:1].upper() + words[1:]


def _filters(result: Result, listed: list[Group], rules: list[str]) -> Iterator[str]:
    """Checkboxes for severities and rules, where there is something to choose from."""
    if len(result.findings) < 2:
        return
    yield '<nav aria-label="Filters"><fieldset><legend>Show</legend>'
    for level in LEVELS:
        if count := result.count(level):
            yield _box(f"s-{level}", f"{counted(count, str(level))}", f"pill {level}")
    if not all(group.findings for group in listed):
        yield _box("only", "deployments without a finding", "pill")
    yield "</fieldset>"
    if len(rules) > 1:
        yield f"<details><summary>{len(rules)} rules</summary><fieldset><legend>Rules to show</legend>"
        for number, rule in enumerate(rules):
            count = sum(finding.rule == rule for finding in result.findings)
            yield _box(f"r{number}", rule, "rule", f"<i>{count}</i>")
        yield "</fieldset></details>"
    yield "</nav>"


def _box(name: str, said: str, kind: str, more: str = "") -> str:
    return f'<label class="{kind}"><input type="checkbox" id="{name}" checked> <span>{esc(said)}</span>{more}</label>'


def _overview(listed: list[Group]) -> Iterator[str]:
    """A table of the deployments, where there are several."""
    if len(listed) < 2:
        return
    yield '<table class="overview"><caption>Deployments</caption><thead><tr><th scope="col">deployment</th>'
    yield "".join(f'<th scope="col">{level}s</th>' for level in LEVELS) + "</tr></thead><tbody>"
    for number, group in enumerate(listed):
        cells = "".join(_count(group, level) for level in LEVELS)
        kind = "" if group.findings else ' class="clean"'
        yield f'<tr{kind}><th scope="row"><a href="#d{number}">{esc(group.title)}</a></th>{cells}</tr>'
    yield "</tbody></table>"


def _count(group: Group, level: Severity) -> str:
    count = group.count(level)
    return f'<td class="{level}">{count}</td>' if count else '<td class="nil">·</td>'


# ------------------------------------------------------------------------------------------- findings


def _group(number: int, group: Group, numbers: _Numbers, rules: list[str]) -> Iterator[str]:
    kind = "deployment" if group.findings else "deployment clean"
    said = tally(group) if group.findings else "No faults"
    yield f'<section class="{kind}" id="d{number}" aria-labelledby="d{number}h">'
    yield f'<h2 id="d{number}h">{esc(group.title)}</h2><p class="tally">{esc(said)}</p>'
    yield from _map(group, numbers, folded=not group.findings and number > 0)
    for finding in group.findings:
        yield from _finding(finding, numbers[finding], rules.index(finding.rule))
    yield "</section>"


def _map(group: Group, numbers: _Numbers, *, folded: bool) -> Iterator[str]:
    """Draw a deployment, folded where all is well and others come before it."""
    drawn = graph(group)
    if len(drawn.nodes) < 2:
        return
    own = {finding: numbers[finding] for finding in group.findings}
    label = esc(f"Map of {group.title}")
    yield "<details><summary>Map</summary>" if folded else ""
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">{svg(drawn, group.title, own)}</div>'
    if drawn.left_out:
        yield f'<p class="more">{drawn.left_out} more are not drawn</p>'
    yield "</details>" if folded else ""


def _finding(finding: Finding, number: int, rule: int) -> Iterator[str]:
    level = finding.level
    yield f'<article class="finding {level} s-{level} r{rule}" id="f{number}" aria-labelledby="f{number}h">'
    yield f'<p class="kind"><span class="badge">{level}</span> <a href="#rule-{rule}">{esc(finding.rule)}</a>'
    yield f' <a class="self" href="#f{number}" aria-label="Link to finding {number}">#{number}</a></p>'
    yield f'<h3 id="f{number}h">{prose(finding.message)}</h3>'
    yield from frames(finding)
    if finding.repair:
        yield f'<p class="fix"><b>Fix</b> <span>{prose(finding.repair)}{_option(finding)}</span></p>'
    yield "</article>"


def _option(finding: Finding) -> str:
    if not finding.fix:
        return ""
    return f" <kbd>{'--fix' if finding.fix.safe else '--fix --unsafe-fixes'}</kbd>"


# ----------------------------------------------------------------------------------------- what is left


def _rest(result: Result) -> Iterator[str]:
    """What was silenced, not seen, or left alone."""
    silenced, lived_with = (
        [f"{one.at.path}:{one.at.line}: {one.level}[{one.rule}] {one.message}" for one in listed]
        for listed in (result.ignored, result.baselined)
    )
    for heading, lines in (
        ("Silenced by comments", silenced),
        ("In the baseline", lived_with),
        ("Not seen", list(result.unseen)),
        ("Left alone", list(result.left_alone)),
    ):
        if lines:
            items = "".join(f"<li>{esc(line)}</li>" for line in lines)
            yield f'<details class="rest"><summary>{heading} ({len(lines)})</summary><ul>{items}</ul></details>'
