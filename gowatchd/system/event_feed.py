"""What the kernel's events do to the watched tree: it follows them, and is looked at where they point."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from gowatchd.system import inotify
from gowatchd.system.discovery import FILE_NAMES, MODULES_LIST, NAMES, join
from gowatchd.system.folder_scan import Change, FolderScan, Kind
from gowatchd.system.folders import UNWATCHED, Folder, Reach
from gowatchd.system.git import STATE_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from gowatchd.system.watch_table import WatchTable

WATCHED_NAMES = NAMES | STATE_NAMES | {MODULES_LIST}  # the names of files that matter, each in some folders


class EventFeed:
    """Takes one event after the other into the tree; ``report`` gets all changes, those at ``places`` too."""

    def __init__(
        self,
        table: WatchTable,
        scan: FolderScan,
        places: Container[bytes],
        report: Callable[[Change], None],
    ) -> None:
        self._table = table
        self._scan = scan
        self._places = places
        self._report = report
        self._parked: dict[int, tuple[Folder, bytes]] = {}

    @property
    def moving(self) -> bool:
        """Whether a folder moved away and may still come back elsewhere."""
        return bool(self._parked)

    def feed(self, event: inotify.Event) -> bool:
        """Take ``event``; return False where the tree is so far behind that all must be listed again."""
        folder = self._table.folder(event.wd)
        if event.mask & inotify.IGNORED:
            self._lost_watch(event.wd)
        elif folder is None or (path := folder.path()) is None:
            return True  # given up, or on the move: it is listed again where it arrives
        elif not event.name:
            self._self_event(folder, path, event)
        elif folder.reach is Reach.REPOSITORY and event.name in STATE_NAMES:
            self._report(Change(Kind.FOUND, join(path, event.name)))
        else:
            return self._named_event(folder, path, event)
        return True

    def _named_event(self, folder: Folder, path: bytes, event: inotify.Event) -> bool:
        place = join(path, event.name)
        if event.mask & inotify.ISDIR and event.name not in FILE_NAMES:
            if place in self._places:
                self._report(Change(Kind.FOUND, place))
            return self._folder_event(folder, path, event)
        if event.name in folder.wanted():
            self._file_event(folder, path, event)
        elif place in self._places:
            self._report(Change(Kind.FOUND, place))
        elif event.name not in WATCHED_NAMES:
            self._sign_event(path, event)
        return True

    def forget_moved(self) -> None:
        """Give up the folders that moved to where we do not look."""
        for folder, path in self._parked.values():
            self._scan.discard(folder, path)
        self._parked.clear()

    def _self_event(self, folder: Folder, path: bytes, event: inotify.Event) -> None:
        if event.mask & inotify.MOVE_SELF:
            if folder.parent is not None and folder.parent.wd == UNWATCHED:
                self._scan.drop(folder)  # nobody will tell us its new name
        elif event.mask & inotify.UNMOUNT:
            above = folder.parent
            if above is not None:
                self._scan.drop(folder)
                self._scan.again(above)  # what was covered can be seen again
        elif event.mask & inotify.ATTRIBUTES:
            self._permitted(folder, path)

    def _file_event(self, folder: Folder, path: bytes, event: inotify.Event) -> None:
        file = join(path, event.name)
        had_go_file = folder.has_go_file
        if event.mask & (inotify.DELETE | inotify.MOVED_FROM):
            folder.remove_file(event.name)
            self._report(Change(Kind.VANISHED, file))
        elif event.mask & inotify.CLOSE_WRITE or not _is_empty_file(file):
            # an empty new file is somebody about to write: the close will come
            folder.add_file(event.name)
            self._scan.promote(folder)
            self._report(Change(Kind.FOUND if event.mask & inotify.ATTRIBUTES else Kind.CLOSED, file))
        if folder.has_go_file is not had_go_file:
            self._scan.look_beside(folder, path)

    def _permitted(self, folder: Folder, path: bytes) -> None:
        """Look again at what ``folder`` holds, whose permissions changed."""
        self._scan.again(folder)
        for file in folder.file_paths_from(path):
            self._report(Change(Kind.FOUND, file))

    def _sign_event(self, path: bytes, event: inotify.Event) -> None:
        path = join(path, event.name)
        if event.mask & (inotify.DELETE | inotify.MOVED_FROM):
            self._report(Change(Kind.VANISHED, path))
        elif event.mask & (inotify.CREATE | inotify.MOVED_TO):
            self._report(Change(Kind.FOUND, path))

    def _folder_event(self, parent: Folder, path: bytes, event: inotify.Event) -> bool:
        child = parent.children.get(event.name)
        if event.mask & inotify.DELETE:
            if child is not None:
                self._scan.drop(child)
        elif event.mask & inotify.MOVED_FROM:
            if child is not None:
                child.detach()
                self._parked[event.cookie] = (child, join(path, event.name))
        elif event.mask & inotify.MOVED_TO:
            return self._arrived(parent, path, event)
        elif child is None:
            self._scan.enter(parent, path, event.name)
        elif event.mask & inotify.ATTRIBUTES:
            self._scan.again(child)
        return True

    def _arrived(self, parent: Folder, path: bytes, event: inotify.Event) -> bool:
        replaced = parent.children.get(event.name)
        if replaced is not None:
            self._scan.drop(replaced)
        moved, source = self._parked.pop(event.cookie, (None, b""))
        if moved is None:
            self._scan.enter(parent, path, event.name)
        elif any(folder is moved for folder in parent.upward()):
            self._scan.discard(moved, source)  # our picture is older than the disk: it would bite its tail
            return False
        elif moved.reach is Reach.TREE and self._scan.reach(parent, path, event.name) is Reach.TREE:
            self._adopt(parent, path, moved, event.name, source)
        else:
            self._scan.discard(moved, source)
            self._scan.enter(parent, path, event.name)
        return True

    def _adopt(self, parent: Folder, path: bytes, moved: Folder, name: bytes, source: bytes) -> None:
        destination = join(path, name)
        moves = list(zip(moved.file_paths_from(source), moved.file_paths_from(destination), strict=True))
        moved.name = name
        parent.adopt(moved)
        for folder in moved.walk():  # what happened inside during the move was not heard
            self._scan.again(folder)
        for old, new in moves:
            self._report(Change(Kind.MOVED, old, new))

    def _lost_watch(self, wd: int) -> None:
        folder = self._table.ended(wd)
        if folder is not None and folder.path() is not None and folder.parent is not None:
            self._scan.drop(folder)


def _is_empty_file(path: bytes) -> bool:
    try:
        found = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == 0 and found.st_nlink == 1
