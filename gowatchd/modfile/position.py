"""Places in a file, counted as Go counts them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Position:
    """A place in a file.

    ``line`` and ``column`` start at 1; a column is a character (Go's LineRune), where every byte that is
    not valid UTF-8 counts as one.
    """

    line: int
    column: int


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A stretch of text from ``start`` up to, and without, ``end``."""

    start: Position
    end: Position

    @classmethod
    def at(cls, line: int, column: int = 1, width: int = 0) -> Span:
        """Return the span of ``width`` characters that starts at ``line`` and ``column``."""
        return cls(Position(line, column), Position(line, column + width))
