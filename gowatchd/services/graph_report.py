"""A graph as JSON, and what its lines mean in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.services.report import SCHEMA, readable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gowatchd.workspace.graph import Edge, Graph, Node


def graph_report(graphs: Iterable[Graph]) -> dict[str, object]:
    """Return what ``graph --json`` prints: every node and every edge, those too that drawings leave out."""
    return {
        "schema": SCHEMA,
        "workspaces": [
            {
                "root": readable(graph.workspace.root),
                "kind": graph.workspace.kind.value,
                "nodes": [_node(node) for node in graph.nodes],
                "edges": [_edge(edge) for edge in graph.edges],
            }
            for graph in graphs
        ],
    }


def _node(node: Node) -> dict[str, object]:
    return {
        "id": readable(node.identity),
        "kind": node.kind.value,
        "path": readable(node.path) or None,
        "missing": node.missing,
        "errors": node.errors,
        "warnings": node.warnings,
    }


def _edge(edge: Edge) -> dict[str, object]:
    return {
        "from": readable(edge.source),
        "to": readable(edge.target),
        "kind": edge.kind.value,
        "version": readable(edge.version) or None,
        "implied": edge.implied,
        "cycle": edge.circular,
        "unused": edge.unused,
    }
