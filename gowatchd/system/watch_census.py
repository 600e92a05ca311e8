"""How many inotify watches this user's other processes have, counted from /proc in small steps."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gowatchd.services.ports import Handle
    from gowatchd.system.loop import MainLoop

_SLICE = 0.005  # seconds of counting at a time
_INOTIFY = "anon_inode:inotify"
_WATCH = b"inotify wd:"  # one line for each watch (proc_pid_fdinfo(5))
# bytes. The kernel makes the text of a descriptor at the first read, however little is asked for: 20,000
# watches took 70 ms, once after a whole scan, which is the longest that this holds the main loop.
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class WatchHolder:
    """A process of this user with inotify descriptors, and how many watches those have together."""

    pid: int
    instances: int
    watches: int


class WatchCensus:
    """Counts in the idle time of ``loop``, and calls ``counted`` with the sum."""

    def __init__(self, loop: MainLoop, counted: Callable[[int], None]) -> None:
        self._loop = loop
        self._counted = counted
        self._processes: Iterator[int] | None = None
        self._sum = 0
        self._timer: Handle | None = None

    def take(self) -> None:
        """Begin to count, unless that is under way."""
        if self._processes is None:
            self._processes = (one.watches for one in watch_holders(but=os.getpid()))
            self._sum = 0
            self._timer = self._loop.call_when_idle(self._step)

    def close(self) -> None:
        """Count no further."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _step(self) -> None:
        self._timer = None
        deadline = time.monotonic() + _SLICE
        for watches in self._processes or ():
            self._sum += watches
            if time.monotonic() > deadline:
                self._timer = self._loop.call_when_idle(self._step)
                return
        self._processes = None
        self._counted(self._sum)


def watch_holders(but: int = 0) -> Iterator[WatchHolder]:
    """Yield what each process of this user has, ``but`` one; also those with nothing, for a pause at each."""
    user = os.geteuid()
    for process in _listdir("/proc"):
        if process.isdigit() and int(process) != but:
            folder = f"/proc/{process}"
            with suppress(OSError):  # it ended meanwhile
                if os.stat(folder).st_uid == user:
                    counts = [*map(_watches, _inotify_descriptors(folder))]
                    yield WatchHolder(int(process), len(counts), sum(counts))


def _inotify_descriptors(folder: str) -> Iterator[str]:
    for descriptor in _listdir(f"{folder}/fd"):
        with suppress(OSError):
            if os.readlink(f"{folder}/fd/{descriptor}") == _INOTIFY:
                yield f"{folder}/fdinfo/{descriptor}"


def _watches(description: str) -> int:
    count, rest = 0, b""
    with suppress(OSError), open(description, "rb", buffering=0) as file:
        while chunk := file.read(_CHUNK):
            chunk = rest + chunk
            count += chunk.count(_WATCH)
            rest = chunk[-len(_WATCH) + 1 :]
    return count


def _listdir(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []  # not ours to look into
