"""Which folder has which watch, within a budget."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from gowatchd.system.folders import UNWATCHED, Folder, Rank, Reach
from gowatchd.system.inotify import ATTRIBUTES, FOLDER_MASK, REPOSITORY_MASK, WatchLimitError

if TYPE_CHECKING:
    from gowatchd.system.inotify import Inotify


class WatchTable:
    """The watches of one inotify instance: at most ``budget``, in the order of ``Rank``.

    A watch that is given up becomes an orphan and is removed only by ``sweep``, once no event that could
    bring its folder back is waiting: the kernel hands out the same descriptor for the same inode, so a
    folder that was only moved claims its orphan again.
    """

    def __init__(self, inotify: Inotify, budget: int) -> None:
        self._inotify = inotify
        self._granted = budget
        self._budget = budget
        self._folders: dict[int, Folder] = {}
        self._heeded: set[int] = set()  # the watches that tell of changed permissions too
        self._orphans: set[int] = set()
        self._spare: list[Folder] = []
        self._poorest = Rank.NONE  # requests of this rank and below found no room in vain
        self.limit_reached = False  # of the kernel, before our own
        self.refused = 0  # how many folders got no watch, or lost it, since the scan began
        self.short_of = Rank.NONE  # the first rank of which some folder got none

    def __len__(self) -> int:
        return len(self._folders)

    @property
    def budget(self) -> int:
        """The most watches that we take: what was granted, or less once the kernel refused one."""
        return self._budget

    def grant(self, budget: int) -> None:
        """Take at most ``budget`` watches from now on; give up the least important of those above it.

        Those of folders with Go files stay: the next ones are refused.
        """
        self._granted = self._budget = budget
        self._poorest = Rank.NONE
        while len(self._folders) > budget and self._make_room(Rank.GO):
            pass

    def folder(self, wd: int) -> Folder | None:
        """Return the folder that ``wd`` watches, None where it was given up."""
        return self._folders.get(wd)

    def watch(self, folder: Folder, path: bytes) -> bool:
        """Watch ``folder``, whose path is ``path``, again if it was; return whether it is watched now.

        False means that no watch is left for it. Raises ``PermissionError`` where it may not be watched, and
        another ``OSError`` where it is no folder.
        """
        rank = folder.rank
        if folder.wd == UNWATCHED and len(self._folders) >= self._budget and not self._make_room(rank):
            self._refuse(rank)
            return False
        try:
            wd = self._add(path, REPOSITORY_MASK if folder.reach is Reach.REPOSITORY else FOLDER_MASK, rank)
        except WatchLimitError:
            self._refuse(rank)
            return False
        except OSError as error:
            if error.errno == errno.EACCES:
                self.release(folder)
            raise
        self._claim(folder, wd)
        return True

    def heed(self, folder: Folder, path: bytes) -> bool:
        """Hear of changed permissions in ``folder`` too; return whether that is new."""
        if folder.wd == UNWATCHED or folder.wd in self._heeded:
            return False
        try:
            wd = self._inotify.add(path, FOLDER_MASK | ATTRIBUTES)
        except OSError:
            return False  # gone meanwhile: its parent's event tells
        self._claim(folder, wd)
        self._heeded.add(wd)
        return True

    def release(self, folder: Folder) -> None:
        """Give up the watch of ``folder``."""
        if folder.wd != UNWATCHED:
            del self._folders[folder.wd]
            self._heeded.discard(folder.wd)
            self._orphans.add(folder.wd)
            folder.wd = UNWATCHED
            self._poorest = Rank.NONE

    def ended(self, wd: int) -> Folder | None:
        """Note that the kernel ended the watch ``wd`` (IN_IGNORED); return the folder that had it."""
        self._orphans.discard(wd)
        self._heeded.discard(wd)
        folder = self._folders.pop(wd, None)
        if folder is not None:
            folder.wd = UNWATCHED
        return folder

    @property
    def orphaned(self) -> bool:
        """Whether ``sweep`` has something to do."""
        return bool(self._orphans)

    def sweep(self) -> None:
        """Remove the orphans; call it when no event waits."""
        for wd in self._orphans:
            self._inotify.remove(wd)
        self._orphans.clear()

    def forgive(self) -> None:
        """Forget what was refused, before a new scan."""
        self._budget = self._granted
        self._poorest = Rank.NONE
        self.limit_reached = False
        self.refused = 0
        self.short_of = Rank.NONE

    def _add(self, path: bytes, mask: int, rank: Rank) -> int:
        try:
            return self._inotify.add(path, mask)
        except WatchLimitError:
            self.limit_reached = True
            self._budget = len(self._folders)
            if not self._make_room(rank):
                raise
            return self._inotify.add(path, mask)

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

    def _refuse(self, rank: Rank) -> None:
        self.refused += 1
        self.short_of = min(self.short_of, rank)

    def _make_room(self, rank: Rank) -> bool:
        """Take the watch of the least important folder, the deepest first, for one of ``rank``."""
        if rank >= self._poorest:
            return False
        folder = self._spare_folder(rank)
        if folder is None:
            self._spare = [one for one in self._folders.values() if one.rank > rank]
            self._spare.sort(key=lambda one: (one.rank, one.depth()))
            folder = self._spare_folder(rank)
        if folder is None:
            self._poorest = rank
            return False
        self._inotify.remove(folder.wd)
        self.ended(folder.wd)
        self._refuse(folder.rank)
        return True

    def _spare_folder(self, rank: Rank) -> Folder | None:
        while self._spare:
            folder = self._spare.pop()
            if folder.wd != UNWATCHED and folder.rank > rank:
                return folder
        return None
