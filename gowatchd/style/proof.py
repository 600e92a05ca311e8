"""Proof that a rewritten file says what the old one said, and that it will stay as it is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gowatchd.modfile.mod_file import is_indirect
from gowatchd.modfile.quoting import parse_string
from gowatchd.modfile.syntax import Block, CommentBlock
from gowatchd.style.blocks import SPEAKING_VERBS, present
from gowatchd.style.paths import clean_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.modfile.syntax import Comment, FileSyntax, Line


def comments_of(file: FileSyntax) -> Counter[str]:
    """Count the texts of all comments, but for the markers ``// indirect``, which are part of the meaning."""
    texts = (comment.text for comment in _comments(file))
    return Counter(text for text in texts if text and text[2:].split() != ["indirect"])


def statements_of(file: FileSyntax) -> frozenset[tuple[object, ...]]:
    """Return what the file says: order, exact repetition and the spelling of ``use`` paths left aside."""
    said: set[tuple[object, ...]] = set()
    for statement in file.statements:
        if isinstance(statement, Block):
            said.update(_said(statement.verb, line, statement.before) for line in statement.lines)
        elif not isinstance(statement, CommentBlock):
            said.add(_said(statement.tokens[0], statement, ()))
    return frozenset(said)


def _said(verb: str, line: Line, above_block: tuple[Comment, ...]) -> tuple[object, ...]:
    if verb == "use":
        return (verb, clean_path(parse_string(line.arguments[0])[0]))
    if verb == "require":
        return (verb, *line.arguments, is_indirect(line))
    if verb in SPEAKING_VERBS:
        comments = (*line.before, *present(line.suffix)) or above_block
        return (verb, *line.arguments, *(comment.text for comment in comments if comment.text))
    return (verb, *line.arguments)


def _comments(file: FileSyntax) -> Iterator[Comment]:
    for statement in file.statements:
        if isinstance(statement, CommentBlock):
            yield from statement.comments
        elif isinstance(statement, Block):
            yield from statement.before
            yield from present(statement.lparen_suffix, statement.rparen_suffix)
            yield from statement.rparen_before
            for line in statement.lines:
                yield from line.before
                yield from present(line.suffix)
        else:
            yield from statement.before
            yield from present(statement.suffix)
