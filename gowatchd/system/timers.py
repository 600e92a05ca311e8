"""Calls at a time of their own, all of them behind one descriptor of the kernel's (timerfd_create(2))."""

from __future__ import annotations

import ctypes
import heapq
import itertools
import math
import os
import time
from typing import TYPE_CHECKING
from weakref import finalize

if TYPE_CHECKING:
    from collections.abc import Callable

_libc = ctypes.CDLL(None, use_errno=True)
_MONOTONIC = 1  # CLOCK_MONOTONIC: it stands still while the machine sleeps, as time.monotonic does
_FLAGS = os.O_NONBLOCK | os.O_CLOEXEC  # TFD_NONBLOCK and TFD_CLOEXEC are the same numbers
_FEW = 64  # cancelled calls that may stay in the heap before it is made anew


class _Span(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class _Setting(ctypes.Structure):
    _fields_ = (("interval", _Span), ("value", _Span))


class Call:
    """One call to come; it may be cancelled at any time, and again."""

    __slots__ = ("_timers", "callback")

    def __init__(self, timers: Timers, callback: Callable[[], None]) -> None:
        self._timers = timers
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        """Do not make the call; harmless after it was made and when repeated."""
        if self.callback is not None:
            self.callback = None
            self._timers.forget()


class Timers:
    """Calls to come, in order. ``fileno`` can be read when one is due; without any it never wakes anybody.

    Raises OSError where there is no descriptor left.
    """

    def __init__(self) -> None:
        self._fd = int(_libc.timerfd_create(_MONOTONIC, _FLAGS))
        if self._fd < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        finalize(self, os.close, self._fd)
        self._heap: list[tuple[float, int, Call]] = []
        self._numbers = itertools.count()
        self._cancelled = 0
        self._armed = 0.0  # for when the timer is set; 0 for never

    def fileno(self) -> int:
        """Return the descriptor, for a poll."""
        return self._fd

    def add(self, seconds: float, callback: Callable[[], None]) -> Call:
        """Have ``callback`` among the ``due`` ones, ``seconds`` from now."""
        call = Call(self, callback)
        heapq.heappush(self._heap, (time.monotonic() + max(0.0, seconds), next(self._numbers), call))
        self._arm()
        return call

    def due(self) -> list[Call]:
        """Return the calls whose time has come, in order; one without a callback was cancelled since."""
        now = time.monotonic()
        calls = []
        while self._heap and self._heap[0][0] <= now:
            calls.append(heapq.heappop(self._heap)[2])
        self._armed = -1.0  # it has run off, and is read as such until it is set anew
        self._arm()
        return [call for call in calls if call.callback is not None]

    def forget(self) -> None:
        """Take note that a call was cancelled."""
        self._cancelled += 1
        if self._cancelled > max(_FEW, len(self._heap) // 2):
            self._heap = [entry for entry in self._heap if entry[2].callback is not None]
            heapq.heapify(self._heap)
            self._cancelled = 0
        self._arm()

    def _arm(self) -> None:
        """Set the timer for the earliest call, or for none."""
        while self._heap and self._heap[0][2].callback is None:
            heapq.heappop(self._heap)
        earliest = self._heap[0][0] if self._heap else 0.0
        if earliest == self._armed:
            return
        self._armed = earliest
        left = max(1, math.ceil((earliest - time.monotonic()) * 1e9)) if earliest else 0
        value = _Span(*divmod(left, 1_000_000_000))
        if _libc.timerfd_settime(self._fd, 0, ctypes.byref(_Setting(_Span(0, 0), value)), None) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
