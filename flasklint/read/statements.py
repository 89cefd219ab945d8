"""Statements of a template engine (Jinja's `{% if x %}`, ERB's `<% if x %>`) among the words of a command."""

from collections.abc import Iterator, Sequence

from ..facts import Word

_CLOSERS = {"{%": "%}", "<%": "%>"}


def has_statement(text: str) -> bool:
    """Tell whether a text holds a statement, which itself leaves nothing, but decides what else is there."""
    return "%" in text and ("{%" in text or "<%" in text.replace("<%=", ""))


def without_statements(words: Sequence[Word]) -> tuple[list[Word], bool]:
    """Return the words without the statements around them; and whether there were none, so that all words are there.

    A word with a statement in its midst may be another one, or several: it is not fixed.
    """
    if not any(has_statement(word.text) for word in words):
        return list(words), True
    return [bare for word in words for bare in _bare(word)], False


def _bare(word: Word) -> Iterator[Word]:
    text = word.text
    while (closer := _CLOSERS.get(text[:2], "")) and closer in text and not text.startswith("<%="):
        text = text[text.index(closer) + 2 :]
    while text.endswith(("%}", "%>")) and (start := max(text.rfind("{%"), text.rfind("<%"))) >= 0:
        if text.startswith("<%=", start):
            break
        text = text[:start]
    at = word.at.text.find(text) if text else -1
    place = word.at.part(at, at + len(text)) if at >= 0 else word.at
    if text:
        yield Word(text, place, word.fixed and not has_statement(text))
