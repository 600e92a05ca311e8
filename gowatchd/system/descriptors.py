"""Descriptors that are waited for, all of them behind one of the kernel's (epoll(7))."""

from __future__ import annotations

import contextlib
import select
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Watch:
    """A descriptor that is waited for until it is cancelled, which has to come before it is closed."""

    __slots__ = ("_descriptors", "callback", "fd")

    def __init__(self, descriptors: Descriptors, fd: int, callback: Callable[[], None]) -> None:
        self._descriptors = descriptors
        self.fd = fd
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        """Wait for it no more; harmless when repeated."""
        if self.callback is not None:
            self.callback = None
            self._descriptors.forget(self)


class Descriptors:
    """Calls back for those that can be read, have hung up or failed. ``fileno`` can be read when one can.

    Raises OSError where there is no descriptor left.
    """

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._watches: dict[int, Watch] = {}

    def fileno(self) -> int:
        """Return the descriptor, for a poll."""
        return self._epoll.fileno()

    def add(self, fd: int, callback: Callable[[], None]) -> Watch:
        """Wait for ``fd`` from now on; raises OSError for a regular file, which is always readable."""
        self._epoll.register(fd, select.EPOLLIN)
        self._watches[fd] = watch = Watch(self, fd, callback)
        return watch

    def ready(self) -> list[Watch]:
        """Return those that can be read now; one without a callback was cancelled since."""
        return [self._watches[fd] for fd, _events in self._epoll.poll(0) if fd in self._watches]

    def forget(self, watch: Watch) -> None:
        """Wait for ``watch`` no more."""
        if self._watches.get(watch.fd) is watch:
            del self._watches[watch.fd]
            with contextlib.suppress(OSError):  # it was closed before, and the kernel has forgotten it
                self._epoll.unregister(watch.fd)
