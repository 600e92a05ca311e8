"""Listing folders: which of them belong to the watched tree, and what they hold."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections import deque
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from gowatchd.system.discovery import FILE_NAMES, MODULES_LIST, NAMES, VENDOR, Listing, Pruning, join
from gowatchd.system.folders import UNWATCHED, Folder, Reach
from gowatchd.system.system_error import error_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gowatchd.system.goals import Goals
    from gowatchd.system.watch_table import WatchTable


# What says that a folder is not there any more. Everything else (no descriptor left, a dying disk) says
# nothing of the folder, and may pass.
_GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENODEV})


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
    ``near`` are folders to be listed before all others; while ``held``, the others wait.
    """

    def __init__(
        self, table: WatchTable, pruning: Pruning, goals: Goals, report: Callable[[Change], None]
    ) -> None:
        self.number = 1
        self.held = False
        self._table = table
        self._pruning = pruning
        self._goals = goals
        self._report = report
        self._queue: deque[Folder] = deque()
        self._waiting_for_system: list[Folder] = []
        self.put_off: dict[bytes, str] = {}  # folders that the system failed to list, and what it said
        self._near: frozenset[bytes] = frozenset()
        self._first: deque[Folder] = deque()  # those of the queue that are near

    @property
    def waiting(self) -> bool:
        """Whether folders wait to be listed, and may be."""
        return bool(self._first) or (bool(self._queue) and not self.held)

    def begin_near(self, paths: Iterable[bytes]) -> None:
        """Before anything was listed: list ``paths`` and the folders above them, and hold the others.

        A path that is not there, or that a walk leaves out, is passed over without a word.
        """
        near = {b"/"}
        for path in paths:
            while path not in near:
                near.add(path)
                path = path.rpartition(b"/")[0] or b"/"  # noqa: PLW2901 the way up
        self._near = frozenset(near)
        self._first, self._queue = self._queue, deque()
        self.held = True

    def release(self) -> None:
        """List the others as well."""
        self.held = False
        self._near = frozenset()

    def restart(self, root: Folder) -> None:
        """List everything again, and report every known file."""
        self.number += 1
        self._table.forgive()
        self._first.clear()
        self._queue.clear()
        self._waiting_for_system.clear()
        self.put_off.clear()
        (self._first if self.held else self._queue).append(root)

    def advance(self, seconds: float) -> None:
        """List waiting folders for about ``seconds``."""
        deadline = time.monotonic() + seconds
        while self.waiting:
            queue = self._first or self._queue
            # breadth first while watches last; then depth first, which keeps the queue short
            folder = queue.popleft() if not self._table.short else queue.pop()
            path = folder.path()
            if path is not None and folder.scanned != self.number:
                folder.scanned = self.number
                self._list(folder, path)
            if time.monotonic() > deadline:
                return

    def retry(self) -> None:
        """List the folders that were put off."""
        for folder in self._waiting_for_system:
            self.again(folder)
        self._waiting_for_system.clear()
        self.put_off.clear()

    def again(self, folder: Folder) -> None:
        """Have ``folder`` listed, even if this scan did."""
        folder.scanned = 0
        (self._first if self.held else self._queue).append(folder)

    def _list(self, folder: Folder, path: bytes) -> None:
        try:
            watched = self._table.watch(folder, path)
            listing = self._listing(folder, path)
        except PermissionError:
            listing, watched = Listing(), False
        except OSError as error:
            if error.errno in _GONE:
                self.drop(folder)
            else:
                self.put_off[path] = error_text(error)
                self._waiting_for_system.append(folder)
            return
        for name in folder.names - listing.files:
            folder.remove_file(name)
            self._report(Change(Kind.VANISHED, join(path, name)))
        for name in listing.go_files:
            folder.add_file(name)
        for name in listing.files & folder.wanted():
            folder.add_file(name)
            self._report(Change(Kind.FOUND, join(path, name)))
        for name in folder.children.keys() - set(listing.folders):
            self.drop(folder.children[name])
        for name in listing.folders:
            self.enter(folder, path, name)
        if not watched:
            self.promote(folder)
            self._leave(folder)

    def _listing(self, folder: Folder, path: bytes) -> Listing:
        asked = self._goals.children(path)
        if folder.reach is Reach.TREE:
            listing = self._pruning.list(path)
            if VENDOR in listing.files and listing.go_files:
                asked |= {VENDOR}
            hidden = [name for name in asked - set(listing.folders) if _is_folder(join(path, name))]
            return Listing(listing.files, (*listing.folders, *hidden)) if hidden else listing
        names = NAMES | folder.wanted() if folder.reach is Reach.SINGLE else folder.wanted()
        files = frozenset(name for name in names if os.path.lexists(join(path, name)))
        if not files.isdisjoint(FILE_NAMES):
            asked |= {VENDOR}
        return Listing(files, tuple(name for name in asked if _is_folder(join(path, name))))

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
            if (self._goals.reach(join(path, name)) or Reach.WAY) > Reach.WAY:
                child.weight = 1  # asked for by name
            parent.adopt(child)
        if child.scanned != self.number:
            near = self.held and self._is_near(join(path, name))
            (self._first if near else self._queue).append(child)

    def _is_near(self, path: bytes) -> bool:
        return path in self._near or self._goals.reach(path) is not None

    def reach(self, parent: Folder, path: bytes, name: bytes) -> Reach | None:
        """Return how far to look at the sub-folder ``name``, None where it is none for us."""
        if parent.reach is Reach.TREE and not self._pruning.prunes(path, name):
            return Reach.TREE
        reach = self._goals.reach(join(path, name))
        return Reach.BESIDE if reach is None and name == VENDOR and parent.has_go_file else reach

    def promote(self, folder: Folder) -> None:
        """Have a weighty folder and those above it watched, where watches were scarce."""
        if folder.weight:
            for above in folder.upward():
                path = above.path()
                if above.wd == UNWATCHED and path is not None and self._try_watch(above, path):
                    self.again(above)

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
        gone = [] if path is None else list(folder.file_paths_from(path))
        if path is not None and MODULES_LIST in folder.names:
            gone.append(join(path, MODULES_LIST))
        for one in folder.walk():
            self._table.release(one)
        for file in gone:
            self._report(Change(Kind.VANISHED, file))


def _is_folder(path: bytes) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False
