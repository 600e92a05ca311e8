"""Hears of changes in a few folders that are written seldom: of unit files, of the configuration."""

from __future__ import annotations

import contextlib
import itertools
import os
from typing import TYPE_CHECKING

from gowatchd.system.inotify import FOLDER_MASK, Inotify, WatchLimitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gowatchd.services.ports import Handle
    from gowatchd.system.loop import MainLoop

# Seconds without a change: whoever writes a unit writes its drop-ins too, and an editor two files for one.
REST_SECONDS = 0.5
REST_MOST_SECONDS = 5.0  # a folder in which something is written all the time rests never
_MOST = 1024  # watches; a person has some dozen units


class FolderWatch:
    """Calls ``changed`` when something in the folders, or in their ``.d`` folders, has changed and rested."""

    def __init__(self, loop: MainLoop, changed: Callable[[], None], mask: int = FOLDER_MASK) -> None:
        self._loop = loop
        self._changed = changed
        self._mask = mask
        self._since = 0.0  # when the first change was heard that was not told yet
        self._inotify: Inotify | None = None
        self._source: Handle | None = None
        self._timer: Handle | None = None
        self._folders: tuple[str, ...] = ()

    def watch(self, folders: Iterable[str]) -> None:
        """Watch ``folders`` from now on; raises OSError where inotify has nothing left for the person.

        For one that does not exist its nearest parent is watched.
        """
        self._folders = tuple(folders)
        if self._inotify is None:
            self._inotify = Inotify()
            self._source = self._loop.watch_fd(self._inotify.fileno(), self._heard)
        self._add()

    def close(self) -> None:
        """Stop for good."""
        for handle in (self._source, self._timer):
            if handle is not None:
                handle.cancel()
        if self._inotify is not None:
            self._inotify.close()
            self._inotify = None

    def _add(self) -> None:
        if self._inotify is None:
            return
        for number, folder in enumerate(self._places()):
            if number == _MOST:
                return
            try:
                self._inotify.add(os.fsencode(folder), self._mask)  # the same folder again is the same watch
            except WatchLimitError:
                raise
            except OSError:
                continue  # gone meanwhile, or not ours to see: its parent tells when that changes

    def _places(self) -> Iterable[str]:
        for folder in self._folders:
            real = os.path.realpath(folder)
            while not os.path.isdir(real) and real != "/":
                real = os.path.dirname(real)
            yield real
            if real == os.path.realpath(folder):
                yield from _drop_in_folders(real)

    def _heard(self) -> None:
        if self._inotify is None:
            return
        while self._inotify.read():
            pass
        now = self._loop.now()
        if self._timer is None:
            self._since = now
        else:
            self._timer.cancel()
        left = self._since + REST_MOST_SECONDS - now
        self._timer = self._loop.call_later(max(0.0, min(REST_SECONDS, left)), self._rested)

    def _rested(self) -> None:
        self._timer = None
        with contextlib.suppress(WatchLimitError):  # whoever watches anew hears of it
            self._add()
        self._changed()


def _drop_in_folders(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            found = (one.path for one in entries if one.name.endswith(".d") and one.is_dir())
            return list(itertools.islice(found, _MOST))
    except OSError:  # gone meanwhile, or there is no descriptor left: the next change looks again
        return []
