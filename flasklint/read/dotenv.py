"""Files of `KEY=value` lines in the dialect of Docker Compose (`.env`, `env_file:`).

Compose: https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/
"""

from collections.abc import Iterator

from ..facts import Variable
from ..source import Source
from ..value import Unknown
from .placed import Lookup, Placed, interpolate, of


def read(source: Source, outer: Lookup) -> tuple[Variable, ...]:
    """Return the variables in order.

    Unquoted and double-quoted values are interpolated with what stands above them and with `outer`;
    ` #` begins a comment outside quotes. A name alone passes the caller's own variable on: Unknown.
    """
    found: dict[str, str] = {}
    variables = list[Variable]()

    def lookup(name: str) -> str | None:
        return found[name] if name in found else outer(name)

    for line in _lines(source):
        name, equals, _ = line.text.partition("=")
        start = len(name) + 1
        name = name.removeprefix("export ").strip()
        if not name.replace("_", "a").replace(".", "a").replace("-", "a").isalnum():
            continue
        if not equals:
            variables.append(Variable(name, Unknown("it is passed on", line.span()), line.span()))
            continue
        placed = _value(line.part(start, len(line.text)).strip(), lookup)
        value = placed.value()
        if not isinstance(value, Unknown):
            found[name] = value.value
        variables.append(Variable(name, value, line.span()))
    return tuple(variables)


def _lines(source: Source) -> Iterator[Placed]:
    """Yield lines without comments and blanks; a quoted value may span several."""
    text, at = source.text, 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        equals = text.find("=", at, end)
        quote = text[equals + 1 : end].lstrip()[:1] if equals >= 0 else ""
        if quote in ("'", '"') and not text[at:end].lstrip().startswith("#"):
            opened = text.index(quote, equals)
            closed = _closing(text, opened + 1, quote)
            if closed >= end:
                end = text.find("\n", closed)
                end = len(text) if end < 0 else end
        line = of(source, at, end).strip()
        if line.text and not line.text.startswith("#"):
            yield line
        at = end + 1


def _closing(text: str, at: int, quote: str) -> int:
    """Return the offset of the closing quote within the next 4000 characters, -1 where there is none."""
    limit = min(len(text), at + 4_000)
    while at < limit:
        if text[at] == "\\" and quote == '"':
            at += 1
        elif text[at] == quote:
            return at
        at += 1
    return -1


def _value(value: Placed, lookup: Lookup) -> Placed:
    quote = value.text[:1]
    if quote in ("'", '"') and quote:
        end = _closing(value.text, 1, quote)
        inner = value.part(1, end if end > 0 else len(value.text))
        return inner if quote == "'" else interpolate(_unescape(inner), lookup, doubled=False)
    comment = min((at for mark in (" #", "\t#") if (at := value.text.find(mark)) >= 0), default=len(value.text))
    return interpolate(value.part(0, comment).strip(), lookup, doubled=False)


def _unescape(value: Placed) -> Placed:
    if "\\" not in value.text:
        return value
    kept, at = list[tuple[str, int]](), 0
    while at < len(value.text):
        escaped = value.text[at] == "\\" and at + 1 < len(value.text)
        at += escaped
        char = value.text[at]
        kept.append(({"n": "\n", "t": "\t", "r": "\r"}.get(char, char) if escaped else char, at))
        at += 1
    return Placed(
        "".join(char for char, _ in kept),
        value.source,
        [value.starts[index] for _, index in kept],
        [value.ends[index] for _, index in kept],
        value.dark,
    )
