"""graphviz, where it is installed: a drawing in the DOT language becomes a picture."""

from __future__ import annotations

import os
import tempfile

from gowatchd.services.plain_text import escape, shorten
from gowatchd.system.process import Command, run_child
from gowatchd.system.program_path import find_program

SECONDS = 30.0  # 300 modules with 1,500 edges take two; what takes longer is no picture to look at
SVG_SIZE = 32 << 20  # bytes; 300 modules are below one megabyte


class GraphvizError(Exception):
    """There is no picture; the text says why and what to do."""


def render_svg(drawing: str) -> bytes:
    """Return the SVG of ``drawing``; raises GraphvizError."""
    program = find_program("dot")
    if program is None:
        raise GraphvizError(
            "SVG needs graphviz, which is not installed: sudo apt install graphviz "
            "(--format dot and --format mermaid need nothing)"
        )
    with tempfile.TemporaryDirectory(prefix="gowatchctl-") as folder:
        path = os.path.join(folder, "graph.dot")
        with open(path, "w", encoding="utf-8") as file:
            file.write(drawing)
        finished = run_child(Command((program, "-Tsvg", path), folder, SECONDS, limit=SVG_SIZE))
    if finished.timed_out:
        raise GraphvizError(f"graphviz was not done after {SECONDS:g} s: leave out --external and --full")
    if finished.truncated:
        raise GraphvizError(
            f"the picture is larger than {SVG_SIZE >> 20} MiB: leave out --external and --full"
        )
    if not finished.succeeded:
        words = finished.error or finished.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise GraphvizError(f"graphviz failed: {shorten(escape(words), 200)}")
    return finished.stdout
