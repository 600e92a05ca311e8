"""The edits that make a go.work use, replace or demand more; see also ``edits``."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from gowatchd.lint.diagnostic import Edit
from gowatchd.lint.edits import addition_below, addition_on_top
from gowatchd.modfile.position import Span
from gowatchd.modfile.quoting import auto_quote
from gowatchd.modfile.syntax import Block
from gowatchd.style.paths import clean_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gowatchd.modfile.work_file import WorkFile
    from gowatchd.workspace.model import Workspace


def written(workspace: Workspace, directory: str) -> str:
    """Return how a go.work names ``directory``: relative to it, in quotes where it must be."""
    return auto_quote(clean_path(posixpath.relpath(directory, workspace.root)))


def use(workspace: Workspace, work: WorkFile, directories: Iterable[str]) -> tuple[Edit, ...]:
    """Return the edits that have ``work`` use ``directories``, each in its place among those that it uses."""
    paths = sorted((written(workspace, one) for one in directories), key=_bytes)
    blocks = [one for one in work.syntax.statements if isinstance(one, Block) and one.verb == "use"]
    if blocks:
        return tuple(_line_in(workspace.path, blocks[-1], path) for path in paths)
    if work.use:
        last = work.use[-1].line
        if len(work.use) > 1:
            return (addition_below(workspace.path, last, _statements(paths)),)
        own = last.arguments[0]
        before = "".join(f"\t{path}\n" for path in paths if _bytes(path) < _bytes(own))
        behind = "".join(f"\t{path}\n" for path in paths if _bytes(path) >= _bytes(own))
        end = Span.at(last.lineno, len(last.source.rstrip("\r")) + 1)
        start = Span(last.argument_span(0).start, last.argument_span(0).start)
        return Edit(workspace.path, start, f"(\n{before}\t"), Edit(workspace.path, end, f"\n{behind})")
    above = work.toolchain or work.go
    if above is not None:
        return (addition_below(workspace.path, above.line, _statements(paths)),)
    return (addition_on_top(workspace.path, work.syntax, _statements(paths)),)


def raise_go_line(path: str, work: WorkFile, version: str) -> Edit:
    """Return the edit that has ``work`` list go ``version``."""
    if work.go is None:
        return addition_on_top(path, work.syntax, f"go {version}")
    return Edit(path, work.go.line.argument_span(0), version)


def replace(workspace: Workspace, module: str, version: str, directory: str) -> Edit:
    """Return the edit that has a go.work replace ``module`` at ``version`` by a ``directory``."""
    text = f"replace {auto_quote(module)} {version} => {written(workspace, directory)}\n"
    lines = workspace.file.data.decode("utf-8", "surrogateescape").split("\n")
    end = Span.at(len(lines), len(lines[-1]) + 1)
    return Edit(workspace.path, end, f"\n{text}" if not lines[-1] else f"\n\n{text}")


def _line_in(path: str, block: Block, text: str) -> Edit:
    """Return the edit that adds a line to ``block``, below those that sort before it."""
    smaller = [line for line in block.lines if _bytes(line.tokens[0]) < _bytes(text)]
    above = smaller[-1] if smaller else block
    return Edit(path, Span.at(above.lineno, len(above.source.rstrip("\r")) + 1), f"\n\t{text}")


def _statements(paths: list[str]) -> str:
    if len(paths) == 1:
        return f"use {paths[0]}"
    return "use (\n" + "".join(f"\t{path}\n" for path in paths) + ")"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
