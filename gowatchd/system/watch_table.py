"""Which folder has which watch, within a budget."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from gowatchd.system.folders import UNWATCHED, Folder, Reach
from gowatchd.system.inotify import WatchLimitError

if TYPE_CHECKING:
    from gowatchd.system.inotify import Inotify


class WatchTable:
    """The watches of one inotify instance: at most ``budget``, those of weighty folders first.

    A watch that is given up becomes an orphan and is removed only by ``sweep``, once no event that could
    bring its folder back is waiting: the kernel hands out the same descriptor for the same inode, so a
    folder that was only moved claims its orphan again.
    """

    def __init__(self, inotify: Inotify, budget: int) -> None:
        self._inotify = inotify
        self._budget = budget
        self._folders: dict[int, Folder] = {}
        self._orphans: set[int] = set()
        self._spare: list[Folder] = []
        self._no_spare = False
        self.limit_reached = False  # of the kernel, before our own
        self.short = False  # some folder got no watch
        self.short_of_files = False  # some folder with Go files got none

    def __len__(self) -> int:
        return len(self._folders)

    @property
    def budget(self) -> int:
        """The most watches that we take: what was granted, or less once the kernel refused one."""
        return self._budget

    def folder(self, wd: int) -> Folder | None:
        """Return the folder that ``wd`` watches, None where it was given up."""
        return self._folders.get(wd)

    def watch(self, folder: Folder, path: bytes) -> bool:
        """Watch ``folder``, whose path is ``path``, again if it was; return whether it is watched now.

        False means: no watch left for it, or not readable. Raises ``OSError`` where it is no folder.
        """
        weighty = folder.weight > 0 or folder.reach is not Reach.TREE
        full = folder.wd == UNWATCHED and len(self._folders) >= self._budget
        if full and not self._make_room(weighty=weighty):
            self._refuse(weighty=weighty)
            return False
        try:
            wd = self._add(path, weighty=weighty)
        except WatchLimitError:
            self._refuse(weighty=weighty)
            return False
        except OSError as error:
            if error.errno != errno.EACCES:
                raise
            self.release(folder)
            return False
        self._claim(folder, wd)
        return True

    def release(self, folder: Folder) -> None:
        """Give up the watch of ``folder``."""
        if folder.wd != UNWATCHED:
            del self._folders[folder.wd]
            self._orphans.add(folder.wd)
            folder.wd = UNWATCHED
            self._no_spare = False

    def ended(self, wd: int) -> Folder | None:
        """Note that the kernel ended the watch ``wd`` (IN_IGNORED); return the folder that had it."""
        self._orphans.discard(wd)
        folder = self._folders.pop(wd, None)
        if folder is not None:
            folder.wd = UNWATCHED
        return folder

    def sweep(self) -> None:
        """Remove the orphans; call it when no event waits."""
        for wd in self._orphans:
            self._inotify.remove(wd)
        self._orphans.clear()

    def forgive(self) -> None:
        """Forget what was refused, before a new scan."""
        self.short = self.short_of_files = False
        self._no_spare = False

    def _add(self, path: bytes, *, weighty: bool) -> int:
        try:
            return self._inotify.add(path)
        except WatchLimitError:
            self.limit_reached = True
            self._budget = len(self._folders)
            if not self._make_room(weighty=weighty):
                raise
            return self._inotify.add(path)

    def _claim(self, folder: Folder, wd: int) -> None:
        if folder.wd == wd:
            return
        self.release(folder)
        before = self._folders.get(wd)
        if before is not None:  # the same inode under an older name
            before.wd = UNWATCHED
        self._orphans.discard(wd)
        self._folders[wd] = folder
        folder.wd = wd

    def _refuse(self, *, weighty: bool) -> None:
        self.short = True
        self.short_of_files |= weighty

    def _make_room(self, *, weighty: bool) -> bool:
        """Take the watch of a folder without weight, the deepest first, for a weighty one."""
        if not weighty or self._no_spare:
            return False
        if not self._spare:
            spare = [one for one in self._folders.values() if one.weight == 0 and one.reach is Reach.TREE]
            self._spare = sorted(spare, key=Folder.depth)
        while self._spare:
            folder = self._spare.pop()
            if folder.wd != UNWATCHED and folder.weight == 0:
                self._inotify.remove(folder.wd)
                del self._folders[folder.wd]
                folder.wd = UNWATCHED
                self.short = True
                return True
        self._no_spare = True
        return False
