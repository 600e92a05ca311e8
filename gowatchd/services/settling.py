"""The settle: how long a saved file must rest before it may be rewritten."""

from __future__ import annotations

from collections import deque
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.ports import Handle, Scheduler

# An editor with auto-save writes whenever its person pauses, and asks if the file changed while they went on.
# So saves that follow each other closer than this are those of somebody at work on the file...
SITTING_SECONDS = 5.0
# ... who has stopped when twice the longest of their pauses went by without a save; it takes two seconds to
# think of the next word. The last eight saves tell their pace.
PAUSES = 2.0
SITTING_REST_SECONDS = 2.0
REMEMBERED_SAVES = 8


class Settling:
    """Calls ``rested(path)`` once, when ``seconds`` have passed since the last save of ``path``."""

    def __init__(self, scheduler: Scheduler, seconds: float, rested: Callable[[str], None]) -> None:
        self._scheduler = scheduler
        self._seconds = seconds
        self._rested = rested
        self._waiting: dict[str, Handle] = {}
        self._saves: dict[str, deque[float]] = {}

    def noted(self, path: str, at: float) -> None:
        """Take note that ``path`` was saved; ``at`` is when, by the scheduler's clock."""
        saves = self._saves.setdefault(path, deque(maxlen=REMEMBERED_SAVES))
        if saves and at - saves[-1] > SITTING_SECONDS:
            saves.clear()
        saves.append(at)

    def rest(self, path: str, at: float) -> None:
        """Begin the wait for ``path`` anew, as one that holds since ``at`` what it holds."""
        self.wait(path, max(0.0, at + self._seconds_of(path) - self._scheduler.now()))

    def wait(self, path: str, seconds: float) -> None:
        """Call ``rested(path)`` after ``seconds``, instead of what was planned for it."""
        self.cancel(path)
        self._waiting[path] = self._scheduler.call_later(seconds, partial(self._done, path))

    def expect(self, path: str, seconds: float) -> None:
        """Call ``rested(path)`` after ``seconds``, unless something is planned for it already."""
        if path not in self._waiting:
            self.wait(path, seconds)

    def is_waiting(self, path: str) -> bool:
        """Say whether something is planned for ``path``."""
        return path in self._waiting

    def cancel(self, path: str) -> None:
        """Call off what is planned for ``path``."""
        handle = self._waiting.pop(path, None)
        if handle is not None:
            handle.cancel()

    def forget(self, path: str) -> None:
        """Call off what is planned for ``path`` and drop the memory of its saves."""
        self.cancel(path)
        self._saves.pop(path, None)

    def clear(self) -> None:
        """Call off everything."""
        for path in tuple(self._waiting):
            self.cancel(path)
        self._saves.clear()

    def _seconds_of(self, path: str) -> float:
        saves = self._saves.get(path, ())
        if len(saves) < 2:
            return self._seconds
        longest = max(later - earlier for earlier, later in pairwise(saves))
        return max(self._seconds, SITTING_REST_SECONDS, PAUSES * longest)

    def _done(self, path: str) -> None:
        del self._waiting[path]
        self._rested(path)
