"""What drawings of a graph call its nodes: short, and as many words as a colour would have meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.services.plain_text import escape, shorten
from gowatchd.translation import _, ngettext
from gowatchd.workspace.graph import EdgeKind, NodeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gowatchd.workspace.graph import Edge, Graph, Node

LONGEST = 60  # characters of a name; module paths beyond that are rare, and would widen every drawing
FEW = 30  # edges that a drawing shows all; of more, those that follow from others are left out


class Labels:
    """Names for the nodes of one graph; ``prefix`` is what all module paths begin with, and the names not."""

    def __init__(self, graph: Graph) -> None:
        self._workspace = graph.workspace
        self.prefix = _common_prefix(
            [one.path for one in graph.nodes if one.path and one.kind is NodeKind.MEMBER]
        )

    def name(self, node: Node) -> str:
        """Return the name of ``node``: its path without the prefix, or where it has none, its place."""
        if node.kind is NodeKind.WORK:
            return "go.work"
        if not node.path:
            return shorten(escape(self._workspace.shorten(node.identity)), LONGEST)
        name = node.path.removeprefix(self.prefix) if node.kind is not NodeKind.EXTERNAL else node.path
        return shorten(escape(name), LONGEST)

    def place(self, node: Node) -> str:
        """Return where ``node`` is, if its name does not say so: the directory that a replacement names."""
        if node.kind is not NodeKind.REPLACEMENT or not node.path:
            return ""
        place = escape(self._workspace.shorten(node.identity))
        return shorten(_("in {directory}").format(directory=place), LONGEST)


def trouble(node: Node) -> str:
    """Return what is wrong with ``node`` in words, or nothing."""
    words = [_("no go.mod to read")] * node.missing
    if node.errors:
        words.append(ngettext("{number} error", "{number} errors", node.errors).format(number=node.errors))
    if node.warnings:
        words.append(
            ngettext("{number} warning", "{number} warnings", node.warnings).format(number=node.warnings)
        )
    return _(", ").join(words)


def is_bad(node: Node) -> bool:
    """Say whether the go command stumbles over ``node``."""
    return node.missing or node.errors > 0


def edges_to_draw(graph: Graph, *, full: bool) -> tuple[Edge, ...]:
    """Return the edges that a drawing shows: all, or of many only those that do not follow from others."""
    if full or len(graph.edges) <= FEW:
        return graph.edges
    return tuple(edge for edge in graph.edges if not edge.implied)


def remarks(graphs: Iterable[Graph], *, full: bool) -> Iterator[str]:
    """Yield a line for each thing about a drawing that it does not say itself."""
    for graph in graphs:
        prefix = Labels(graph).prefix
        if prefix:
            yield _("names without {prefix}").format(prefix=escape(prefix))
        left_out = len(graph.edges) - len(edges_to_draw(graph, full=full))
        if left_out:
            yield ngettext(
                "{number} edge left out, for a longer way leads there too (--full)",
                "{number} edges left out, for a longer way leads there too (--full)",
                left_out,
            ).format(number=left_out)


def edge_word(edge: Edge) -> str:
    """Return what stands at ``edge``: nothing where its line says enough."""
    words = []
    if edge.kind is EdgeKind.REPLACE:
        words.append("replace, not required" if edge.unused else "replace")
    if edge.circular:
        words.append("cycle")
    return ", ".join(words)


def _common_prefix(paths: list[str]) -> str:
    """Return the elements that all ``paths`` begin with, slash included; at least one of each path stays."""
    if len(paths) < 2:
        return ""
    first, last = min(paths).split("/"), max(paths).split("/")
    shared = 0
    while shared < min(len(first), len(last)) - 1 and first[shared] == last[shared]:
        shared += 1
    shared = min(shared, *(path.count("/") for path in paths))
    return "".join(f"{element}/" for element in first[:shared])
