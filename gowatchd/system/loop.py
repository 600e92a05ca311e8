"""The main loop: GLib on the main thread, every callback guarded."""

from __future__ import annotations

import logging
import math
import signal
import sys
import time
from typing import TYPE_CHECKING

import gi
from gi.repository import GLib

try:  # PyGObject 3.58 warns about the old name; others (3.50) have the new module without the function
    gi.require_version("GLibUnix", "2.0")
    from gi.repository.GLibUnix import signal_add
except (ImportError, ValueError):
    signal_add = GLib.unix_signal_add

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from gowatchd.services.ports import Handle

log = logging.getLogger(__name__)

EXIT_BUG = 70  # EX_SOFTWARE of sysexits.h: systemd restarts us


class Source:
    """One source of the GLib loop: a timer, a file descriptor, a signal, an idle call."""

    __slots__ = ("_id",)

    def __init__(self) -> None:
        self._id = 0

    def attach(self, identifier: int) -> None:
        """Remember which source of GLib this is."""
        self._id = identifier

    def ended(self) -> None:
        """Note that GLib removed the source by itself, because its callback said so."""
        self._id = 0

    def cancel(self) -> None:
        """Remove the source; harmless after it ran and when repeated."""
        identifier, self._id = self._id, 0
        if identifier:
            GLib.source_remove(identifier)


class MainLoop:
    """A GLib main loop that ends with an exit status; it is the ``Scheduler`` of the services.

    No timer exists unless somebody asked for one, so an idle process never wakes up. An exception in any
    callback is logged with its traceback and ends the run with status 70: a living process with a dead
    callback would look well and do nothing.
    """

    def __init__(self) -> None:
        self._loop = GLib.MainLoop()
        self._status: int | None = None

    def now(self) -> float:
        """Return monotonic seconds."""
        return time.monotonic()

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Handle:
        """Run ``callback`` once, ``seconds`` from now, rounded up to whole milliseconds."""
        source = Source()
        milliseconds = max(0, math.ceil(seconds * 1000))
        source.attach(GLib.timeout_add(milliseconds, self._once(source, callback)))
        return source

    def call_when_idle(self, callback: Callable[[], None]) -> Handle:
        """Run ``callback`` once, as soon as nothing more urgent waits."""
        source = Source()
        source.attach(GLib.idle_add(self._once(source, callback)))
        return source

    def call_from_thread(self, callback: Callable[[], None]) -> None:
        """Run ``callback`` once in the loop, soon; this alone may be called from another thread."""
        GLib.idle_add(self._once(Source(), callback))

    def watch_fd(self, fd: int, callback: Callable[[], None]) -> Handle:
        """Run ``callback`` whenever ``fd`` can be read, has hung up or failed, until cancelled."""
        source = Source()
        conditions = GLib.IO_IN | GLib.IO_HUP | GLib.IO_ERR
        # not unix_fd_add_full: its new home makes PyGObject 3.58 warn
        source.attach(GLib.io_add_watch(fd, GLib.PRIORITY_DEFAULT, conditions, self._repeated(callback)))
        return source

    def watch_changes(self, fd: int, callback: Callable[[], None]) -> Handle:
        """Run ``callback`` whenever what ``fd`` shows has changed, as files of /proc tell it (POLLPRI)."""
        source = Source()
        # The kernel tells it to one poll alone, and GLib forgets it where something more urgent came with it:
        # so nothing may be more urgent.
        conditions = GLib.IO_PRI | GLib.IO_ERR
        source.attach(GLib.io_add_watch(fd, GLib.PRIORITY_HIGH, conditions, self._repeated(callback)))
        return source

    def on_signal(self, number: signal.Signals, callback: Callable[[], None]) -> Handle:
        """Run ``callback`` in the loop at every signal ``number`` (SIGHUP, SIGINT, SIGTERM, SIGUSR1...)."""
        if number is signal.SIGINT:
            # else PyGObject adds its own handler to Python's default one, and that raises KeyboardInterrupt
            signal.signal(number, signal.SIG_IGN)
        source = Source()
        source.attach(signal_add(GLib.PRIORITY_HIGH, number, self._repeated(callback)))
        return source

    def run(self) -> int:
        """Serve callbacks until ``quit`` or a bug; return the exit status."""
        # PyGObject hands what a callback of Gio raises to the hook, and would carry on
        before, sys.excepthook = sys.excepthook, self._bug
        try:
            if self._status is None:
                self._loop.run()
        finally:
            sys.excepthook = before
        return EXIT_BUG if self._status is None else self._status

    def quit(self, status: int = 0) -> None:
        """End the run with ``status``; a bug's status 70 is never overwritten."""
        if self._status != EXIT_BUG:
            self._status = status
        self._loop.quit()

    def _once(self, source: Source, callback: Callable[[], None]) -> Callable[..., bool]:
        def run(*_: object) -> bool:
            source.ended()
            self._guarded(callback)
            return False

        return run

    def _repeated(self, callback: Callable[[], None]) -> Callable[..., bool]:
        def run(*_: object) -> bool:
            self._guarded(callback)
            return True

        return run

    def _bug(self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        log.error("a bug: ending this run", exc_info=(kind, error, traceback))
        self.quit(EXIT_BUG)

    def _guarded(self, callback: Callable[[], None]) -> None:
        try:
            callback()
        except BaseException:  # PyGObject would print and carry on: nothing may pass this border
            log.exception("a bug in %r: ending this run", callback)
            self.quit(EXIT_BUG)
