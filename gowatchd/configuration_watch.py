"""Hears when somebody saves a file of the configuration."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from gowatchd.system.folder_watch import FolderWatch
from gowatchd.system.inotify import ATTRIBUTES, FOLDER_MASK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gowatchd.services.ports import Handle
    from gowatchd.system.loop import MainLoop

States = tuple[tuple[int, ...], ...]

log = logging.getLogger(__name__)


AGAIN_SECONDS = 60.0  # until it tries once more to watch: another program may have ended
_LINKS_MOST = 40  # on one path, as the kernel has it (path_resolution(7))


class ConfigurationWatch:
    """Calls ``saved`` when one of ``files`` is another one than at the last ``look``, or than in ``seen``.

    A link on the way to one counts for what it leads to: the configuration of many people is a link, or in a
    folder that is one. A file that does not exist is waited for, and one that may not be read.
    """

    def __init__(
        self, loop: MainLoop, files: tuple[str, ...], saved: Callable[[], None], seen: States
    ) -> None:
        self.hears: bool | None = None  # not known before the start
        self._loop = loop
        self._files = files
        self._saved = saved
        self._seen = seen
        self._watch = FolderWatch(loop, self._rested, FOLDER_MASK | ATTRIBUTES)
        self._again: Handle | None = None

    def start(self) -> None:
        """Begin to hear, where inotify has something left for us, and else later."""
        try:
            self._watch.watch(folders_of(self._files))
        except OSError as error:
            if self.hears is not False:
                log.warning("a changed configuration is read at systemctl --user reload only: %s", error)
            self.hears = False
            self._again = self._loop.call_later(AGAIN_SECONDS, self.start)
            return
        self.hears = True
        self._again = self._loop.call_later(0, self._rested)  # it may have been saved before we heard

    def look(self) -> None:
        """Take what the files are now for known: they are about to be read."""
        self._seen = states_of(self._files)

    def close(self) -> None:
        """Stop for good."""
        if self._again is not None:
            self._again.cancel()
        self._watch.close()

    def _rested(self) -> None:
        if states_of(self._files) == self._seen:  # something else in these folders
            return
        self.look()
        self._saved()
        self.start()  # a link may lead elsewhere by now


def folders_of(files: tuple[str, ...]) -> list[str]:
    """Return the folders in which a change can make another file of one of ``files``."""
    return sorted({folder for file in files for folder in _folders_on_the_way(file)})


def states_of(files: tuple[str, ...]) -> States:
    """Return what tells each of ``files`` from another one, and from itself at another time."""
    return tuple(map(_state, files))


def _folders_on_the_way(path: str) -> Iterator[str]:
    for _ in range(_LINKS_MOST):
        yield os.path.dirname(path)
        link = next(filter(os.path.islink, _prefixes(path)), None)
        if link is None:
            return
        folder = os.path.dirname(link)
        yield folder
        try:
            path = os.path.join(folder, os.readlink(link)) + path[len(link) :]
        except OSError:  # gone meanwhile: its folder tells
            return


def _prefixes(path: str) -> Iterator[str]:
    """Return ``path`` and the folders that it names, from the top."""
    for number, character in enumerate(path):
        if character == "/" and number:
            yield path[:number]
    yield path


def _state(file: str) -> tuple[int, ...]:
    try:
        found = os.stat(file)
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
