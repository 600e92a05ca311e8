"""What we tell the service manager: ready, alive, how it goes (sd_notify(3))."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import sdnotify

from gowatchd.services.plain_text import escape, shorten

if TYPE_CHECKING:
    from gowatchd.services.ports import Handle, Scheduler

STATUS_LENGTH = 500  # characters; systemd drops a message above 4,096 bytes whole
SEND_SECONDS = 1.0  # a manager that does not read for so long must not stop us as well


class Readiness:
    """The notification socket of the service manager; without one, everything here does nothing.

    ``watchdog_seconds`` is how often a sign of life is due, half of what the manager allows; ``None`` where
    it wants none from this process.
    """

    def __init__(self) -> None:
        self._notifier = sdnotify.SystemdNotifier()
        if self._notifier.socket is not None:
            self._notifier.socket.settimeout(SEND_SECONDS)
        self.watchdog_seconds = _watchdog_seconds() if self.enabled else None
        self._next: Handle | None = None

    @property
    def enabled(self) -> bool:
        """Say whether somebody listens."""
        return self._notifier.socket is not None

    def ready(self, status: str) -> None:
        """Say that the start, or a reload, is over."""
        self._send("READY=1", f"STATUS={_one_line(status)}")

    def status(self, text: str) -> None:
        """Set the line that ``systemctl --user status`` shows."""
        self._send(f"STATUS={_one_line(text)}")

    def reloading(self) -> None:
        """Say that the configuration is being read again; ``ready`` ends it."""
        self._send("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """Say that we are about to end."""
        self._send("STOPPING=1")

    def begin_watchdog(self, scheduler: Scheduler) -> None:
        """Give signs of life from the main loop from now on, if the manager wants any."""
        if self.watchdog_seconds is not None:
            self._send("WATCHDOG=1")
            self._next = scheduler.call_later(self.watchdog_seconds, lambda: self.begin_watchdog(scheduler))

    def end_watchdog(self) -> None:
        """Give no more signs of life."""
        if self._next is not None:
            self._next.cancel()

    def _send(self, *lines: str) -> None:
        # sdnotify encodes as Latin-1 and drops what does not fit: hand it UTF-8 in that disguise.
        self._notifier.notify("\n".join(lines).encode().decode("latin-1"))


def _one_line(text: str) -> str:
    return shorten(escape(text), STATUS_LENGTH)


def _watchdog_seconds() -> float | None:
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None  # meant for a process that started us (sd_watchdog_enabled(3))
    allowed = os.environ.get("WATCHDOG_USEC", "")
    return int(allowed) / 2e6 if allowed.isascii() and allowed.isdigit() and int(allowed) else None
