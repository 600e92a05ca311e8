"""From lines of tokens to a syntax tree.

Follows golang.org/x/mod/modfile (read.go).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.modfile.lexer import source_lines, token_offsets
from gowatchd.modfile.position import Position
from gowatchd.modfile.problem import ParseError, Problem
from gowatchd.modfile.syntax import BLANK, Block, Comment, CommentBlock, FileSyntax, Line, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.modfile.lexer import SourceLine


def parse_syntax(data: bytes, name: str) -> FileSyntax:
    """Return the syntax of ``data``, whatever its verbs mean; raise ParseError with the first mistake."""
    return _Parser(data.decode("utf-8", "surrogateescape"), name).file()


class _Parser:
    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        self._lines: Iterator[SourceLine] = source_lines(text)

    def file(self) -> FileSyntax:
        statements: list[Statement] = []
        pending: list[Comment] = []
        for line in self._lines:
            if line.problem:
                raise self._error(line.problem)
            if line.tokens:
                statements.append(self._statement(line, tuple(pending)))
                pending.clear()
            elif line.comment:
                pending.append(Comment(line.comment, line.lineno, line.column))
            elif pending:
                statements.append(CommentBlock(tuple(pending)))
                pending.clear()
        if pending:
            statements.append(CommentBlock(tuple(pending)))
        return FileSyntax(self._name, tuple(statements))

    def _statement(self, line: SourceLine, before: tuple[Comment, ...]) -> Line | Block:
        tokens = line.tokens
        if len(tokens) > 1 and tokens[-1] == "(":
            return self._block(line, before)
        if len(tokens) > 2 and tokens[-2:] == ("(", ")"):
            return Block(
                tokens[:-2],
                before=before,
                rparen_suffix=_suffix(line),
                lineno=line.lineno,
                end_lineno=line.lineno,
                source=line.source,
            )
        return Line(tokens, before, _suffix(line), line.lineno, line.source)

    def _block(self, opening: SourceLine, before: tuple[Comment, ...]) -> Block:
        lines: list[Line] = []
        pending: list[Comment] = []
        for line in self._lines:
            tokens = line.tokens
            if tokens and tokens[0] == ")":
                self._check_closing(line)
                # A blank line that stands alone before ")" is dropped, as Go does since 1.25.
                return Block(
                    opening.tokens[:-1],
                    tuple(lines),
                    before,
                    _suffix(opening),
                    () if pending == [BLANK] else tuple(pending),
                    _suffix(line),
                    opening.lineno,
                    line.lineno,
                    opening.source,
                )
            if line.problem:
                raise self._error(line.problem)
            if tokens:
                above = tuple(pending) if pending else ()
                lines.append(Line(tokens, above, _suffix(line), line.lineno, line.source, in_block=True))
                pending.clear()
            elif line.comment:
                pending.append(Comment(line.comment, line.lineno, line.column))
            elif pending[-1] is not BLANK if pending else lines:
                pending.append(BLANK)
        start = token_offsets(opening.source)[0][0] + 1
        place = f"{self._name}:{opening.lineno}:{start}"
        end = Position(self._text.count("\n") + 1, len(self._text) - self._text.rfind("\n"))
        raise self._error(Problem(end, f"syntax error (unterminated block started at {place})"))

    def _check_closing(self, line: SourceLine) -> None:
        if len(line.tokens) > 1:
            end = line.end_of_token(1)
            raise self._error(Problem(end, "syntax error (expected newline after closing paren)"))
        if line.problem:
            raise self._error(line.problem)

    def _error(self, problem: Problem) -> ParseError:
        return ParseError(self._name, (problem,))


def _suffix(line: SourceLine) -> Comment | None:
    return Comment(line.comment, line.lineno, line.column) if line.comment else None
