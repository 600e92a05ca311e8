"""Where a file may be rearranged: a comment that stands alone divides it, and nothing crosses that line.

People write such comments as headings (``// Forks``), as notes and around directives that they switched off.
Which of them is meant cannot be known; that what stands above it and below it stays there serves all of them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gowatchd.modfile.syntax import CommentBlock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gowatchd.modfile.syntax import Block, FileSyntax, Line, Statement

    Directives = list[Block | Line]


def in_sections(file: FileSyntax, rearrange: Callable[[Directives], Iterable[Statement]]) -> FileSyntax:
    """Return ``file`` with the directives between two free-standing comments rearranged among themselves."""
    statements: list[Statement] = []
    section: Directives = []
    for statement in file.statements:
        if isinstance(statement, CommentBlock):
            statements += rearrange(section)
            statements.append(statement)
            section = []
        else:
            section.append(statement)
    statements += rearrange(section)
    return replace(file, statements=tuple(statements))


def verb_of(directive: Block | Line) -> str:
    """Return what a directive is: ``use``, ``require``."""
    return directive.tokens[0]
