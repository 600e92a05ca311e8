"""A graph in the DOT language of graphviz."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.services.graph_labels import Labels, edge_word, edges_to_draw, is_bad, remarks, trouble
from gowatchd.services.report import readable
from gowatchd.workspace.graph import EdgeKind, NodeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gowatchd.workspace.graph import Edge, Graph, Node

INK, RED, ORANGE, GREY = "#24292f", "#b42318", "#9a6700", "#8c959f"

HEAD = """\
digraph workspace {
  graph [rankdir=LR, nodesep=0.12, ranksep=0.7, fontname="Helvetica", fontsize=10, fontcolor="#57606a"]
  node [shape=box, style="rounded,filled", fillcolor="#f6f8fa", color="#57606a", fontcolor="#24292f",
        fontname="Helvetica", fontsize=11, height=0.3, margin="0.12,0.04"]
  edge [color="#57606a", arrowsize=0.6, fontname="Helvetica", fontsize=9]
"""

SHAPES = {
    NodeKind.WORK: {"shape": "note", "style": "filled", "fillcolor": "#ddf4ff"},
    NodeKind.MEMBER: {},
    NodeKind.REPLACEMENT: {"shape": "folder", "style": "filled", "fillcolor": "#fff8c5"},
    NodeKind.EXTERNAL: {"shape": "plaintext", "style": "", "fontcolor": "#57606a"},
}
LINES = {
    EdgeKind.USE: ({"style": "dotted", "color": GREY, "arrowhead": "none"}, "dotted: go.work uses"),
    EdgeKind.REQUIRE: ({}, "solid: requires"),
    EdgeKind.REPLACE: ({"style": "dashed"}, "dashed: requires, and a replace answers"),
}


def dot(graphs: Iterable[Graph], *, full: bool = False) -> str:
    """Return the drawing of ``graphs``, from left to right, with a legend below."""
    graphs = tuple(graphs)
    names: dict[str, str] = {}
    lines = [line for graph in graphs for line in _statements(graph, names, full=full)]
    legend = "\\l".join(_quoted_text(line) for line in (*legend_lines(graphs, full=full), ""))
    body = "".join(f"  {line}\n" for line in (f'label="{legend}"', "labeljust=l", *lines))
    return f"{HEAD}{body}}}\n"


def legend_lines(graphs: Iterable[Graph], *, full: bool) -> tuple[str, ...]:
    """Return what the lines and shapes that are in use mean, and what the drawing leaves out."""
    graphs = tuple(graphs)
    kinds = {edge.kind for graph in graphs for edge in edges_to_draw(graph, full=full)}
    nodes = [node for graph in graphs for node in graph.nodes]
    meanings = [LINES[kind][1] for kind in EdgeKind if kind in kinds]
    if any(node.kind is NodeKind.REPLACEMENT for node in nodes):
        meanings.append("folder: a directory outside the workspace")
    if any(map(is_bad, nodes)):
        meanings.append("octagon: go fails there")
    if any(trouble(node) and not is_bad(node) for node in nodes):
        meanings.append("double frame: warnings")
    return ("; ".join(meanings), *remarks(graphs, full=full))


def _statements(graph: Graph, names: dict[str, str], *, full: bool) -> Iterator[str]:
    labels = Labels(graph)
    for node in graph.nodes:
        if node.identity not in names:
            names[node.identity] = f"n{len(names)}"
            yield f"{names[node.identity]} [{_attributes(_node(labels, node))}]"
    for edge in edges_to_draw(graph, full=full):
        attributes = _attributes(_edge(edge))
        arrow = f"{names[edge.source]} -> {names[edge.target]}"
        yield f"{arrow} [{attributes}]" if attributes else arrow


def _node(labels: Labels, node: Node) -> dict[str, str]:
    place, wrong = labels.place(node), trouble(node)
    lines = [labels.name(node), *([place] if place else ()), *([wrong] if wrong else ())]
    attributes = {"label": "\\n".join(map(_quoted_text, lines)), **SHAPES[node.kind]}
    if is_bad(node):
        style = "dashed" if node.missing else "filled"
        attributes |= {
            "shape": "octagon",
            "style": style,
            "fillcolor": "#ffebe9",
            "color": RED,
            "penwidth": "2",
        }
    elif wrong:
        attributes |= {"peripheries": "2", "color": ORANGE, "fillcolor": "#fff1e5"}
    return attributes


def _edge(edge: Edge) -> dict[str, str]:
    attributes = dict(LINES[edge.kind][0])
    word = edge_word(edge) if edge.circular or edge.unused else ""
    if edge.circular:
        attributes |= {"color": RED, "fontcolor": RED, "penwidth": "2"}
    elif edge.unused:
        attributes |= {"color": ORANGE, "fontcolor": ORANGE}
    return {**attributes, "label": word} if word else attributes


def _attributes(attributes: dict[str, str]) -> str:
    return ", ".join(f'{key}="{value}"' for key, value in attributes.items())


def _quoted_text(text: str) -> str:
    r"""Return ``text`` for a quoted string, where ``\`` begins an escape and ``&`` an HTML entity."""
    return readable(text).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
