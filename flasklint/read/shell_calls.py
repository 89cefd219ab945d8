"""Calls in shell text that should be quoted and are not: `gunicorn app:create_app()`.

A parenthesis there is a syntax error for the shell. To be read all the same, the parentheses of what
looks like a call are put behind a mask that is taken off once the words are apart.
"""

import re
from functools import cache

from ..facts import Word
from .shell import Raw
from .shell_text import Text

_MASK = str.maketrans("()", "\ue000\ue001")
_UNMASK = str.maketrans("\ue000\ue001", "()")


def mask(text: Text) -> Text:
    """Put the parentheses of `module:factory(...)` behind the mask; the length of the text stays as it is."""
    if "(" not in text.text or ":" not in text.text:
        return text
    return text._replace(text=_call().sub(lambda found: found[0].translate(_MASK), text.text))


def unmask(word: Word) -> Word:
    return word._replace(text=word.text.translate(_UNMASK)) if "\ue000" in word.text else word


def is_unquoted(raw: Raw) -> bool:
    """Tell whether a word has a masked parenthesis that no quotes hide from the shell."""
    return any("\ue000" in part.text and not (part.quoted or part.dark) for part in raw.parts)


@cache
def _call() -> re.Pattern[str]:
    return re.compile(r"(?<![\w.])[A-Za-z_][\w.]{0,99}:[A-Za-z_]\w{0,99}\([^()\s]{0,200}\)")
