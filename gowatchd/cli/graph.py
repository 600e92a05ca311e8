"""``gowatchctl graph``: who uses, requires and replaces whom."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.nearest import add_directory, select
from gowatchd.cli.table import home_as_tilde
from gowatchd.cli.terminal import BOLD, DIM, RED, YELLOW, Paint, printable, stdout_paint
from gowatchd.lint.catalog import check
from gowatchd.lint.diagnostic import Severity
from gowatchd.lint.facts import Facts
from gowatchd.services.graph_dot import dot
from gowatchd.services.graph_labels import remarks
from gowatchd.services.graph_mermaid import mermaid
from gowatchd.services.graph_report import graph_report
from gowatchd.services.graph_tree import ASCII, UNICODE, tree
from gowatchd.system.graphviz import GraphvizError, render_svg
from gowatchd.translation import _
from gowatchd.workspace.graph import graph_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from gowatchd.services.graph_tree import Strokes, TreeLine
    from gowatchd.workspace.graph import Graph
    from gowatchd.workspace.model import Workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the directory, the format and how much to show."""
    add_directory(parser)
    parser.add_argument(
        "--format",
        choices=("tree", "dot", "mermaid", "svg", "json"),
        default="tree",
        help=_("what to print it as; svg needs graphviz"),
    )
    parser.add_argument("--external", action="store_true", help=_("show the modules that Go downloads too"))
    parser.add_argument(
        "--full", action="store_true", help=_("draw every edge, those too that a longer way implies")
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the graph of every workspace."""
    graphs = [
        graph_of(workspace, _problems(workspace), external=arguments.external)
        for workspace in select(arguments.where)
    ]
    if arguments.json or arguments.format == "json":
        print(json.dumps(graph_report(graphs)))
    elif arguments.format == "dot":
        print(dot(graphs, full=arguments.full), end="")
    elif arguments.format == "mermaid":
        print(mermaid(graphs, full=arguments.full), end="")
    elif arguments.format == "svg":
        _print_svg(dot(graphs, full=arguments.full))
    else:
        _print_trees(graphs, stdout_paint(arguments.color), full=arguments.full)
    return Exit.OK


def _problems(workspace: Workspace) -> dict[str, tuple[int, int]]:
    """Return how many errors and warnings ``check`` has for each file."""
    counts: dict[str, tuple[int, int]] = {}
    for one in check(workspace, Facts()):
        errors, warnings = counts.get(one.path, (0, 0))
        is_error, is_warning = one.severity is Severity.ERROR, one.severity is Severity.WARNING
        counts[one.path] = (errors + is_error, warnings + is_warning)
    return counts


def _print_svg(drawing: str) -> None:
    try:
        picture = render_svg(drawing)
    except GraphvizError as error:
        raise CommandError(str(error), Exit.UNAVAILABLE) from error
    print(picture.decode("utf-8", "replace"), end="")


def _print_trees(graphs: Iterable[Graph], paint: Paint, *, full: bool) -> None:
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    for index, graph in enumerate(graphs):
        if index:
            print()
        _print_tree(graph, UNICODE if unicode else ASCII, paint, full=full)


def _print_tree(graph: Graph, strokes: Strokes, paint: Paint, *, full: bool) -> None:
    print(paint(printable(home_as_tilde(graph.workspace.path)), BOLD))
    for line in tree(graph, strokes, full=full):
        print(_painted(line, paint))
    for remark in remarks([graph], full=full):
        print(paint(remark, DIM))


def _painted(line: TreeLine, paint: Paint) -> str:
    style = () if not line.trouble else (BOLD, RED) if line.bad else (BOLD, YELLOW)
    parts = [f"{paint(line.strokes, DIM) if line.strokes else ''}{paint(line.name, *style)}"]
    if line.trouble:
        parts.append(paint(line.trouble, *style[1:]))
    if line.note:
        parts.append(paint(f"({line.note})", RED if line.circular else DIM))
    return "  ".join(parts)
