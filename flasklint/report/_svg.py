"""Draws the map of a deployment as SVG without a word of style: colours come from the page."""

from collections.abc import Iterator, Mapping

from ..finding import Finding
from ..record import Record
from ._graph import COLUMNS, Edge, Graph, Node, is_main
from ._xml import text as esc

WIDTHS = (176, 150, 206, 196, 196)  # of the columns
GAP, HEIGHT, SPACE, TOP, EDGE = 54, 48, 16, 40, 8
TITLE, DETAIL = 7.9, 6.7  # width of a letter


class Box(Record):
    """Where a node stands."""

    x: float
    y: float
    width: float

    @property
    def middle(self) -> float:
        return self.y + HEIGHT / 2


def svg(drawn: Graph, name: str, numbers: Mapping[Finding, int]) -> str:
    """Return the drawing. `numbers` are those of the findings in the page: nodes link to them."""
    boxes = _places(drawn)
    used = {node.column for node in drawn.nodes}
    left, right = _left(min(used)), _left(max(used)) + WIDTHS[max(used)]
    height = max(box.y for box in boxes.values()) + HEIGHT + EDGE
    parts = [f"<title>{esc(f'How a request travels through {name}')}</title>", f"<desc>{esc(_told(drawn))}</desc>"]
    parts += [f'<text class="col" x="{_left(column)}" y="18">{COLUMNS[column]}</text>' for column in sorted(used)]
    edges = sorted(drawn.edges, key=lambda edge: edge.broken)  # what is broken lies above
    parts += [_edge(edge, boxes[edge.start], boxes[edge.end]) for edge in edges]
    parts += [_node(node, boxes[node.key], list(drawn.touched(node, numbers)), numbers) for node in drawn.nodes]
    box = f"{left - EDGE} 0 {right - left + 2 * EDGE:g} {height:g}"
    inside = "\n".join(parts)
    return f'<svg class="map" role="group" viewBox="{box}" width="{right - left + 2 * EDGE:g}">\n{inside}\n</svg>'


def _left(column: int) -> int:
    return sum(WIDTHS[:column]) + GAP * column


def _places(drawn: Graph) -> dict[str, Box]:
    """Place each node at the height of those before it, as near as those above it let it."""
    boxes: dict[str, Box] = {}
    for column in range(len(COLUMNS)):
        nodes = [node for node in drawn.nodes if node.column == column]
        wanted = {node.key: _wanted(node, drawn, boxes) for node in nodes}
        y = float(TOP)
        for node in sorted(nodes, key=lambda node: wanted[node.key]):
            y = max(y, wanted[node.key])
            boxes[node.key] = Box(_left(column), y, WIDTHS[column])
            y += HEIGHT + SPACE
    return boxes


def _wanted(node: Node, drawn: Graph, boxes: Mapping[str, Box]) -> float:
    before = [boxes[edge.start].y for edge in drawn.edges if edge.end == node.key and edge.start in boxes]
    return sum(before) / len(before) if before else TOP


def _edge(edge: Edge, start: Box, end: Box) -> str:
    x1, y1, x2, y2 = start.x + start.width, start.middle, end.x, end.middle
    bend = (x2 - x1) / 2
    path = f"M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}"
    if not edge.broken:
        return f'<path class="edge" d="{path}"/>'
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    cross = f"M{x - 4:g} {y - 4:g}l8 8m0 -8l-8 8"
    sign = f'<circle class="stop" cx="{x:g}" cy="{y:g}" r="9"/><path class="cross" d="{cross}"/>'
    return f'<path class="edge broken" d="{path}"/>{sign}'


def _node(node: Node, box: Box, findings: list[Finding], numbers: Mapping[Finding, int]) -> str:
    """A box of two lines; with findings it has their colour and leads to the first one."""
    worst = max(findings, key=lambda finding: (finding.level, is_main(node, finding)), default=None)
    kind = f" {worst.level}{'' if is_main(node, worst) else ' side'}" if worst else ""
    room = box.width - 24
    lines = [
        f"<title>{esc(node.title)}{esc(f' ({node.detail})') if node.detail else ''}</title>",
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{HEIGHT}" rx="7"/>',
        f'<text class="title" x="{box.x + 12:g}" y="{box.y + (20 if node.detail else 29):g}">'
        f"{esc(_cut(node.title, room - (14 if worst else 0), TITLE))}</text>",
        f'<text class="detail" x="{box.x + 12:g}" y="{box.y + 37:g}">{esc(_cut(node.detail, room, DETAIL))}</text>',
    ]
    if worst:
        lines.append(f'<circle class="dot" cx="{box.x + box.width - 13:g}" cy="{box.y + 13:g}" r="4.5"/>')
    inside = f'<g class="node{kind}">{"".join(lines)}</g>'
    return f'<a href="#f{numbers[worst]}">{inside}</a>' if worst else inside


def _cut(said: str, room: float, letter: float) -> str:
    """Cut the middle out of a text that does not fit: a path tells most at its ends."""
    most = int(room / letter)
    if len(said) <= most:
        return said
    tail = most * 3 // 5
    return f"{said[: most - tail - 1]}…{said[-tail:]}"


def _told(drawn: Graph) -> str:
    return " ".join(_sentences(drawn))


def _sentences(drawn: Graph) -> Iterator[str]:
    titles = {node.key: node.title for node in drawn.nodes}
    for edge in drawn.edges:
        how = "does not reach" if edge.broken else "leads to"
        yield f"{titles[edge.start]} {how} {titles[edge.end]}."
