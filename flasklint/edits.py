"""How a rule writes a repair: edits of lines, words, settings, directives, addresses and Python.

Every function returns an edit that leaves the rest of the file as it is: comments, blank lines,
indentation, line ends. None is returned where the text is not of the plain form that can be edited exactly.
"""

from collections.abc import Iterable, Sequence

from .address import Address
from .deployment import Route, Service
from .facts import Bind, Unit, Word
from .finding import Edit, Fix, Place, PythonEdit
from .source import Source, Span
from .value import Known, Unknown


def together(*edits: Edit | PythonEdit | None, safe: bool = True) -> Fix | None:
    """Make a fix of edits, all of which are needed: None where one of them cannot be made."""
    made = tuple(edit for edit in edits if edit)
    return Fix(made, safe) if made and len(made) == len(edits) else None


def replace(place: Place, text: str) -> Edit:
    """Put `text` in the place of a value."""
    return Edit(_span(place), text)


def replace_within(value: Known[str], text: str) -> Edit | None:
    """Put `text` in the place of a value, within the quotes or behind the `--option=` that it is written with.

    None where the value is not written out there.
    """
    start = value.at.text.find(value.value) if value.value else -1
    return Edit(value.at.part(start, start + len(value.value)), text) if start >= 0 else None


def add_after(place: Place, text: str) -> Edit:
    """Put a line below the one that holds the end of a place, indented alike. `text` is one line or several."""
    at = _span(place)
    end = _line_end(at.source, at.end)
    return Edit(at.source.span(end, end), _end_of_line(at.source) + _indented(at.source, at.end, text))


def add_directives(place: Place, directives: Sequence[str]) -> Edit | None:
    """Put directives of nginx behind the one that ends with a place. None where no `;` follows it."""
    at = _span(place)
    text = at.source.text
    rest = text[at.end : _line_end(at.source, at.end)]
    behind = rest.lstrip("\"' \t")
    if not behind.startswith(";"):
        return None
    if not behind[1:].strip() or behind[1:].lstrip().startswith("#"):
        return add_after(at, "\n".join(directives))
    end = at.end + len(rest) - len(behind) + 1
    return Edit(at.source.span(end, end), "".join(f" {each}" for each in directives))


def add_before(place: Place, text: str) -> Edit:
    """Put a line above the one that holds the start of a place, indented alike."""
    at = _span(place)
    start = _line_start(at.source, at.start)
    return Edit(at.source.span(start, start), _indented(at.source, at.start, text) + _end_of_line(at.source))


def remove_lines(place: Place) -> Edit:
    """Take out the whole lines that a place lies on."""
    at = _span(place)
    text, start, end = at.source.text, _line_start(at.source, at.start), _line_end(at.source, at.end)
    end = min(end + len(_end_of_line(at.source)), len(text))
    return Edit(at.source.span(start, end), "")


def remove_directive(place: Place) -> Edit | None:
    """Take out a directive of nginx: its lines, or itself where it shares them. None where no `;` follows it."""
    at = _span(place)
    text, first, last = at.source.text, _line_start(at.source, at.start), _line_end(at.source, at.end)
    behind = text[at.end : last].lstrip("\"' \t")
    if not behind.startswith(";"):
        return None
    rest = behind[1:].strip()
    if not text[first : at.start].strip() and (not rest or rest.startswith("#")):
        return remove_lines(at)
    return remove_word(at.source.span(at.start, last - len(behind) + 1))


def remove_word(place: Place) -> Edit:
    """Take out a word of a command and the blanks before it."""
    at = _span(place)
    start = at.start
    while start and at.source.text[start - 1] in " \t":
        start -= 1
    return Edit(at.source.span(start, at.end), "")


def remove_comment(comment: Place) -> Edit:
    """Take out a comment, with its line where it has one of its own."""
    at = _span(comment)
    text = at.source.text
    alone = not (
        text[_line_start(at.source, at.start) : at.start] + text[at.end : _line_end(at.source, at.end)]
    ).strip()
    return remove_lines(at) if alone else remove_word(at)


def remove_item(item: Place) -> Edit:
    """Take a word out of a list with commas, in brackets."""
    at = _span(item)
    text, start, end = at.source.text, at.start, at.end
    before = text[:start].rstrip(" \t")
    if before.endswith(","):
        return Edit(at.source.span(len(before) - 1, end), "")
    while text[end : end + 1] in (" ", "\t", ","):
        end += 1
    return Edit(at.source.span(start, end), "")


def add_words(words: Iterable[Word], place: Place, text: str) -> Edit | None:
    """Put words before one of a command. None where only quotes or commas part it from the word before it: a list,
    or a command that is one word of another.
    """
    at = _span(place)
    before = max((word.at.end for word in words if word.at.source is at.source and word.at.end <= at.start), default=-1)
    between = at.source.text[before : at.start] if before >= 0 else ""
    if not between or between.strip(" \t\r\n\\"):
        return None
    return Edit(at.source.span(at.start, at.start), f"{text} ")


def append(source: Source, text: str) -> Edit:
    """Put lines at the end of a file."""
    end, eol = len(source.text), _end_of_line(source)
    start = eol if source.text and not source.text.endswith("\n") else ""
    return Edit(source.span(end, end), start + text.replace("\n", eol) + eol)


# ------------------------------------------------------------------------------------------ systemd


def add_setting(unit: Unit, section: str, line: str) -> Edit | None:
    """Put `Key=value` at the end of a unit's section; None where the main file has no such section with a setting."""
    entries = [entry for entry in unit.entries if entry.section == section and entry.at.source is unit.source]
    if not entries:
        return None
    return add_after(max(entries, key=lambda entry: entry.at.end).at, line)


def set_in_section(unit: Unit, section: str, line: str) -> Edit:
    """Put `Key=value` at the end of a unit's section, which is made at the end of the main file if need be."""
    sections = unit.source.text.partition("[")[2].replace("\r", "")
    apart = "\n" if "\n\n[" in sections else ""
    return add_setting(unit, section, line) or append(unit.source, f"{apart}[{section}]\n{line}")


def own_line(comment: Span) -> tuple[Edit | None, ...]:
    """Put a comment at the end of a line above it; (None,) where it or the line before goes on in another line."""
    source = comment.source
    start = _line_start(source, comment.start)
    goes_on = source.text[:start].rstrip("\r\n").endswith("\\") or comment.text.endswith("\\")
    if goes_on or source.text[comment.end : _line_end(source, comment.end)].strip():
        return (None,)
    return add_before(comment, comment.text), remove_word(comment)


# -------------------------------------------------------------------------------------------- nginx


def send_headers(routes: Iterable[Route], *headers: str) -> Fix | None:
    """Let locations send more request headers (`Host $host`), beside those they send.

    Not in the http block, which all sites share, and by a good guess only in the server block, whose other
    locations may lead elsewhere.
    """
    routes = list(routes)
    lines = [f"proxy_set_header {header};" for header in headers]
    edits = [add_directives(place, lines) if (place := _headers_end(route)) else None for route in routes]
    return together(*edits, safe=all(route.forwards.headers.level != "server" for route in routes))


def _headers_end(route: Route) -> Place | None:
    """Behind what a further header keeps all of those in force: a level with headers of its own inherits none."""
    forwards, sent = route.forwards, route.forwards.headers.sent
    if forwards.condition or forwards.headers.level == "http":
        return None
    if forwards.headers.level == "server":
        return sent[-1].at
    if sent and route.location.parent:
        return None  # perhaps those of the outer location
    here = [header.at for header in sent if header.at.source is forwards.written.at.source]
    return here[-1] if here else forwards.written


# ---------------------------------------------------------------------------------------- addresses


def rebind(bind: Bind, address: Address) -> Edit | None:
    """Let a server bind another address, where the one it binds is written as one word or literal."""
    if bind.at is None or isinstance(bind.address, Unknown):
        return None
    inner = bind.at.text.strip("\"'")
    if inner == bind.written:
        start = bind.at.start + bind.at.text.find(inner)
        return Edit(bind.at.source.span(start, start + len(inner)), str(address))
    return readdress(bind.at, bind.address.value, address)


def readdress(place: Place, old: Address, new: Address) -> Edit | None:
    """Write another address in `proxy_pass`, in an upstream's `server` or as the host of a server."""
    at = _span(place)
    text = at.text
    start = text.find("://") + 3 if "://" in text else len(text) - len(text.lstrip("\"'"))
    written = _authority(text[start:])
    end = start + len(written)
    named = {str(old), old.host} if old.host else {str(old)}
    if written not in named:
        return None
    if old.is_unix and not new.is_unix and text[end : end + 1] == ":":
        end += 1  # `unix:/run/x.sock:/uri`
    uri = text[end : end + 1] == "/"
    shown = new.host if written == old.host and new.port == old.port else f"{new}:" if new.is_unix and uri else str(new)
    return Edit(at.part(start, end), shown)


def forward_to(targets: Iterable[Known[Address]], service: Service, *, safe: bool) -> Fix | None:
    """Let nginx forward to what a service binds, by the host that nginx names now where that will do."""
    bind = service.known_binds[0][1]
    if not service.on_host and (bind.is_loopback or bind.is_unix):
        return None  # nobody outside of the container reaches it
    own = bind.is_unix or bind.is_loopback
    return together(
        *(readdress(to, to.value, bind if own else bind._replace(host=to.value.host or "127.0.0.1")) for to in targets),
        safe=safe,
    )


def _authority(text: str) -> str:
    """The address at the beginning of a text, as written."""
    ends = ":\"' ;" if text.startswith("unix:") else "/\"' ;"
    start = 5 if text.startswith("unix:") else 0
    end = next((index for index in range(start, len(text)) if text[index] in ends), len(text))
    return text[:end]


# ------------------------------------------------------------------------------------------- Python


def set_argument(call: Place, name: str, value: str) -> PythonEdit:
    """Give a call the keyword argument `name=value`, in the place of one of that name if there is one."""
    return PythonEdit(_span(call), "set-argument", name, value)


def remove_argument(call: Place, name: str) -> PythonEdit:
    """Take a keyword argument out of a call."""
    return PythonEdit(_span(call), "remove-argument", name)


def replace_expression(expression: Place, value: str) -> PythonEdit:
    """Put an expression in the place of another, in parentheses where it needs them."""
    return PythonEdit(_span(expression), "replace-expression", value=value)


def only_when_run(statement: Place) -> PythonEdit:
    """Put a statement of a module under `if __name__ == "__main__":`."""
    return PythonEdit(_span(statement), "only-when-run")


# --------------------------------------------------------------------------------------------------


def _span(place: Place) -> Span:
    return place.at if isinstance(place, Known) else place


def _line_start(source: Source, offset: int) -> int:
    return source.text.rfind("\n", 0, offset) + 1


def _line_end(source: Source, offset: int) -> int:
    end = source.text.find("\n", offset)
    end = len(source.text) if end < 0 else end
    return end - 1 if source.text[:end].endswith("\r") else end


def _end_of_line(source: Source) -> str:
    return "\r\n" if "\r\n" in source.text else "\n"


def _indented(source: Source, offset: int, text: str) -> str:
    line = source.text[_line_start(source, offset) :]
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    if "\t" in indent:
        text = text.replace("    ", "\t")
    return _end_of_line(source).join(indent + one if one else "" for one in text.split("\n"))
