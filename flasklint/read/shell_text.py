"""Shell text that came out of another layer of quotes, and where each of its characters was written."""

from ..facts import Word
from ..record import Record
from ..source import Span


class Text(Record):
    """Shell text and where each of its characters stands; `starts` is None where that is not known."""

    text: str
    at: Span
    starts: tuple[int, ...] | None

    def span(self, start: int, end: int) -> Span:
        if self.starts is None or not 0 <= start < end <= len(self.text):
            return self.at
        return Span(self.at.source, self.starts[start], self.starts[end - 1] + 1)


def of_span(at: Span) -> Text:
    """Return the text of a span, as it stands in its file."""
    return Text(at.text, at, tuple(range(at.start, at.end)))


def of_word(word: Word) -> Text:
    """Return a word that holds shell text, its characters found again in what was written.

    Between the two lie a layer of quotes and escapes (`\\`, `$$`, `%%`) and continued lines.
    """
    written, starts, at = word.at.text, [], 0
    for char in word.text:
        at = _next(written, at, char)
        if at < 0:
            return Text(word.text, word.at, None)
        starts.append(word.at.start + at)
        at += 2 if written.startswith("\\\n", at) else 1
    return Text(word.text, word.at, tuple(starts))


def _next(written: str, at: int, char: str) -> int:
    """Return where the next character of the unquoted text stands at or after `at`, -1 if nowhere near."""
    if at == 0 and written[:1] in "\"'" and char != written[:1]:
        at = 1
    for skipped in range(3):
        if written[at : at + 1] == char or (char in " \n" and written.startswith("\\\n", at)):
            return at
        if skipped == 2 or written[at : at + 1] not in ("\\", "$", "%", '"', "'", "\r"):
            break
        at += 1
    return -1
