"""A compatibility matrix as JSON and as Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gowatchd.services.plain_text import escape
from gowatchd.services.report import SCHEMA, readable
from gowatchd.translation import N_, _
from gowatchd.workspace.compatibility import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gowatchd.workspace.compatibility import Cell, Column, Need, Row
    from gowatchd.workspace.model import Workspace

MOST_REASONS = 4  # of one row, where people read; JSON has all of them
WORDS = {Verdict.YES: N_("yes"), Verdict.NO: N_("no"), Verdict.MAYBE: N_("maybe")}

Matrix = tuple["Workspace", tuple["Row", ...]]


def matrix_report(matrices: Iterable[Matrix]) -> dict[str, object]:
    """Return what ``matrix --json`` prints."""
    return {"schema": SCHEMA, "workspaces": [_workspace(*one) for one in matrices]}


def _workspace(workspace: Workspace, rows: tuple[Row, ...]) -> dict[str, object]:
    return {
        "root": readable(workspace.root),
        "kind": workspace.kind.value,
        "rows": [
            {
                "name": readable(row.name),
                "path": readable(row.path),
                "cells": [_cell(cell) for cell in row.cells],
            }
            for row in rows
        ],
    }


def _cell(cell: Cell) -> dict[str, object]:
    return {
        "go": cell.column.version,
        "installed": cell.column.installed,
        "verdict": cell.verdict.value,
        "from": cell.from_version or None,
        "reasons": [
            {
                "needs": need.version or None,
                "reason": readable(need.reason),
                "path": readable(need.path),
                "line": need.line,
            }
            for need in cell.reasons
        ],
    }


def columns_of(rows: tuple[Row, ...]) -> tuple[Column, ...]:
    """Return the columns, which all rows have in common."""
    return tuple(cell.column for cell in rows[0].cells) if rows else ()


def heading(column: Column) -> str:
    """Return what stands above a column."""
    return f"{column.version}*" if column.installed else column.version


def word(cell: Cell) -> str:
    """Return what stands in a cell: yes, no, maybe, or the release from which on it is a yes."""
    return f"{cell.from_version}+" if cell.from_version else _(WORDS[cell.verdict])


def legend(rows: tuple[Row, ...]) -> tuple[str, ...]:
    """Return a line for every sign that is in use and does not explain itself."""
    cells = [cell for row in rows for cell in row.cells]
    lines = []
    if any(cell.column.installed for cell in cells):
        lines.append(_("* the go command that is installed here"))
    if any(cell.verdict is Verdict.MAYBE for cell in cells):
        lines.append(
            _("maybe: Go before 1.21 does not refuse a newer go line: it tries, and may fail to build")
        )
    if any(cell.from_version for cell in cells):
        lines.append(_("1.N.P+: from that release of the column on"))
    return tuple(lines)


def why_not(workspace: Workspace, row: Row) -> tuple[str, ...]:
    """Return a line for each reason of ``row``: first what no Go takes, then what asks for the newest."""
    lines = [_reason(workspace, need) for need in row.reasons]
    if len(lines) <= MOST_REASONS:
        return tuple(lines)
    rest = len(lines) - MOST_REASONS + 1
    return (*lines[: MOST_REASONS - 1], _("and {number} more, which --json shows").format(number=rest))


def _reason(workspace: Workspace, need: Need) -> str:
    said = _("needs Go {version}: {reason} ({place})") if need.version else _("{reason} ({place})")
    place = f"{workspace.shorten(need.path)}:{need.line}"
    return said.format(version=need.version, reason=need.reason, place=place)


def matrix_markdown(matrices: Iterable[Matrix]) -> str:
    """Return Markdown: a table for each workspace, then the reasons and the legend as lists."""
    return "\n".join(line for workspace, rows in matrices for line in _markdown(workspace, rows))


def _markdown(workspace: Workspace, rows: tuple[Row, ...]) -> Iterator[str]:
    columns, head = columns_of(rows), _("module")
    yield f"### {_text(workspace.root)}"
    yield ""
    yield f"| {head} | {' | '.join(_text(heading(column)) for column in columns)} |"
    yield f"|---|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {_text(row.name)} | {' | '.join(word(cell) for cell in row.cells)} |"
    yield ""
    notes = [f"{row.name}: {line}" for row in rows for line in why_not(workspace, row)]
    notes += legend(rows)
    for note in notes:
        yield f"- {_text(note)}"
    if notes:
        yield ""


def _text(text: str) -> str:
    r"""Return ``text`` for Markdown: nothing in it is markup, whatever a file says."""
    return re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", escape(text))
