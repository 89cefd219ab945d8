"""Per cent signs that a unit's author meant literally, and systemd takes for specifiers."""

import re
from collections.abc import Iterator
from functools import cache

from ..facts import Entry, Problem, Unit
from ..record import Record
from ..source import Span

_HEX = "0123456789abcdefABCDEF"


class Percent(Record):
    """A word of `Environment=` or `Exec*=` with per cent signs that mean something else to systemd.

    `signs` are the offsets (in the file) of those that were meant literally, `refused` is what systemd says where
    one is no specifier at all, "" where it silently puts another text there. `encoded`: all are those of
    percent-encoding (`%40`).
    """

    entry: Entry
    at: Span
    signs: tuple[int, ...]
    refused: str
    encoded: bool


def percents(unit: Unit) -> Iterator[Percent]:
    """Every such word of a unit: what systemd refuses, addresses with encoded characters, patterns of dates,
    secrets."""
    refused = []
    for problem in unit.problems:
        entry = entry_of(problem, unit)
        if entry:
            refused.append(problem.at)
            yield from _percent(entry, problem.at, problem)
    for entry in unit.entries:
        if "%" in entry.value and is_about(entry.key) and not any(_within(at, entry.at) for at in refused):
            for found in _meant_literally().finditer(_without_instance(entry.at.text, unit)):
                yield from _percent(entry, entry.at.part(*_word(entry.at.text, found.start())), None)
                break


def entry_of(problem: Problem, unit: Unit) -> Entry | None:
    """The setting of an environment or a command in which systemd finds a `%` that is no specifier."""
    if problem.kind not in ("bad-specifier", "refused-specifier"):
        return None
    return next((one for one in unit.entries if is_about(one.key) and _within(problem.at, one.at)), None)


def is_about(key: str) -> bool:
    return key == "Environment" or key.startswith("Exec")


def _without_instance(text: str, unit: Unit) -> str:
    """Mask the instance's name in a template unit (`shop@.service`), which is surely meant."""
    return text.replace("%i", "__").replace("%I", "__") if "@" in unit.name else text


def _percent(entry: Entry, at: Span, problem: Problem | None) -> Iterator[Percent]:
    """A word with those of its signs that were meant literally: encoded characters, else what is no specifier."""
    text = at.text
    signs = [found.start() for found in re.finditer("%", text.replace("%%", "  "))]
    encoded = [sign for sign in signs if len(text) > sign + 2 and text[sign + 1] in _HEX and text[sign + 2] in _HEX]
    bad = problem.repair.rpartition(" ")[2] if problem else "%"
    meant = encoded or [sign for sign in signs if text.startswith(bad, sign)]
    if meant:
        places = tuple(at.start + sign for sign in meant)
        yield Percent(entry, at, places, problem.message if problem else "", bool(encoded))


def _within(inner: Span, outer: Span) -> bool:
    return inner.source is outer.source and outer.start <= inner.start and inner.end <= outer.end


def _word(text: str, at: int) -> tuple[int, int]:
    """The blanks-parted word around an offset; from quote to quote where it is quoted."""
    start = max(text.rfind(blank, 0, at) for blank in " \t\n") + 1
    ends = [end for blank in " \t\n" if (end := text.find(blank, at)) >= 0]
    return start, min(ends, default=len(text))


@cache
def _meant_literally() -> re.Pattern[str]:
    """A per cent sign that is surely none of systemd's, though what follows it is a specifier.

    `://shop:p%C3@db`, `%Y-%m-%d`, `%H:%M`, `PASSWORD=pa%nord`.
    """
    return re.compile(
        r"://[^\s\"']{0,200}?(?<!%)(?:%%)*%[0-9A-F]{2}|%Y.?%m.?%d|%H:%M|"
        r"(?:PASSWORD|PASSWD|SECRET|SECRET_KEY|TOKEN|API_KEY)=[\"']?[^\s\"'/%]{1,100}(?:%%)*%[A-Za-z][^\s\"'/]"
    )
