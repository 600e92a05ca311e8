"""Blocks that hold a single line or none, and the comments that go with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gowatchd.modfile.syntax import Block, CommentBlock, Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gowatchd.modfile.syntax import Comment, FileSyntax, Statement

# Here a comment above the line is part of what the directive says: a deprecation, the reason of a retraction.
SPEAKING_VERBS = frozenset({"module", "retract"})


def unwrap_blocks(file: FileSyntax) -> FileSyntax:
    """Write a block that holds one line as a single line, and drop one that holds none; keep every comment.

    Why: Go does both, but forgets the comments behind and before the parentheses.

    Bad::

        use ( // the only one
            ./a
            // ./b
        )

    Good::

        // the only one
        use ./a

        // ./b
    """
    statements: list[Statement] = []
    for statement in file.statements:
        if isinstance(statement, Block) and len(statement.lines) < 2:
            statements += unwrapped(statement)
        else:
            statements.append(statement)
    return replace(file, statements=tuple(statements))


def unwrapped(block: Block) -> Iterator[Statement]:
    """Yield what stands for a block of at most one line."""
    at_parentheses = present(block.lparen_suffix, block.rparen_suffix)
    if not block.lines:
        yield from free_standing((*block.before, *at_parentheses, *block.rparen_before))
        return
    line = block.lines[0]
    above = (*block.before, *at_parentheses)
    if block.tokens[0] in SPEAKING_VERBS:
        if line.before or line.suffix:
            yield from free_standing(above)
            above = ()
        else:
            yield from free_standing(at_parentheses)
            above = block.before
        attached = tuple(comment for comment in (*above, *line.before) if comment.text)
    else:
        detached, attached = _split_at_last_blank((*above, *line.before))
        yield from free_standing(detached)
    yield Line((*block.tokens, *line.tokens), before=attached, suffix=line.suffix, lineno=line.lineno)
    yield from free_standing(block.rparen_before)


def free_standing(comments: Iterable[Comment]) -> Iterator[CommentBlock]:
    """Yield ``comments`` as comments of their own, one for each stretch between blank lines."""
    stretch: list[Comment] = []
    for comment in comments:
        if comment.text:
            stretch.append(comment)
        elif stretch:
            yield CommentBlock(tuple(stretch))
            stretch = []
    if stretch:
        yield CommentBlock(tuple(stretch))


def present(*comments: Comment | None) -> tuple[Comment, ...]:
    """Return the comments that are there."""
    return tuple(comment for comment in comments if comment is not None)


def _split_at_last_blank(comments: tuple[Comment, ...]) -> tuple[tuple[Comment, ...], tuple[Comment, ...]]:
    index = len(comments)
    while index and comments[index - 1].text:
        index -= 1
    return comments[:index], comments[index:]
