"""What ``--json`` prints and the bus answers about workspaces: JSON objects as plain dictionaries.

Text that is not UTF-8 (a path, a token) has U+FFFD for every bad byte; spans count characters from 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gowatchd.lint.diagnostic import Diagnostic, Edit, Fix
    from gowatchd.modfile.position import Span
    from gowatchd.workspace.model import Workspace

SCHEMA = 1


def check_report(results: Iterable[tuple[Workspace, Iterable[Diagnostic]]]) -> dict[str, object]:
    """Return what ``check --json`` prints: every workspace with its diagnostics, in the order given."""
    return {
        "schema": SCHEMA,
        "workspaces": [workspace_report(workspace, diagnostics) for workspace, diagnostics in results],
    }


def workspace_report(workspace: Workspace, diagnostics: Iterable[Diagnostic]) -> dict[str, object]:
    """Return one entry of ``workspaces``."""
    return {
        "root": readable(workspace.root),
        "kind": workspace.kind.value,
        "diagnostics": [diagnostic_report(one) for one in diagnostics],
    }


def diagnostic_report(diagnostic: Diagnostic) -> dict[str, object]:
    """Return one entry of ``diagnostics``."""
    return {
        "path": readable(diagnostic.path),
        **_place(diagnostic.span),
        "severity": diagnostic.severity.value,
        "code": diagnostic.code,
        "message": readable(diagnostic.message),
        "fix": None if diagnostic.fix is None else _fix(diagnostic.fix),
    }


def readable(text: str) -> str:
    """Return ``text``, which ``os.fsdecode`` or the parser made, as valid Unicode."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _fix(fix: Fix) -> dict[str, object]:
    return {"title": readable(fix.title), "edits": [_edit(edit) for edit in fix.edits]}


def _edit(edit: Edit) -> dict[str, object]:
    return {"path": readable(edit.path), **_place(edit.span), "new_text": readable(edit.new_text)}


def _place(span: Span) -> dict[str, int]:
    return {
        "line": span.start.line,
        "column": span.start.column,
        "end_line": span.end.line,
        "end_column": span.end.column,
    }
