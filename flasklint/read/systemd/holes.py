"""Template variables in a line: `{{ x }}`, `{% if x %}`, `<%= x %>` keep together whatever they hold."""

from ...value import normal

CLOSERS = {"{{": "}}", "{%": "%}", "{#": "#}", "<%": "%>"}


def hole_end(text: str, at: int) -> int:
    """Return the offset just after the template expression that opens at `at`, or `at` if none does."""
    closer = CLOSERS.get(text[at : at + 2])
    if closer is None:
        return at
    # One opener without a closer costs one search; the last closer bounds what the others cost.
    end = text.find(closer, at + 2)
    return at if end < 0 else end + 2


def holes(text: str) -> list[tuple[int, int]]:
    """Return the offsets of every template expression in `text`, in order, not nested."""
    found: list[tuple[int, int]] = []
    hopeless: set[str] = set()
    at = 0
    while (at := _next_opener(text, at)) >= 0:
        opener = text[at : at + 2]
        end = at if opener in hopeless else hole_end(text, at)
        if end > at:
            found.append((at, end))
            at = end
        else:
            if opener in CLOSERS:
                hopeless.add(opener)
            at += 1
    return found


def is_template(text: str) -> bool:
    """Tell whether a file is written for a template engine with statements (Jinja, ERB)."""
    return "{%" in text or "{{" in text or "<%" in text or "{#" in text


def without_comments(text: str) -> str:
    """Blank out Jinja comments `{# ... #}` without moving anything else."""
    at = text.find("{#")
    if at < 0:
        return text
    parts, done = [], 0
    while at >= 0 and (end := text.find("#}", at + 2)) >= 0:
        hidden = "".join(char if char in "\r\n" else " " for char in text[at : end + 2])
        parts += [text[done:at], hidden]
        done = end + 2
        at = text.find("{#", done)
    return "".join(parts) + text[done:]


def without_statements(line: str) -> tuple[int, str]:
    """Strip template statements around a line: offset of what remains, and what remains.

    A line that is nothing but statements, or nothing but one expression, leaves nothing.
    """
    at = len(line) - len(line.lstrip())
    if line[at : at + 2] == "{{" and line.rstrip().endswith("}}"):
        return at, ""
    if line[at : at + 2] not in ("{%", "<%") or line[at : at + 3] == "<%=":
        return 0, line
    while line[at : at + 2] in ("{%", "<%") and (end := hole_end(line, at)) > at:
        at = end + len(line[end:]) - len(line[end:].lstrip())
    rest = line[at:].rstrip()
    if rest.endswith(("%}", "%>")):
        opener = max(rest.rfind("{%"), rest.rfind("<%"))
        rest = rest[: max(opener, 0)]
    return at, rest


def _next_opener(text: str, at: int) -> int:
    brace, angle = text.find("{", at), text.find("<%", at)
    return max(brace, angle) if brace < 0 or angle < 0 else min(brace, angle)


__all__ = ["hole_end", "holes", "is_template", "normal", "without_comments", "without_statements"]
