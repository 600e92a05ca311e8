"""The unified diff between two versions of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Change = tuple[str, int, int, int, int]

# difflib needs time that grows with the square of the number of lines. Where more than this lie between the
# first and the last difference, they are shown as one replacement.
COMPARED_LINES = 5000
CONTEXT = 3


def unified(path: str, old: bytes, new: bytes) -> bytes:
    """Return the diff that makes ``new`` of ``old``, as ``gofmt -d`` does; ``patch`` understands it."""
    name = path.encode("utf-8", "surrogateescape")
    head = b"diff %s.orig %s\n--- %s.orig\n+++ %s\n" % (name, name, name, name)
    return head + b"".join(_hunks(_lines(old), _lines(new)))


def _hunks(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[bytes]:
    start, end = _common(old, new)
    skipped = max(0, start - CONTEXT)
    old_window = old[skipped : min(len(old), len(old) - end + CONTEXT)]
    new_window = new[skipped : min(len(new), len(new) - end + CONTEXT)]
    for group in _groups(old_window, new_window, start - skipped, min(end, CONTEXT)):
        _, old_start, _, new_start, _ = group[0]
        _, _, old_end, _, new_end = group[-1]
        old_range = _range(old_start + skipped, old_end + skipped)
        yield b"@@ -%s +%s @@\n" % (old_range, _range(new_start + skipped, new_end + skipped))
        for kind, old_from, old_to, new_from, new_to in group:
            if kind == "equal":
                yield from (_marked(b" ", line) for line in old_window[old_from:old_to])
            else:
                yield from (_marked(b"-", line) for line in old_window[old_from:old_to])
                yield from (_marked(b"+", line) for line in new_window[new_from:new_to])


def _groups(old: Sequence[bytes], new: Sequence[bytes], start: int, end: int) -> Iterable[list[Change]]:
    """Return the changes by hunk, where the first ``start`` and the last ``end`` lines are the same."""
    old_end, new_end = len(old) - end, len(new) - end
    if max(old_end, new_end) - start > COMPARED_LINES:
        middle = ("replace", start, old_end, start, new_end)
        return [[("equal", 0, start, 0, start), middle, ("equal", old_end, len(old), new_end, len(new))]]
    import difflib  # noqa: PLC0415 only who asks for a diff pays for it

    return difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(CONTEXT)


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
