"""The syntax of a go.mod or go.work file: statements, lines and comments, without their meaning.

A file is a tuple of statements. A statement is a `Line` (``use ./a``), a `Block` (``use (`` ... ``)``) or a
`CommentBlock` (comments that stand by themselves). Every comment of the file hangs on exactly one of them.

Nodes are immutable by convention, not frozen, because hundreds are made for every save: whoever wants
another file makes new nodes with `gowatchd.value.replace`. They compare by identity, so that a directive can
say which line it came from. A node that did not come out of the parser has ``lineno`` 0 and no spans.

Follows golang.org/x/mod/modfile (read.go).
"""

from __future__ import annotations

from dataclasses import dataclass

from gowatchd.modfile.lexer import locate, token_offsets
from gowatchd.modfile.position import Position, Span


@dataclass(slots=True)
class Comment:
    """One ``//`` comment, or a blank line that stands between the lines of a block.

    ``text`` starts with ``//`` and has no white space at its end; it is empty for a blank line (see `BLANK`).
    ``lineno`` and ``column`` start at 1, and are 0 in a comment that did not come out of the parser.
    """

    text: str
    lineno: int = 0
    column: int = 0

    @property
    def span(self) -> Span:
        """The stretch from ``//`` to the last visible character."""
        return Span.at(self.lineno, self.column, len(self.text))


BLANK = Comment("")


@dataclass(slots=True, eq=False)
class Line:
    """One line of tokens.

    ``tokens`` has the verb first (``("use", "./a")``), but for a line inside a block, where the block has it
    (``("./a",)``). Strings stand as they are printed: quoted only where they must be. ``before`` are the
    whole-line comments above it, blank lines among them (inside a block only); ``suffix`` is the comment at
    its end. ``source`` is the text of the line as it was read, which the spans are measured on.
    """

    tokens: tuple[str, ...]
    before: tuple[Comment, ...] = ()
    suffix: Comment | None = None
    lineno: int = 0
    source: str = ""
    in_block: bool = False

    @property
    def arguments(self) -> tuple[str, ...]:
        """The tokens without the verb."""
        return self.tokens if self.in_block else self.tokens[1:]

    @property
    def start(self) -> Position:
        """Where the first token starts."""
        return self.span(0).start

    @property
    def end(self) -> Position:
        """Where the last token ends."""
        return self.span(-1).end

    @property
    def whole(self) -> Span:
        """The stretch from the first token to the last, without comments."""
        return Span(self.start, self.end)

    def span(self, index: int) -> Span:
        """Return the stretch of token ``index``, counted as in ``tokens``, quotes included."""
        return _span(self.lineno, self.source, index)

    def argument_span(self, index: int) -> Span:
        """Return the stretch of token ``index``, counted as in ``arguments``."""
        return self.span(index if self.in_block or index < 0 else index + 1)


@dataclass(slots=True, eq=False)
class Block:
    """A factored block of lines: ``use (`` ... ``)``.

    ``tokens`` is what stands before ``(``: one verb in every file that Go accepts. ``before`` are the
    comments above it; ``lparen_suffix`` follows ``(``, ``rparen_suffix`` follows ``)``, and ``rparen_before``
    are the comments and blank lines between the last line and ``)``. ``end_lineno`` is the line of ``)``.
    """

    tokens: tuple[str, ...]
    lines: tuple[Line, ...] = ()
    before: tuple[Comment, ...] = ()
    lparen_suffix: Comment | None = None
    rparen_before: tuple[Comment, ...] = ()
    rparen_suffix: Comment | None = None
    lineno: int = 0
    end_lineno: int = 0
    source: str = ""

    @property
    def verb(self) -> str:
        """The first token, which says what the lines are."""
        return self.tokens[0]

    @property
    def start(self) -> Position:
        """Where the verb starts."""
        return self.span(0).start

    def span(self, index: int) -> Span:
        """Return the stretch of token ``index``; the one after the last is ``(``."""
        return _span(self.lineno, self.source, index)


@dataclass(slots=True, eq=False)
class CommentBlock:
    """Comments that belong to no statement; a blank line among them splits them when it is read again."""

    comments: tuple[Comment, ...]

    @property
    def lineno(self) -> int:
        """The line of the first comment."""
        return self.comments[0].lineno


Statement = Line | Block | CommentBlock


@dataclass(slots=True, eq=False)
class FileSyntax:
    """A whole file; ``name`` is what messages call it."""

    name: str
    statements: tuple[Statement, ...] = ()


def _span(lineno: int, source: str, index: int) -> Span:
    start, end = token_offsets(source)[index]
    return Span(locate(lineno, source, start), locate(lineno, source, end))
