"""The manual pages of the rules that found something, at the end of the page."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ._xml import text

if TYPE_CHECKING:
    from ..rule import Rule

_CODE = re.compile("`([^`]*)`")


def manual(names: list[str]) -> Iterator[str]:
    """Yield an entry for each name, its place in the list being its anchor; of no rule's name only that."""
    if not names:
        return
    from .. import rule as rules

    known = set(rules.names())
    yield '<section class="manual" aria-labelledby="manual"><h2 id="manual">Rules</h2>'
    for number, name in enumerate(names):
        yield f'<article class="r{number}" id="rule-{number}"><h3><code>{text(name)}</code></h3>'
        yield from _entry(rules.get(name)) if name in known else ()
        yield "</article>"
    yield "</section>"


def _entry(rule: "Rule") -> Iterator[str]:
    yield f'<p class="title">{prose(rule.title)}</p>'
    yield from (f"<p>{prose(_joined(part))}</p>" for part in rule.why.split("\n\n") if part)
    yield f"<p><b>Fix</b> {prose(_joined(rule.fix))}</p>"
    for link in rule.links:
        yield f'<p><a href="{text(link)}" rel="noreferrer">{text(link)}</a></p>'


def _joined(paragraph: str) -> str:
    return " ".join(paragraph.split("\n"))


def prose(said: str) -> str:
    """Return text for people, whose code stands in backticks."""
    return _CODE.sub(r"<code>\1</code>", text(said))
