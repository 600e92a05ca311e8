"""The real GLib main loop, for tests that wait for what happens on it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gi.repository import GLib

if TYPE_CHECKING:
    from collections.abc import Callable


class _Timer:
    def __init__(self, seconds: float, callback: Callable[[], None]) -> None:
        self._callback = callback
        self._source: int | None = GLib.timeout_add(int(seconds * 1000), self._fire)

    def _fire(self) -> bool:
        self._source = None
        self._callback()
        return False

    def cancel(self) -> None:
        if self._source is not None:
            GLib.source_remove(self._source)
            self._source = None


class MainLoop:
    """A Scheduler on the default main context, which only turns while ``run_until`` waits."""

    def now(self) -> float:
        return time.monotonic()

    def call_later(self, seconds: float, callback: Callable[[], None]) -> _Timer:
        return _Timer(seconds, callback)

    def run_until(self, condition: Callable[[], object], seconds: float = 20.0) -> None:
        """Turn the loop until ``condition`` holds; fail when it does not within ``seconds``."""
        context = GLib.MainContext.default()
        late: list[bool] = []
        timer = self.call_later(seconds, lambda: late.append(True))
        while not condition():
            assert not late, f"not within {seconds} s"
            context.iteration(may_block=True)
        timer.cancel()
