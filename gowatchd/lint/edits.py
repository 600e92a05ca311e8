"""The edits that fixes are made of: a line goes, a line comes, and every comment stays.

What they make is right but not pretty: whoever applies a fix formats the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.lint.diagnostic import Edit
from gowatchd.modfile.mod_file import is_indirect
from gowatchd.modfile.position import Position, Span
from gowatchd.modfile.syntax import CommentBlock

if TYPE_CHECKING:
    from gowatchd.modfile.syntax import FileSyntax, Line


def removal(path: str, line: Line) -> Edit:
    """Return the edit that takes the directive on ``line`` out of the file at ``path``.

    Comments above it stay where they are. A comment at its end stays on a line of its own, but for the marker
    ``// indirect``, which says something about the directive.
    """
    start = Position(line.lineno, 1)
    if line.suffix is None or (is_indirect(line) and ";" not in line.suffix.text):
        return Edit(path, Span(start, Position(line.lineno + 1, 1)), "")
    return Edit(path, Span(start, line.suffix.span.start), "")


def addition_below(path: str, line: Line, text: str) -> Edit:
    """Return the edit that adds the statement ``text`` below the statement on ``line``."""
    return Edit(path, Span.at(line.lineno, len(line.source) + 1), f"\n\n{text}")


def addition_on_top(path: str, syntax: FileSyntax, text: str) -> Edit:
    """Return the edit that adds the statement ``text`` above all others, below comments of their own."""
    for statement in syntax.statements:
        if not isinstance(statement, CommentBlock):
            above = statement.before[0].lineno if statement.before else statement.lineno
            return Edit(path, Span.at(above), f"{text}\n\n")
    last = syntax.statements[-1] if syntax.statements else None
    if isinstance(last, CommentBlock):
        comment = last.comments[-1]
        return Edit(path, Span.at(comment.lineno, comment.column + len(comment.text)), f"\n\n{text}\n")
    return Edit(path, Span.at(1), f"{text}\n")
