"""watchdog's public classes over our own core: one inotify descriptor in the main loop, no thread.

Only what is the same in watchdog 2.1.6 to 7.1.0 is used: ``EventEmitter``, ``BaseObserver`` and the event
classes. watchdog's own inotify observer watches every folder there is and loses events (docs/adr/0004).
"""

from __future__ import annotations

import inspect
import os
import time
from functools import partial
from typing import TYPE_CHECKING

from watchdog.events import FileClosedEvent, FileCreatedEvent, FileDeletedEvent, FileMovedEvent
from watchdog.observers.api import BaseObserver, EventEmitter

from gowatchd.system.folder_scan import Change, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from watchdog.events import FileSystemEvent

    from gowatchd.system.pump import Pump

_SLICE = 0.01  # seconds of handling at a time: a clone brings a thousand files at once

_EVENTS: dict[Kind, Callable[[str], FileSystemEvent]] = {
    Kind.FOUND: FileCreatedEvent,
    Kind.CLOSED: FileClosedEvent,
    Kind.VANISHED: FileDeletedEvent,
}


class TreeEmitter(EventEmitter):  # type: ignore[misc] # watchdog has no types in every release
    """Runs the pump and queues one event for each path that is worth a look.

    The watch's path is ``/`` and stands for all chosen folders: watchdog has no word for several roots of
    one descriptor. Which folders are chosen is known to the tree alone.
    """

    def __init__(self, observer: LoopObserver, *arguments: object, **options: object) -> None:
        self._observer = observer
        super().__init__(*arguments, **options)  # as watchdog's own observer builds emitters: it varies

    def start(self) -> None:
        """Begin, in the main loop: no thread is started."""
        self.on_thread_start()

    def on_thread_start(self) -> None:
        """Run the pump."""
        self._observer.pump.start(self._flush, self._observer.settled)

    def on_thread_stop(self) -> None:
        """Stop the pump."""
        self._observer.pump.stop()

    def _flush(self) -> bool:
        for change in self._observer.changes.take():
            self.queue_event(_event(change))
        return self._observer.drain()


class Changes:
    """The changes of one batch: of several about one path the last counts, and a save more than a find."""

    def __init__(self) -> None:
        self._changes: dict[tuple[bytes, bytes], Change] = {}

    def add(self, change: Change) -> None:
        """Note ``change``."""
        key = (change.path, change.destination)
        before = self._changes.pop(key, None)
        if before is not None and before.kind is Kind.CLOSED and change.kind is Kind.FOUND:
            change = before  # vim changes the mode after its save, and a listing may come across it as well
        self._changes[key] = change

    def take(self) -> tuple[Change, ...]:
        """Return the changes in order, and start anew."""
        changes = tuple(self._changes.values())
        self._changes.clear()
        return changes


class LoopObserver(BaseObserver):  # type: ignore[misc] # watchdog has no types in every release
    """A watchdog observer without threads: handlers run in the main loop, right after the batch."""

    def __init__(self, pump: Pump, changes: Changes, settled: Callable[[], None]) -> None:
        super().__init__(partial(TreeEmitter, self), timeout=1)
        self.pump = pump
        self.changes = changes
        self.settled = settled
        self._running = False
        # watchdog 2.1.6 passes the time to wait for the queue, later ones wait without end
        takes_timeout = "timeout" in inspect.signature(self.dispatch_events).parameters
        self._dispatch_arguments = (self.event_queue, 0) if takes_timeout else (self.event_queue,)

    def is_alive(self) -> bool:
        """Say whether it runs; watchdog starts emitters that are scheduled meanwhile."""
        return self._running

    def start(self) -> None:
        """Start the emitters, in the main loop: no thread is started."""
        self._running = True
        for emitter in tuple(self.emitters):
            emitter.start()

    def stop(self) -> None:
        """Stop the emitters and forget the handlers."""
        self._running = False
        super().stop()

    def drain(self) -> bool:
        """Dispatch what is queued to the handlers, for a slice of time; return whether something is left."""
        deadline = time.monotonic() + _SLICE
        while not self.event_queue.empty():
            self.dispatch_events(*self._dispatch_arguments)
            if time.monotonic() > deadline:
                return not self.event_queue.empty()
        return False


def _event(change: Change) -> FileSystemEvent:
    path = os.fsdecode(change.path)
    if change.kind is Kind.MOVED:
        return FileMovedEvent(path, os.fsdecode(change.destination))
    return _EVENTS[change.kind](path)
