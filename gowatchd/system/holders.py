"""Who holds a file: the ``Signs`` of the services, over editors and go commands at work."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gowatchd.system.editors import Hold
from gowatchd.system.go_at_work import go_at_work
from gowatchd.system.processes import started
from gowatchd.system.system_error import error_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.ports import Handle
    from gowatchd.system.editors import Editors
    from gowatchd.system.loop import MainLoop

# Processes whose end is waited for: each costs a descriptor. Where more of them hold files, the ends of the
# others are found by looking again, at growing intervals.
_WATCHED_MOST = 64


@dataclass(frozen=True, slots=True)
class _Watch:
    """A process whose end is waited for, and the files that wait."""

    descriptor: int
    source: Handle
    paths: set[str] = field(default_factory=set)


class Holders:
    """The ``Signs`` of the services; ``ended(path)`` is called when who held ``path`` has ended."""

    def __init__(self, editors: Editors, loop: MainLoop, ended: Callable[[str], None]) -> None:
        self._editors = editors
        self._loop = loop
        self._ended = ended
        self._watches: dict[int, _Watch] = {}

    def noticed(self, path: str) -> None:
        """Look at the sign that came or went beside ``path``."""
        self._editors.noticed(path)

    def held(self, path: str) -> str | None:
        """Say who holds ``path`` open or is about to write it, in words for a person, or ``None``."""
        try:
            hold = self._editors.held(path) or go_at_work(path)
        except OSError as error:  # no descriptor is left to list the processes with
            hold = Hold(f"who has it open cannot be seen: {error_text(error)}")
        self._leave(path, hold.pid if hold else 0)
        if hold is None:
            return None
        if hold.pid:
            self._watch(hold.pid, path)
        return hold.reason

    def close(self) -> None:
        """Wait for nobody any more."""
        for pid in tuple(self._watches):
            self._drop(pid)

    def _watch(self, pid: int, path: str) -> None:
        watch = self._watches.get(pid)
        if watch is None:
            if len(self._watches) >= _WATCHED_MOST or started(pid) is None:
                return
            try:
                descriptor = os.pidfd_open(pid)
            except OSError:
                return  # it has just ended: looking again finds that
            watch = _Watch(descriptor, self._loop.watch_fd(descriptor, lambda: self._has_ended(pid)))
            self._watches[pid] = watch
        watch.paths.add(path)

    def _leave(self, path: str, holder: int) -> None:
        """Let ``path`` wait for nobody but ``holder``."""
        for pid, watch in tuple(self._watches.items()):
            if pid != holder:
                watch.paths.discard(path)
                if not watch.paths:
                    self._drop(pid)

    def _has_ended(self, pid: int) -> None:
        for path in sorted(self._drop(pid)):
            self._ended(path)

    def _drop(self, pid: int) -> set[str]:
        watch = self._watches.pop(pid)
        watch.source.cancel()
        os.close(watch.descriptor)
        return watch.paths
