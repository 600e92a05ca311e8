"""A main loop whose time passes only when a test says so."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class PlannedCall:
    callback: Callable[[], None] | None

    def cancel(self) -> None:
        self.callback = None


@dataclass
class ManualScheduler:
    time: float = 1000.0
    _calls: list[tuple[float, int, PlannedCall]] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def now(self) -> float:
        return self.time

    def call_later(self, seconds: float, callback: Callable[[], None]) -> PlannedCall:
        call = PlannedCall(callback)
        heapq.heappush(self._calls, (self.time + seconds, next(self._numbers), call))
        return call

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass, and run what falls due, in order."""
        end = self.time + seconds
        while self._calls and self._calls[0][0] <= end:
            due, _, call = heapq.heappop(self._calls)
            self.time = max(self.time, due)
            callback, call.callback = call.callback, None
            if callback is not None:
                callback()
        self.time = end

    @property
    def planned(self) -> int:
        """How many calls are still to come."""
        return sum(call.callback is not None for _, _, call in self._calls)
