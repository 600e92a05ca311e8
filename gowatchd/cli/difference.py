"""The unified diff between two versions of a file."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Change = tuple[Literal["replace", "delete", "insert", "equal"], int, int, int, int]

# difflib needs time that grows with the square of the number of lines. Where more than this lie between the
# first and the last difference, they are shown as one replacement.
COMPARED_LINES = 2000
CONTEXT = 3


def unified(path: str, old: bytes, new: bytes) -> bytes:
    """Return the diff that makes ``new`` of ``old``, as ``gofmt -d`` does; ``patch`` understands it."""
    name = path.encode("utf-8", "surrogateescape")
    head = b"diff %s.orig %s\n--- %s.orig\n+++ %s\n" % (name, name, name, name)
    return head + b"".join(_hunks(_lines(old), _lines(new)))


class _Grouping(SequenceMatcher[bytes]):
    """Makes hunks of changes that are known already."""

    def __init__(self, changes: list[Change]) -> None:
        super().__init__(None, [], [])
        self._changes = changes

    def get_opcodes(self) -> list[Change]:
        """Return the changes; what makes the hunks asks for them here."""
        return self._changes


def _hunks(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[bytes]:
    for group in _Grouping(_changes(old, new)).get_grouped_opcodes(CONTEXT):
        _, old_start, _, new_start, _ = group[0]
        _, _, old_end, _, new_end = group[-1]
        yield b"@@ -%s +%s @@\n" % (_range(old_start, old_end), _range(new_start, new_end))
        for kind, old_from, old_to, new_from, new_to in group:
            if kind == "equal":
                yield from (_marked(b" ", line) for line in old[old_from:old_to])
            else:
                yield from (_marked(b"-", line) for line in old[old_from:old_to])
                yield from (_marked(b"+", line) for line in new[new_from:new_to])


def _changes(old: Sequence[bytes], new: Sequence[bytes]) -> list[Change]:
    """Return what makes ``new`` of ``old``, and what stays, as difflib has it."""
    start, end = _common(old, new)
    old_end, new_end = len(old) - end, len(new) - end
    middle: list[Change] = [("replace", start, old_end, start, new_end)]
    if max(old_end, new_end) - start <= COMPARED_LINES:
        matcher = SequenceMatcher(None, old[start:old_end], new[start:new_end], autojunk=False)
        middle = [
            (kind, a + start, b + start, c + start, d + start) for kind, a, b, c, d in matcher.get_opcodes()
        ]
    return [("equal", 0, start, 0, start), *middle, ("equal", old_end, len(old), new_end, len(new))]


def _common(old: Sequence[bytes], new: Sequence[bytes]) -> tuple[int, int]:
    """Return how many lines both have in common at the start, and at the end of what follows."""
    shorter = min(len(old), len(new))
    start = 0
    while start < shorter and old[start] == new[start]:
        start += 1
    end = 0
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return start, end


def _range(start: int, end: int) -> bytes:
    length = end - start
    if length == 1:
        return b"%d" % (start + 1)
    return b"%d,%d" % (start + 1 if length else start, length)


def _marked(mark: bytes, line: bytes) -> bytes:
    return mark + line if line.endswith(b"\n") else mark + line + b"\n\\ No newline at end of file\n"


def _lines(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])
