"""Calls for when nothing more urgent waits, all behind one descriptor of the kernel's (eventfd(2))."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING
from weakref import finalize

if TYPE_CHECKING:
    from collections.abc import Callable


class IdleCall:
    """One call to come; cancelled, it is passed over."""

    __slots__ = ("callback",)

    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        """Do not make the call; harmless after it was made and when repeated."""
        self.callback = None


class Leisure:
    """Calls to come, first in, first out. ``fileno`` can be read while there are any.

    ``add`` may be called from any thread. Raises OSError where there is no descriptor left.
    """

    def __init__(self) -> None:
        self._fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        finalize(self, os.close, self._fd)
        self._calls: list[IdleCall] = []
        self._lock = threading.Lock()

    def fileno(self) -> int:
        """Return the descriptor, for a poll."""
        return self._fd

    def add(self, callback: Callable[[], None]) -> IdleCall:
        """Have ``callback`` among the calls to come."""
        call = IdleCall(callback)
        with self._lock:
            if not self._calls:
                os.eventfd_write(self._fd, 1)
            self._calls.append(call)
        return call

    def waiting(self) -> list[IdleCall]:
        """Return the calls that came so far, each once."""
        with self._lock:
            calls = [*self._calls]
            if calls:
                self._calls.clear()
                os.eventfd_read(self._fd)
        return calls
