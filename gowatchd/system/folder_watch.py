"""Hears of changes in a few folders that are written seldom: of unit files, of the configuration."""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING

from gowatchd.system.inotify import Inotify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gowatchd.services.ports import Handle
    from gowatchd.system.loop import MainLoop

# Seconds without a change: whoever writes a unit writes its drop-ins too, and an editor two files for one.
REST_SECONDS = 0.5
_MOST = 1024  # watches; a person has some dozen units


class FolderWatch:
    """Calls ``changed`` when something in the folders, or in their ``.d`` folders, has changed and rested."""

    def __init__(self, loop: MainLoop, changed: Callable[[], None]) -> None:
        self._loop = loop
        self._changed = changed
        self._inotify: Inotify | None = None
        self._source: Handle | None = None
        self._timer: Handle | None = None
        self._folders: tuple[str, ...] = ()

    def watch(self, folders: Iterable[str]) -> None:
        """Watch ``folders`` from now on; raises OSError where the person has no inotify instance left.

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
                self._inotify.add(os.fsencode(folder))  # the same folder again is the same watch
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
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(REST_SECONDS, self._rested)

    def _rested(self) -> None:
        self._timer = None
        self._add()
        self._changed()


def _drop_in_folders(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            found = (one.path for one in entries if one.name.endswith(".d") and one.is_dir())
            return list(itertools.islice(found, _MOST))
    except OSError:  # gone meanwhile, or there is no descriptor left: the next change looks again
        return []
