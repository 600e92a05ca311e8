"""Hearing when something is mounted or unmounted: the kernel tells of it, no timer runs."""

from __future__ import annotations

import os
import select
from typing import TYPE_CHECKING

from gowatchd.system.mounts import MOUNTINFO, Mounts

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.ports import Handle
    from gowatchd.system.loop import MainLoop

_PAUSE = 0.1  # seconds: containers mount by the dozen; the first change is never held back, none is lost


class MountWatch:
    """Reads the mount table whenever it changes, and calls ``changed`` with those before and after.

    They are equal where something came and went in between. Where there is no /proc, nothing is ever told.
    """

    def __init__(self, loop: MainLoop, mounts: Mounts, changed: Callable[[Mounts, Mounts], None]) -> None:
        self._loop = loop
        self._mounts = mounts
        self._changed = changed
        self._fd = -1
        self._poll = select.poll()
        self._source: Handle | None = None
        self._due: Handle | None = None

    def start(self) -> None:
        """Begin; what changed since ``mounts`` was read is told from the loop."""
        try:
            self._fd = os.open(MOUNTINFO, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return
        self._poll.register(self._fd, select.POLLPRI | select.POLLERR)
        self._listen()
        self._due = self._loop.call_when_idle(self._first)  # of what was before, it is silent

    def close(self) -> None:
        """Stop for good."""
        for handle in (self._source, self._due):
            if handle is not None:
                handle.cancel()
        self._source = self._due = None
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def check(self) -> None:
        """Tell now what the loop has not come to tell yet."""
        if self._fd >= 0 and self._poll.poll(0):
            self._look()

    def _listen(self) -> None:
        self._due = None
        self._source = self._loop.watch_changes(self._fd, self._stirred)

    def _stirred(self) -> None:
        if self._source is not None:
            self._source.cancel()
            self._source = None
        if self._due is not None:
            self._due.cancel()
        self._due = self._loop.call_later(_PAUSE, self._listen)
        self._look()

    def _first(self) -> None:
        self._due = None
        if Mounts.read().changes_since(self._mounts):
            self._look()

    def _look(self) -> None:
        before, self._mounts = self._mounts, Mounts.read()
        self._changed(before, self._mounts)
