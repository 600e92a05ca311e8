"""The main loop: GLib on the main thread, every callback guarded."""

from __future__ import annotations

import logging
import signal
import sys
import time
from typing import TYPE_CHECKING
from weakref import WeakMethod, finalize

import gi
from gi.repository import GLib

from gowatchd.system.descriptors import Descriptors
from gowatchd.system.leisure import Leisure
from gowatchd.system.timers import Timers

try:  # PyGObject 3.58 warns about the old name; others (3.50) have the new module without the function
    gi.require_version("GLibUnix", "2.0")
    from gi.repository.GLibUnix import signal_add
except (ImportError, ValueError):
    signal_add = GLib.unix_signal_add

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from gowatchd.services.ports import Handle
    from gowatchd.system.leisure import IdleCall
    from gowatchd.system.timers import Call

log = logging.getLogger(__name__)

EXIT_BUG = 70  # EX_SOFTWARE of sysexits.h: systemd restarts us


class Source:
    """One source of the GLib loop that stays: a signal, a file of /proc."""

    __slots__ = ("_id",)

    def __init__(self, identifier: int) -> None:
        self._id = identifier

    def cancel(self) -> None:
        """Remove the source; harmless when repeated."""
        identifier, self._id = self._id, 0
        if identifier:
            GLib.source_remove(identifier)


class MainLoop:
    """A GLib main loop that ends with an exit status; it is the ``Scheduler`` of the services.

    No timer exists unless somebody asked for one, so an idle process never wakes up. An exception in any
    callback is logged with its traceback and ends the run with status 70: a living process with a dead
    callback would look well and do nothing.

    PyGObject loses some hundred bytes with each source that it makes, and a page with some: so what comes and
    goes, calls and descriptors, stands behind a few sources that stay (docs/adr/0021).
    """

    def __init__(self) -> None:
        self._loop = GLib.MainLoop()
        self._status: int | None = None
        self._timers = Timers()
        self._descriptors = Descriptors()
        self._descriptors.add(self._timers.fileno(), self._call_due)
        self._leisure = Leisure()
        _read_while_it_lives(self, self._descriptors.fileno(), GLib.PRIORITY_DEFAULT, self._read)
        _read_while_it_lives(self, self._leisure.fileno(), GLib.PRIORITY_DEFAULT_IDLE, self._rest)

    def now(self) -> float:
        """Return monotonic seconds."""
        return time.monotonic()

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Handle:
        """Run ``callback`` once, ``seconds`` from now."""
        return self._timers.add(seconds, callback)

    def call_when_idle(self, callback: Callable[[], None]) -> Handle:
        """Run ``callback`` once, as soon as nothing more urgent waits."""
        return self._leisure.add(callback)

    def call_from_thread(self, callback: Callable[[], None]) -> None:
        """Run ``callback`` once in the loop, soon; this alone may be called from another thread."""
        self._leisure.add(callback)

    def watch_fd(self, fd: int, callback: Callable[[], None]) -> Handle:
        """Run ``callback`` whenever ``fd`` can be read, has hung up or failed, until cancelled."""
        return self._descriptors.add(fd, callback)

    def watch_changes(self, fd: int, callback: Callable[[], None]) -> Handle:
        """Run ``callback`` whenever what ``fd`` shows has changed, as files of /proc tell it (POLLPRI)."""
        # The kernel tells it to one poll alone, and GLib forgets it where something more urgent came with it:
        # so nothing may be more urgent.
        conditions = GLib.IO_PRI | GLib.IO_ERR
        # not unix_fd_add_full: its new home makes PyGObject 3.58 warn
        return Source(GLib.io_add_watch(fd, GLib.PRIORITY_HIGH, conditions, self._repeated(callback)))

    def on_signal(self, number: signal.Signals, callback: Callable[[], None]) -> Handle:
        """Run ``callback`` in the loop at every signal ``number`` (SIGHUP, SIGINT, SIGTERM, SIGUSR1...)."""
        if number is signal.SIGINT:
            # else PyGObject adds its own handler to Python's default one, and that raises KeyboardInterrupt
            signal.signal(number, signal.SIG_IGN)
        return Source(signal_add(GLib.PRIORITY_HIGH, number, self._repeated(callback)))

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

    def _read(self) -> None:
        for watch in self._descriptors.ready():
            if watch.callback is not None:  # none before it took it back
                self._guarded(watch.callback)

    def _call_due(self) -> None:
        for call in self._timers.due():
            self._make(call)

    def _rest(self) -> None:
        for call in self._leisure.waiting():
            self._make(call)

    def _make(self, call: Call | IdleCall) -> None:
        callback, call.callback = call.callback, None
        if callback is not None:
            self._guarded(callback)

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


def _read_while_it_lives(loop: MainLoop, fd: int, priority: int, read: Callable[[], None]) -> None:
    """Have ``read``, a method of ``loop``, called while ``fd`` can be read, as long as there is that loop."""
    method = WeakMethod(read)

    def called(*_: object) -> bool:
        alive = method()
        if alive is not None:
            alive()
        return True

    finalize(loop, GLib.source_remove, GLib.io_add_watch(fd, priority, GLib.IO_IN, called))
