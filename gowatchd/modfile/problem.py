"""What is wrong with a file, in the words of the go command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gowatchd.modfile.position import Position, Span


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a file is not accepted.

    ``message`` is Go's text without the place before it, and ``position`` is that place: of a directive,
    where its line starts. ``span`` is the text at fault, or None where that is the position alone.
    """

    position: Position
    message: str
    span: Span | None = None


class ParseError(Exception):
    """A file that Go rejects; ``str()`` is exactly what Go prints.

    A mistake in the tokens or the structure comes alone; mistakes in directives come all at once, in file
    order.
    """

    def __init__(self, name: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(name, problems)
        self.name = name
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(f"{self._place(problem.position)}: {problem.message}" for problem in self.problems)

    def _place(self, position: Position) -> str:
        place = f"{self.name}:{position.line}"
        return f"{place}:{position.column}" if position.column > 1 else place
