"""The rewrite of one file: first the way back, then the bytes, then the disk; and no fight over a file."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gowatchd.services.changes import ChangeKind, HistoryError
from gowatchd.services.ports import SwapOutcome

if TYPE_CHECKING:
    from gowatchd.services.fixing import Rewrite
    from gowatchd.services.history import History
    from gowatchd.services.ports import Files, Scheduler, Swap

# More rewrites of the very same bytes than this within ten seconds mean that another program puts the file
# back: leave it to them. One that has other bytes each time is known by its persistence: people stop.
REWRITES_MOST = 2
REWRITES_SECONDS = 10.0
REWRITES_OF_ANY_MOST = 6
REWRITES_OF_ANY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """A rewrite that was tried: its number in the history, and how it went."""

    change: int
    path: str
    swap: Swap

    @property
    def written(self) -> bool:
        """Say whether the file holds the new bytes."""
        return self.swap.outcome is SwapOutcome.WRITTEN


@dataclass(slots=True)
class Rewriter:
    """Rewrites files through the history, and remembers what it wrote."""

    scheduler: Scheduler
    files: Files
    history: History
    # when, and the hash of the bytes that were replaced
    _rewrites: dict[str, deque[tuple[float, int]]] = field(default_factory=dict)
    _written: dict[str, bytes] = field(default_factory=dict)

    def wrote(self, path: str, data: bytes) -> bool:
        """Say whether ``data`` is what was last written into ``path`` here."""
        return self._written.get(path) == data

    def too_often(self, path: str, data: bytes) -> bool:
        """Say whether ``path`` was rewritten so often that another program must be bringing ``data`` back."""
        rewrites, now = self._rewrites.get(path, ()), self.scheduler.now()
        same = sum(old == hash(data) and now - at < REWRITES_SECONDS for at, old in rewrites)
        recent = sum(now - at < REWRITES_OF_ANY_SECONDS for at, _ in rewrites)
        return same >= REWRITES_MOST or recent >= REWRITES_OF_ANY_MOST

    def undone(self, path: str, data: bytes) -> bool:
        """Say whether ``data`` is what its person wants in ``path``. Raises HistoryError."""
        return self.history.kept(path, data)

    def write(self, rewrite: Rewrite) -> Attempt:
        """Write, unless there is no way back: then HistoryError is raised. ``finish`` is due afterwards."""
        path = rewrite.path
        kind = ChangeKind.FIX if rewrite.titles else ChangeKind.FORMAT
        change = self.history.begin(path, rewrite.before, rewrite.after, kind)
        attempt = Attempt(change, path, self.files.swap(path, rewrite.before, rewrite.after))
        if attempt.written:
            rewrites = self._rewrites.setdefault(path, deque(maxlen=REWRITES_OF_ANY_MOST))
            rewrites.append((self.scheduler.now(), hash(rewrite.before)))
            self._written[path] = rewrite.after
        return attempt

    def finish(self, attempt: Attempt) -> str:
        """Have it on the disk, and in the history how it went; return "" or why the history was not told."""
        if attempt.written:
            self.history.secure(attempt.path)
        try:
            self.history.finish(attempt.change, attempt.swap)
        except HistoryError as error:
            return str(error)
        return ""

    def forget(self, path: str) -> None:
        """Forget what was written into ``path``: it is no more."""
        self._rewrites.pop(path, None)
        self._written.pop(path, None)

    def clear(self) -> None:
        """Forget what was written, though not how often."""
        self._written.clear()
