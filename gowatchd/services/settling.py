"""The settle: how long a saved file must rest before it may be rewritten."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.ports import Handle, Scheduler

# An editor with auto-save writes every second or so while its person types. From the third save within ten
# seconds on, a file must rest two seconds, so that a rewrite never lands between two keystrokes.
BURST_SAVES = 3
BURST_SECONDS = 10.0
BURST_REST_SECONDS = 2.0


class Settling:
    """Calls ``rested(path)`` once, when ``seconds`` have passed since the last save of ``path``."""

    def __init__(self, scheduler: Scheduler, seconds: float, rested: Callable[[str], None]) -> None:
        self._scheduler = scheduler
        self._seconds = seconds
        self._rested = rested
        self._waiting: dict[str, Handle] = {}
        self._saves: dict[str, deque[float]] = {}

    def saved(self, path: str, at: float) -> None:
        """Begin the wait for ``path`` anew; ``at`` is when it was saved, by the scheduler's clock."""
        saves = self._saves.setdefault(path, deque(maxlen=BURST_SAVES))
        saves.append(at)
        burst = len(saves) == BURST_SAVES and at - saves[0] < BURST_SECONDS
        rest = max(self._seconds, BURST_REST_SECONDS) if burst else self._seconds
        self.wait(path, max(0.0, at + rest - self._scheduler.now()))

    def wait(self, path: str, seconds: float) -> None:
        """Call ``rested(path)`` after ``seconds``, instead of what was planned for it."""
        self.cancel(path)
        self._waiting[path] = self._scheduler.call_later(seconds, partial(self._done, path))

    def expect(self, path: str, seconds: float) -> None:
        """Call ``rested(path)`` after ``seconds``, unless something is planned for it already."""
        if path not in self._waiting:
            self.wait(path, seconds)

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

    def _done(self, path: str) -> None:
        del self._waiting[path]
        self._rested(path)
