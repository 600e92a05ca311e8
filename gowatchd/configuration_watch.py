"""Hears when somebody saves a file of the configuration."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from gowatchd.system.folder_watch import FolderWatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.system.loop import MainLoop

log = logging.getLogger(__name__)


class ConfigurationWatch:
    """Calls ``saved`` when one of ``files`` is another one than at the last ``look``.

    A link counts for what it leads to: the files of many people are links to their dotfiles. A file that does
    not exist is waited for.
    """

    def __init__(self, loop: MainLoop, files: tuple[str, ...], saved: Callable[[], None]) -> None:
        self._files = files
        self._saved = saved
        self._watch = FolderWatch(loop, self._rested)
        self._seen = self._states()

    def start(self) -> None:
        """Begin to hear; without an inotify instance left only a reload has the files read again."""
        try:
            self._watch.watch(self._folders())
        except OSError as error:
            log.warning("a changed configuration is read at systemctl --user reload only: %s", error)

    def look(self) -> None:
        """Take what the files are now for known: they are about to be read."""
        self._seen = self._states()

    def close(self) -> None:
        """Stop for good."""
        self._watch.close()

    def _rested(self) -> None:
        if self._states() == self._seen:  # something else in these folders
            return
        self._saved()
        self.start()  # a link may lead elsewhere by now

    def _folders(self) -> list[str]:
        paths = (*self._files, *map(os.path.realpath, self._files))
        return sorted({os.path.dirname(path) for path in paths})

    def _states(self) -> tuple[tuple[int, ...], ...]:
        return tuple(map(_state, self._files))


def _state(file: str) -> tuple[int, ...]:
    try:
        found = os.stat(file)
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
