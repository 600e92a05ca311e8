"""Moves events from inotify into the tree, in batches, and scans in slices: all in the main loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.system.inotify import decode, pad

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.ports import Handle
    from gowatchd.system.inotify import Inotify
    from gowatchd.system.loop import MainLoop
    from gowatchd.system.watch_table import WatchTable
    from gowatchd.system.watch_tree import WatchTree

_PAUSE = 0.005  # seconds between batches of a storm: fewer and larger ones; the first is never held back
_BATCH_READS = 16  # a batch is at most 1 MiB of events, then the loop serves others
_SLICE = 0.005  # seconds of scanning at a time
_RETRY_FIRST = 0.1  # seconds until a folder that the system failed to list is tried again, then twice as long
_RETRY_MOST = 30.0
_RETRY_LONG = 1.0  # what takes longer than this is told
_MOVE_GRACE = 0.1  # seconds: the kernel queues both halves of a move within microseconds


class Pump:
    """Keeps ``tree`` fed while it runs; without changes no timer exists.

    ``names`` are the file names that matter.
    """

    def __init__(
        self, loop: MainLoop, inotify: Inotify, table: WatchTable, tree: WatchTree, names: frozenset[bytes]
    ) -> None:
        self._loop = loop
        self._inotify = inotify
        self._table = table
        self._tree = tree
        self._names = set(map(pad, names))
        self._own_names = frozenset(self._names)
        self._flush: Callable[[], bool] = lambda: False
        self._settled: Callable[[], None] = lambda: None
        self._source: Handle | None = None
        self._timers: dict[str, Handle] = {}
        self._last_batch = float("-inf")
        self._retry_wait = _RETRY_FIRST

    def start(self, flush: Callable[[], bool], settled: Callable[[], None]) -> None:
        """Begin: ``flush`` runs after each batch and slice, and again while it says that something is left.

        ``settled`` runs when no folder waits to be listed and all is flushed.
        """
        self._flush = flush
        self._settled = settled
        self._listen()
        self.scan_soon()

    def stop(self) -> None:
        """Stop, and call off every timer."""
        self._deafen()
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    @property
    def retries_long(self) -> bool:
        """Whether folders could not be listed for more than a moment."""
        return self._retry_wait > _RETRY_LONG

    def hear(self, name: bytes) -> None:
        """Take events about the file name ``name`` as well."""
        self._names.add(pad(name))

    def unhear(self, name: bytes) -> None:
        """Take that back; the names from the beginning stay."""
        padded = pad(name)
        if padded not in self._own_names:
            self._names.discard(padded)

    def scan_soon(self) -> None:
        """Have waiting folders listed as soon as the loop is idle."""
        if "scan" not in self._timers:
            self._timers["scan"] = self._loop.call_when_idle(self._slice)

    def _listen(self) -> None:
        if self._source is None:
            self._source = self._loop.watch_fd(self._inotify.fileno(), self._batch)

    def _deafen(self) -> None:
        if self._source is not None:
            self._source.cancel()
            self._source = None

    def _batch(self) -> None:
        storm = self._loop.now() - self._last_batch < _PAUSE
        self._take()
        self._last_batch = self._loop.now()
        if storm and self._source is not None:
            self._deafen()
            self._timers["pause"] = self._loop.call_later(_PAUSE, self._resume)

    def _take(self) -> None:
        """Take what waits, and give back the watches that nobody claimed."""
        self._timers.pop("sweep", None)
        drained = self._read()
        if self._tree.scanning:
            self._tree.advance(_SLICE)  # a new folder is watched within the batch that brought it
        self._deliver()
        if drained and not self._tree.scanning and not self._tree.moving:
            self._table.sweep()
        self._plan()

    def _read(self) -> bool:
        """Feed one batch; return whether nothing waits any more."""
        for _ in range(_BATCH_READS):
            buffer = self._inotify.read()
            if not buffer:
                return True
            for event in decode(buffer, self._names, self._tree.sign_watches()):
                self._tree.feed(event)
        return False

    def _resume(self) -> None:
        self._timers.pop("pause", None)
        self._listen()
        self._batch()

    def _plan(self) -> None:
        if self._tree.scanning:
            self.scan_soon()
        elif "deliver" not in self._timers:
            self._settled()
        if not self._tree.scanning:
            self._plan_retry()
        if self._table.orphaned and not (self._tree.scanning or self._tree.moving or "sweep" in self._timers):
            self._timers["sweep"] = self._loop.call_when_idle(self._take)
        if self._tree.moving and "grace" not in self._timers:
            self._timers["grace"] = self._loop.call_later(_MOVE_GRACE, self._give_up_moved)

    def _plan_retry(self) -> None:
        if not self._tree.put_off:
            self._retry_wait = _RETRY_FIRST
        elif "retry" not in self._timers:
            self._timers["retry"] = self._loop.call_later(self._retry_wait, self._retry)
            self._retry_wait = min(self._retry_wait * 2, _RETRY_MOST)

    def _retry(self) -> None:
        self._timers.pop("retry", None)
        self._tree.retry()
        self.scan_soon()

    def _slice(self) -> None:
        self._timers.pop("scan", None)
        self._tree.advance(_SLICE)
        self._deliver()
        self._plan()

    def _deliver(self) -> None:
        if self._flush() and "deliver" not in self._timers:
            self._timers["deliver"] = self._loop.call_when_idle(self._deliver_rest)

    def _deliver_rest(self) -> None:
        self._timers.pop("deliver", None)
        self._deliver()
        self._plan()

    def _give_up_moved(self) -> None:
        self._timers.pop("grace", None)
        self._read()  # the other half may wait
        self._tree.forget_moved()
        self._deliver()
        self._plan()
