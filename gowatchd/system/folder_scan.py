"""Listing folders: which of them belong to the watched tree, and what they hold."""

from __future__ import annotations

import errno
import os
import stat
import time
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from gowatchd.system.discovery import GIT, MODULES_LIST, NAMES, VENDOR, Listing, Pruning, join
from gowatchd.system.folders import UNWATCHED, Folder, Reach
from gowatchd.system.scan_queue import ScanQueue
from gowatchd.system.system_error import error_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.system.goals import Goals
    from gowatchd.system.watch_table import WatchTable


# What says that a folder is not there any more. Everything else (no descriptor left, a dying disk) says
# nothing of the folder, and may pass.
_GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENODEV})

ASIDE = frozenset({GIT, VENDOR})  # left out of every walk, and watched for themselves
GIT_HEAD = b"HEAD"


class Kind(Enum):
    """What made us report a path."""

    FOUND = "found"  # a scan came upon it
    CLOSED = "closed"  # a writer closed it, or it took its place under the name
    VANISHED = "vanished"
    MOVED = "moved"  # with a folder above it; ``destination`` is the new path


class Change(NamedTuple):
    """A reason to look at ``path``."""

    kind: Kind
    path: bytes
    destination: bytes = b""


class FolderScan:
    """Lists the folders that wait for it, and keeps the tree and its watches as the listings say.

    ``report`` gets every ``Change``. ``number`` is that of the whole scan that is under way or was the last.
    ``queue`` are the folders that wait.
    """

    def __init__(
        self, table: WatchTable, pruning: Pruning, goals: Goals, report: Callable[[Change], None]
    ) -> None:
        self.number = 1
        self._table = table
        self._pruning = pruning
        self._goals = goals
        self._report = report
        self.queue = ScanQueue()
        self._complete = False  # nothing waited to be listed once, and all is known since then

    @property
    def waiting(self) -> bool:
        """Whether folders wait to be listed, and may be."""
        return self.queue.waiting

    def restart(self, root: Folder) -> None:
        """List everything again, and report every known file."""
        self.number += 1
        self._table.forgive()
        self.queue.restart(root)

    def advance(self, seconds: float) -> None:
        """List waiting folders for about ``seconds``."""
        deadline = time.monotonic() + seconds
        while self.waiting:
            # breadth first while watches last; then depth first, which keeps the queue short
            folder = self.queue.pop(latest=self._table.refused > 0)
            path = folder.path()
            if path is not None and folder.scanned != self.number:
                folder.scanned = self.number
                waits = self._pruning.mounts.waits(path)
                (self._list_mounted if waits else self._list)(folder, path)
            if time.monotonic() > deadline:
                return
        self._complete |= not self.queue.held

    def again(self, folder: Folder) -> None:
        """Have ``folder`` listed, even if this scan did."""
        self.queue.push_again(folder)

    def _list(self, folder: Folder, path: bytes) -> None:
        before = folder.wd
        try:
            watched = self._watch(folder, path)
            listing = self._listing(folder, path)
        except PermissionError:
            listing, watched = Listing(), False
        except OSError as error:
            if error.errno in _GONE:
                self.drop(folder)
            else:
                self.queue.put_off(folder, path, error_text(error))
            return
        if folder.names or listing.files:
            self._take_files(folder, path, listing)
        is_another = watched and before not in {UNWATCHED, folder.wd}  # than the one that stood there before
        for name in folder.children.keys() - (frozenset() if is_another else frozenset(listing.folders)):
            self.drop(folder.children[name])
        for name in listing.folders:
            self.enter(folder, path, name)
        if folder.has_go_file or not watched:
            self.promote(folder)
        if not watched:
            self._leave(folder)
        if folder.reach is Reach.REPOSITORY and self._complete:
            self._report(Change(Kind.FOUND, join(path, GIT_HEAD)))  # whatever git did, nobody told us

    def _list_mounted(self, folder: Folder, path: bytes) -> None:
        """Take in what an automounter has mounted below ``path``; a look at anything else would mount it."""
        self._take_files(folder, path, Listing())
        mounted = [name for name in self._goals.children(path) if join(path, name) in self._pruning.mounts]
        for name in folder.children.keys() - set(mounted):
            self.drop(folder.children[name])
        for name in mounted:
            self.enter(folder, path, name)

    def _take_files(self, folder: Folder, path: bytes, listing: Listing) -> None:
        for name in folder.names - listing.files:
            folder.remove_file(name)
            self._report(Change(Kind.VANISHED, join(path, name)))
        for name in listing.go_files:
            folder.add_file(name)  # first: what else is wanted depends on them
        for name in listing.files & folder.wanted():
            folder.add_file(name)
            self._report(Change(Kind.FOUND, join(path, name)))

    def _watch(self, folder: Folder, path: bytes) -> bool:
        """Watch ``folder``; where that is not permitted, hear when it is."""
        try:
            return self._table.watch(folder, path)
        except PermissionError:
            if folder.parent is not None and self._heed(folder.parent):
                self.again(folder)  # it may have changed just before the folder above tells of that
            return False

    def _listing(self, folder: Folder, path: bytes) -> Listing:
        if folder.reach is Reach.TREE:
            listing = self._pruning.list(path)
        else:
            names = NAMES | ASIDE | folder.wanted() if folder.reach is Reach.SINGLE else folder.wanted()
            listing = Listing(frozenset(name for name in names if os.path.lexists(join(path, name))))
        asked = self._goals.children(path)
        if not listing.files.isdisjoint(ASIDE):
            asked |= listing.files & ({GIT, VENDOR} if listing.go_files else {GIT})
        more = [name for name in asked.difference(listing.folders) if _is_folder(join(path, name))]
        return Listing(listing.files.difference(more), (*listing.folders, *more)) if more else listing

    def look_beside(self, folder: Folder, path: bytes) -> None:
        """Take in or give up the vendor folder in ``folder``, whose first Go file came or whose last went."""
        child = folder.children.get(VENDOR)
        if folder.has_go_file:
            if _is_folder(join(path, VENDOR)):
                self.enter(folder, path, VENDOR)
        elif child is not None and child.reach is Reach.BESIDE:
            self.drop(child)

    def enter(self, parent: Folder, path: bytes, name: bytes) -> None:
        """Take in the sub-folder ``name``, if it is one for us, and have it listed unless this scan did."""
        child = parent.children.get(name)
        if child is None:
            reach = self.reach(parent, path, name)
            if reach is None:
                return
            child = Folder(name, reach)
            if (self._goals.reach(join(path, name)) or Reach.WAY) > Reach.REPOSITORY:
                child.weight = 1  # asked for by name
            parent.adopt(child)
        if child.scanned != self.number:
            self.queue.push(child, near=self.queue.held and self._is_near(join(path, name)))

    def _is_near(self, path: bytes) -> bool:
        return self.queue.is_near(path) or self._goals.reach(path) is not None

    def reach(self, parent: Folder, path: bytes, name: bytes) -> Reach | None:
        """Return how far to look at the sub-folder ``name``, None where it is none for us."""
        if parent.reach is Reach.TREE and not self._pruning.prunes(path, name):
            return Reach.TREE
        asked = self._goals.reach(join(path, name))
        if name == GIT and parent.reach not in {Reach.BESIDE, Reach.REPOSITORY, Reach.SIGNS}:
            return Reach.REPOSITORY if asked is None else max(asked, Reach.REPOSITORY)
        return Reach.BESIDE if asked is None and name == VENDOR and parent.has_go_file else asked

    def promote(self, folder: Folder) -> None:
        """Have a weighty folder and those above it watched, where watches were scarce, and heed them."""
        if folder.weight:
            for above in folder.upward():
                if above.wd == UNWATCHED:
                    path = above.path()
                    if path is not None and self._try_watch(above, path):
                        self.again(above)
            self._heed(folder)

    def _heed(self, folder: Folder) -> bool:
        """Hear of changed permissions in ``folder`` and all above it; return whether that is new."""
        new = False
        for above in folder.upward():
            path = above.path()
            if path is None or not self._table.heed(above, path):
                break
            new = True
        return new

    def _try_watch(self, folder: Folder, path: bytes) -> bool:
        try:
            return self._table.watch(folder, path)
        except OSError:
            return False  # gone meanwhile: its parent's event tells

    def _leave(self, folder: Folder) -> None:
        """Forget folders that are neither watched nor hold anything, so that memory has a bound too."""
        while (
            folder.parent is not None and folder.wd == UNWATCHED and not folder.children and not folder.weight
        ):
            parent = folder.parent
            folder.detach()
            folder = parent

    def drop(self, folder: Folder) -> None:
        """Take a folder out of the tree, with all below it."""
        path = folder.path()
        folder.detach()
        self.discard(folder, path)

    def discard(self, folder: Folder, path: bytes | None) -> None:
        """Give up a detached folder that stood at ``path``, with all below it."""
        gone = []
        if path is not None:
            beside = folder.names & {GIT, MODULES_LIST}
            gone = [*folder.file_paths_from(path), *(join(path, name) for name in beside)]
        for one in folder.walk():
            self._table.release(one)
        for file in gone:
            self._report(Change(Kind.VANISHED, file))


def _is_folder(path: bytes) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False
