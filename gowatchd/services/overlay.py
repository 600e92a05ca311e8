"""Files as they would be: what is written stays in memory, on top of what stands on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.services.ports import Look, Reading, Swap, SwapOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.services.ports import Files


class OverlayFiles:
    """The port ``Files`` over ``below``, which is read and never written."""

    def __init__(self, below: Files) -> None:
        self._below = below
        self._read: dict[str, Reading] = {}
        self._written: dict[str, bytes] = {}

    def read(self, path: str, largest: int | None = None) -> Reading:
        """Return what was put there, else what stood below when it was first read."""
        if path in self._written:
            return Reading(path, Look.CONTENT, self._written[path])
        if path not in self._read:
            self._read[path] = self._below.read(path, largest)
        return self._read[path]

    def mark(self, path: str) -> object:
        """Return what was put there, else what is below."""
        return self._written[path] if path in self._written else self._below.mark(path)

    def is_directory(self, path: str) -> bool:
        """Say whether ``path`` is a directory below."""
        return self._below.is_directory(path)

    def exists(self, path: str) -> bool:
        """Say whether anything is at ``path`` below, or was put there."""
        return path in self._written or self._below.exists(path)

    def swap(self, path: str, expected: bytes, new: bytes) -> Swap:
        """Put ``new`` there if that holds ``expected``."""
        reading = self.read(path)
        if reading.look is not Look.CONTENT or reading.data != expected:
            return Swap(SwapOutcome.CHANGED)
        self.put(path, new)
        return Swap(SwapOutcome.WRITTEN)

    def flush(self, path: str) -> None:
        """Do nothing: there is no disk."""

    def put(self, path: str, data: bytes) -> None:
        """Let ``path``, which was read, hold ``data``."""
        self._written[path] = data

    def changes(self) -> Iterator[tuple[str, bytes, bytes]]:
        """Yield path, what stands below and what stands here, for each file where those differ."""
        for path in sorted(self._written):
            before, after = self._read[path].data, self._written[path]
            if before != after:
                yield path, before, after
