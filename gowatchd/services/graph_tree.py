"""A graph as a tree of lines, each module written out once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.services.graph_labels import Labels, edge_word, edges_to_draw, is_bad, trouble
from gowatchd.workspace.graph import EdgeKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.workspace.graph import Edge, Graph, Node


@dataclass(frozen=True, slots=True)
class Strokes:
    """What a tree is drawn with: before a child, before the last one, and below either of them."""

    child: str
    last: str
    below: str
    empty: str
    bad: str
    doubtful: str


UNICODE = Strokes("├─ ", "└─ ", "│  ", "   ", "\N{MULTIPLICATION SIGN} ", "! ")
ASCII = Strokes("|- ", "`- ", "|  ", "   ", "x ", "! ")


@dataclass(frozen=True, slots=True)
class TreeLine:
    """One line: ``strokes`` and ``name``, then what is said of it; ``trouble`` is what is wrong.

    ``bad`` says that the go command stumbles over it. ``circular`` lines close a cycle.
    """

    strokes: str
    name: str
    note: str
    trouble: str
    bad: bool
    circular: bool


def tree(graph: Graph, strokes: Strokes, *, full: bool = False) -> Iterator[TreeLine]:
    """Yield the lines of ``graph`` from its root down; what came before is named, not written out again."""
    labels = Labels(graph)
    nodes = {node.identity: node for node in graph.nodes}
    below: dict[str, list[Edge]] = {}
    for one in edges_to_draw(graph, full=full):
        if one.kind is EdgeKind.USE and one.implied and not full:
            continue  # it stands below what requires it
        below.setdefault(one.source, []).append(one)
    written: set[str] = set()
    above: set[str] = set()
    # what is still to be written: an edge with the strokes before it and before what is below it, or the
    # node whose last line was written
    root = nodes[graph.root]
    pending: list[tuple[Edge | None, str, str] | str] = [(None, "", "")]
    while pending:
        step = pending.pop()
        if isinstance(step, str):
            above.discard(step)
            continue
        edge, before, margin = step
        node = root if edge is None else nodes[edge.target]
        again = node.identity in written and node.identity in below
        closes = node.identity in above
        yield _line(labels, node, edge, before, strokes, again=again, closes=closes)
        if node.identity in written:
            continue
        written.add(node.identity)
        above.add(node.identity)
        pending.append(node.identity)
        children = below.get(node.identity, [])
        for index, child in enumerate(reversed(children)):
            stroke, rest = (strokes.last, strokes.empty) if index == 0 else (strokes.child, strokes.below)
            pending.append((child, margin + stroke, margin + rest))


def _line(
    labels: Labels,
    node: Node,
    edge: Edge | None,
    before: str,
    strokes: Strokes,
    *,
    again: bool,
    closes: bool,
) -> TreeLine:
    notes = []
    place = labels.place(node)
    if place:
        notes.append(place)
    if edge is not None:
        word = edge_word(edge) if closes or not edge.circular else edge_word(edge).removesuffix("cycle")
        notes.append(" ".join(filter(None, (word.rstrip(", "), edge.version if place else ""))))
    if again and not closes:
        notes.append("see above")
    wrong = trouble(node)
    mark = "" if not wrong else strokes.bad if is_bad(node) else strokes.doubtful
    note = ", ".join(filter(None, notes))
    return TreeLine(before, f"{mark}{labels.name(node)}", note, wrong, is_bad(node), closes)
