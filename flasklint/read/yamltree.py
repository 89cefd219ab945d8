"""YAML as a tree of nodes with exact places, safe on hostile input.

Built from the parser's events rather than by `yaml.compose`: PyYAML's C composer recurses without a
bound and overflows the stack on deep nesting (PyYAML 6.0.3). Nothing is constructed, so tags, dates
and numbers stay the text they are. Aliases share their node; who walks the tree counts steps.
"""

from collections.abc import Iterator
from typing import Any

from ..record import Record
from ..source import Source
from .placed import Placed, of

MAX_DEPTH = 60
MAX_LENGTH = 400_000  # characters
MAX_STEPS = 100_000  # nodes looked at through aliases and merges
_HOLE = "\ue000"  # stands for each character of a template variable while YAML is parsed
_STYLES = ("'", '"', "|", ">")
_BLANKS = " \t\r\n"
_ESCAPES = {"x": 4, "u": 6, "U": 10}


class RefusedError(Exception):
    """The text is no YAML, or more than a reader should do; `start` is the offset."""

    def __init__(self, kind: str, message: str, start: int) -> None:
        super().__init__(message)
        self.kind, self.message, self.start = kind, message, start


class Scalar(Record):
    value: str
    style: str  # "" plain, "'", '"', "|" or ">"
    start: int
    end: int

    @property
    def is_null(self) -> bool:
        return not self.style and self.value in ("", "~", "null", "Null", "NULL")


class Items(Record):
    """A sequence."""

    nodes: "list[Node]"
    start: int
    end: int


class Fields(Record):
    """A mapping, its entries in order and as written (`<<` among them)."""

    entries: "list[tuple[Node, Node]]"
    start: int
    end: int


Node = Scalar | Items | Fields


class Document:
    """The first document of a YAML file. `root` is None where it is empty.

    Raises RefusedError: kind "syntax" with the parser's own message, or "limit".
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self._steps = 0
        self._merged: dict[int, dict[str, tuple[Scalar, Node]]] = {}
        if len(source.text) > MAX_LENGTH:
            raise RefusedError("limit", f"longer than {MAX_LENGTH} characters", 0)
        self._text = _mask(source.text)
        self.root = _compose(self._text)

    def step(self, node: Node, steps: int = 1) -> None:
        """Count what is done for a node. Raises RefusedError when it becomes too much."""
        self._steps += steps
        if self._steps > MAX_STEPS:
            raise RefusedError("limit", "document contains excessive aliasing", node.start)

    def fields(self, node: Node | None) -> dict[str, tuple[Scalar, Node]]:
        """Return a mapping's keys with their nodes, merge keys (`<<`) applied; empty for other nodes."""
        if not isinstance(node, Fields):
            return {}
        if id(node) not in self._merged:
            self._merged[id(node)] = {}  # what a mapping that merges itself gets
            own, merged = dict[str, tuple[Scalar, Node]](), dict[str, tuple[Scalar, Node]]()
            for key, value in node.entries:
                self.step(key)
                if not isinstance(key, Scalar):
                    continue
                if key.value == "<<" and not key.style:
                    for base in value.nodes if isinstance(value, Items) else [value]:
                        for name, pair in self.fields(base).items():
                            merged.setdefault(name, pair)
                else:
                    own[self.text(key).text] = (key, value)
            self._merged[id(node)] = {**merged, **own}
        self.step(node, len(self._merged[id(node)]))
        return self._merged[id(node)]

    def items(self, node: Node | None) -> Iterator[Node]:
        """Yield a sequence's nodes; a lone scalar that is not null is its own only item."""
        if isinstance(node, Scalar) and not node.is_null:
            yield node
        elif isinstance(node, Items):
            for item in node.nodes:
                self.step(item)
                yield item

    def text(self, node: Scalar) -> Placed:
        """Return a scalar's text with the place of every character; template variables restored."""
        source = self.source
        if not node.style and node.value == self._text[node.start : node.end]:
            return of(source, node.start, node.end)
        starts, ends = _align(self._text, node)
        value = node.value
        if _HOLE in value:
            value = "".join(
                source.text[at] if char == _HOLE and at < len(source.text) else char
                for char, at in zip(value, starts, strict=True)
            )
        return Placed(value, source, starts, ends)


# --------------------------------------------------------------------------------------- composing


def _compose(text: str) -> Node | None:
    import yaml

    _check_depth(text)
    try:
        return _build(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = " ".join(part for part in (error.context, error.problem) if part)
        raise RefusedError("syntax", message, mark.index if mark else 0) from None
    except (yaml.YAMLError, UnicodeError) as error:
        raise RefusedError("syntax", str(error).partition("\n")[0], getattr(error, "position", 0) or 0) from None


def _check_depth(text: str) -> None:
    """Refuse deep flow collections before libyaml sees them: its time is quadratic in their depth."""
    depth = 0
    for index, char in enumerate(text):
        if char in "[{":
            depth += 1
            if depth > 10 * MAX_DEPTH:
                raise RefusedError("limit", "nested too deeply", index)
        elif char in "]}" and depth:
            depth -= 1


def _build(events: Iterator[Any]) -> Node | None:
    from yaml import events as kinds

    open_nodes, anchors, root = list[Items | Fields](), dict[str, Node](), list[Node]()
    keys: dict[int, Node] = {}  # by depth: the key that waits for its value
    for event in events:
        start, end, anchor = event.start_mark.index, event.end_mark.index, getattr(event, "anchor", None)
        if isinstance(event, kinds.DocumentEndEvent):
            break
        if isinstance(event, kinds.CollectionEndEvent):
            keys.pop(len(open_nodes), None)
            open_nodes.pop()
        if not isinstance(event, kinds.NodeEvent):
            continue
        node: Node
        if isinstance(event, kinds.AliasEvent):
            node = anchors.get(str(anchor)) or Scalar("", "", start, start)
        elif isinstance(event, kinds.ScalarEvent):
            node = Scalar(event.value, event.style if event.style in _STYLES else "", start, end)
        else:
            node = Fields([], start, end) if isinstance(event, kinds.MappingStartEvent) else Items([], start, end)
        if anchor and not isinstance(event, kinds.AliasEvent):
            anchors[anchor] = node
        _attach(node, open_nodes, keys, root)
        if isinstance(event, kinds.CollectionStartEvent) and not isinstance(node, Scalar):
            open_nodes.append(node)
            if len(open_nodes) > MAX_DEPTH:
                raise RefusedError("limit", "nested too deeply", start)
    return root[0] if root else None


def _attach(node: Node, open_nodes: list[Items | Fields], keys: dict[int, Node], root: list[Node]) -> None:
    if not open_nodes:
        root.append(node)
        return
    parent, depth = open_nodes[-1], len(open_nodes)
    if isinstance(parent, Items):
        parent.nodes.append(node)
    elif depth in keys:
        parent.entries.append((keys.pop(depth), node))
    else:
        keys[depth] = node


# ------------------------------------------------------------------------------------------ places


def _align(text: str, node: Scalar) -> tuple[list[int], list[int]]:
    """Find each character of a scalar's value again in the text it came from.

    Exact for all but blanks of folded lines, which stand where the fold begins.
    """
    at, end = node.start, node.end
    if node.style in ("|", ">"):
        at = text.find("\n", at, end) + 1 or end
    elif node.style:
        at, end = at + 1, end - 1
    starts, ends = list[int](), list[int]()
    for char in node.value:
        size = 1
        if node.style == '"' and char not in _BLANKS:
            at = _skip_fold(text, at, end)
        if node.style == '"' and text[at : at + 1] == "\\" and text[at + 1 : at + 2] not in ("\n", "\r"):
            size = _ESCAPES.get(text[at + 1 : at + 2], 2)
        elif char in _BLANKS:
            size = int(text[at : at + 1] == char)
        else:
            at = _skip_blanks(text, at, end)
            size += node.style == "'" and text.startswith("''", at)
        starts.append(min(at, end))
        at = min(at + size, end)
        ends.append(max(at, starts[-1]))
    return starts, ends


def _skip_blanks(text: str, at: int, end: int) -> int:
    while at < end and text[at] in _BLANKS:
        at += 1
    return at


def _skip_fold(text: str, at: int, end: int) -> int:
    """Skip blanks and escaped line ends within double quotes."""
    at = _skip_blanks(text, at, end)
    while text.startswith(("\\\n", "\\\r\n"), at):
        at = _skip_blanks(text, at + 1, end)
    return at


# --------------------------------------------------------------------------------------- templates


def _mask(text: str) -> str:
    """Return the text, as long as before, with Jinja blanked (`{% %}`, `{# #}`) or made opaque (`{{ }}`)."""
    for opens, closes, filler in (("{%", "%}", " "), ("{#", "#}", " "), ("{{", "}}", _HOLE)):
        if opens in text:
            text = _mask_one(text, opens, closes, filler)
    return text


def _mask_one(text: str, opens: str, closes: str, filler: str) -> str:
    pieces, at = list[str](), 0
    while (start := text.find(opens, at)) >= 0:
        end = text.find(closes, start + 2)
        if end < 0:
            break
        hidden = text[start : end + 2]
        pieces += [text[at:start], "".join(char if char in "\r\n" else filler for char in hidden)]
        at = end + 2
    return "".join([*pieces, text[at:]])
