"""A graph as a Mermaid flowchart, which GitHub and GitLab show in Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gowatchd.services.graph_labels import Labels, edge_word, edges_to_draw, is_bad, remarks, trouble
from gowatchd.services.report import readable
from gowatchd.workspace.graph import EdgeKind, NodeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gowatchd.workspace.graph import Edge, Graph, Node

SHAPES = {
    NodeKind.WORK: '(["{}"])',
    NodeKind.MEMBER: '["{}"]',
    NodeKind.REPLACEMENT: '[["{}"]]',
    NodeKind.EXTERNAL: '("{}")',
}
BAD_SHAPE = '{{{{"{}"}}}}'
ARROWS = {EdgeKind.USE: "-.-", EdgeKind.REQUIRE: "-->", EdgeKind.REPLACE: "-.->"}
CLASSES = """\
  classDef bad fill:#ffebe9,stroke:#b42318,stroke-width:2px,color:#24292f
  classDef doubtful fill:#fff1e5,stroke:#9a6700,stroke-width:2px,color:#24292f
"""


def mermaid(graphs: Iterable[Graph], *, full: bool = False) -> str:
    """Return the flowchart of ``graphs``, from left to right."""
    graphs = tuple(graphs)
    names: dict[str, str] = {}
    lines = [line for graph in graphs for line in _statements(graph, names, full=full)]
    comments = "".join(f"%% {_text(line)}\n" for line in remarks(graphs, full=full))
    body = "".join(f"  {line}\n" for line in lines)
    return f"flowchart LR\n{comments}{body}{CLASSES}"


def _statements(graph: Graph, names: dict[str, str], *, full: bool) -> Iterator[str]:
    labels = Labels(graph)
    for node in graph.nodes:
        if node.identity not in names:
            names[node.identity] = f"n{len(names)}"
            yield f"{names[node.identity]}{_node(labels, node)}"
    for edge in edges_to_draw(graph, full=full):
        yield f"{names[edge.source]} {_arrow(edge)} {names[edge.target]}"


def _node(labels: Labels, node: Node) -> str:
    wrong = trouble(node)
    lines = filter(None, (labels.name(node), labels.place(node), wrong))
    shape = BAD_SHAPE if is_bad(node) else SHAPES[node.kind]
    style = ":::bad" if is_bad(node) else ":::doubtful" if wrong else ""
    return f"{shape.format('<br>'.join(map(_text, lines)))}{style}"


def _arrow(edge: Edge) -> str:
    word = edge_word(edge)
    return f'{ARROWS[edge.kind]}|"{word}"|' if word else ARROWS[edge.kind]


def _text(text: str) -> str:
    """Return ``text`` with all that Mermaid or HTML might act on as numbered entities."""
    return re.sub(r"[^\w ./:,()+=-]", lambda match: f"#{ord(match[0])};", readable(text))
