"""From a syntax tree to text.

Follows golang.org/x/mod/modfile (print.go).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.modfile.syntax import Block, CommentBlock

if TYPE_CHECKING:
    from gowatchd.modfile.syntax import Comment, FileSyntax

_OPENING = frozenset("([{")
_CLOSING = frozenset(")]},")
_GLUED = _OPENING | _CLOSING


def print_file(file: FileSyntax) -> bytes:
    """Return the text of ``file`` as Go prints it.

    One blank line between statements, one tab inside a block, one space between tokens and before a comment;
    one newline at the end, or no text at all.
    """
    out: list[str] = []
    for statement in file.statements:
        if out:
            _blank(out)
        if isinstance(statement, CommentBlock):
            _comments(out, statement.comments, "")
        elif isinstance(statement, Block):
            _block(out, statement)
        else:
            _comments(out, statement.before, "")
            out.append(_with(_words(statement.tokens), statement.suffix))
    while out and not out[-1]:
        out.pop()
    return "".join([f"{line}\n" for line in out]).encode("utf-8", "surrogateescape")


def _block(out: list[str], block: Block) -> None:
    _comments(out, block.before, "")
    out.append(_with(f"{_words(block.tokens)} (", block.lparen_suffix))
    for line in block.lines:
        if line.before:
            _comments(out, line.before, "\t")
        out.append("\t" + _with(_words(line.tokens), line.suffix))
    _comments(out, block.rparen_before, "")
    out.append(_with(")", block.rparen_suffix))


def _comments(out: list[str], comments: tuple[Comment, ...], indent: str) -> None:
    for comment in comments:
        if comment.text:
            out.append(indent + comment.text)
        elif out:
            _blank(out)


def _blank(out: list[str]) -> None:
    if out[-1]:
        out.append("")


def _with(text: str, suffix: Comment | None) -> str:
    return f"{text} {suffix.text}" if suffix else text


def _words(tokens: tuple[str, ...]) -> str:
    if _GLUED.isdisjoint(tokens):
        return " ".join(tokens)
    text = ""
    separator = ""
    for token in tokens:
        text += token if token in _CLOSING else separator + token
        separator = "" if token in _OPENING else " "
    return text
