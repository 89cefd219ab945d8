"""Scripts that are certainly Windows's own (.bat, .cmd, .ps1, web.config) and start Gunicorn."""

import re

from ..tree import Tree
from ..value import Known

_SUFFIXES = (".bat", ".cmd", ".ps1", "web.config")
_COMMENT = re.compile(r"\s*(?:rem\b|::|#|<!--)", re.I)
# Another system runs the command, or the word is only installed or looked for.
_ELSEWHERE = re.compile(r"\b(?:wsl|ssh|docker|podman|bash|sh|pip|uv|poetry|echo|kubectl|where|scp|curl)\b", re.I)
_GUNICORN = re.compile(r"(?<![\w-])gunicorn(?:\.exe)?(?=[\s\"'])", re.I)


def read(path: str, tree: Tree) -> list[Known[str]]:
    """Return the places where a Windows script starts Gunicorn; nothing for other files."""
    if not path.lower().endswith(_SUFFIXES) or not tree.contains(path, b"gunicorn"):
        return []
    source = tree.read(path)
    if source is None:
        return []
    found = []
    for number in range(1, source.line_count + 1):
        line = source.line_text(number)
        word = _GUNICORN.search(line)
        if word and not _COMMENT.match(line) and not _ELSEWHERE.search(line[: word.start()]):
            start = source.offset(number, word.start() + 1)
            found.append(Known(line.strip(), source.span(start, start + len(word[0]))))
    return found
