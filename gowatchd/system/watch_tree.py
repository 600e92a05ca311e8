"""The watched tree: scanning, and following what the kernel reports about it.

Level-triggered: a change says "look there", never what is there. Why no folder and no save is lost:

- A folder is watched first and listed second, so every change after the listing has an event behind it, and
  a listing is newer than every event that waits. Events are therefore safe to take late or twice.
- A folder that moves keeps its watch while its other half of the move may still come.
- When the kernel's queue overflowed, everything is listed again and every known file reported.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from gowatchd.system import inotify
from gowatchd.system.discovery import FILE_NAMES, MODULES_LIST, NAMES, join
from gowatchd.system.folder_scan import Change, FolderScan, Kind
from gowatchd.system.folders import UNWATCHED, Folder, Reach
from gowatchd.system.goals import Goals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from gowatchd.system.discovery import Pruning
    from gowatchd.system.watch_table import WatchTable


WATCHED_NAMES = NAMES | {MODULES_LIST}  # the names of files that matter, each in some folders


class WatchTree:
    """The folders below the goals, kept true by ``feed`` (events) and ``advance`` (scanning).

    ``report`` gets every ``Change``. A name that is neither in ``WATCHED_NAMES`` nor a folder's counts as an
    editor's sign: whoever feeds leaves out the others.
    """

    def __init__(self, table: WatchTable, pruning: Pruning, report: Callable[[Change], None]) -> None:
        self._table = table
        self._report = report
        self._goals = Goals()
        self._root = Folder(b"/", Reach.WAY)
        self._scan = FolderScan(table, pruning, self._goals, report)
        self._scan.again(self._root)
        self._parked: dict[int, tuple[Folder, bytes]] = {}
        self._sign_folders: list[bytes] = []

    @property
    def scanning(self) -> bool:
        """Whether folders wait to be listed."""
        return self._scan.waiting

    @property
    def held(self) -> bool:
        """Whether all but the near folders wait for ``release``."""
        return self._scan.held

    def begin_near(self, paths: Iterable[bytes]) -> None:
        """Before anything else: look at ``paths`` first, as far as they are ours, and hold the others."""
        self._scan.begin_near(paths)

    def release(self) -> None:
        """Look at everything."""
        self._scan.release()

    @property
    def scan(self) -> int:
        """The number of the whole scan that is under way or was the last."""
        return self._scan.number

    @property
    def put_off(self) -> Mapping[bytes, str]:
        """The folders that the system failed to list, with what it said, until ``retry``."""
        return self._scan.put_off

    @property
    def moving(self) -> bool:
        """Whether a folder moved away and may still come back elsewhere."""
        return bool(self._parked)

    def add(self, path: bytes, reach: Reach) -> None:
        """Ask for the folder ``path``, absolute and without symlinks, which need not exist yet."""
        self._goals.add(path, reach)
        if reach is Reach.SIGNS:
            self._sign_folders.append(path)
        folder, here = self._root, b"/"
        folder.reach = max(folder.reach, self._goals.reach(here) or Reach.WAY)
        self._scan.again(folder)
        for name in path.strip(b"/").split(b"/") if path != b"/" else ():
            here = join(here, name)
            child = folder.children.get(name)
            if child is None:
                return  # the scan of the folder above finds it, or an event brings it
            child.reach = max(child.reach, self._goals.reach(here) or Reach.WAY)
            self._scan.again(child)
            folder = child
        if not folder.weight:
            folder.weigh(1)

    def files(self) -> Iterator[bytes]:
        """Yield the paths of the Go files that are known."""
        return self._root.file_paths()

    def sign_watches(self) -> frozenset[int]:
        """Return the watches where any name may be an editor's sign."""
        return frozenset(folder.wd for folder in map(self._find, self._sign_folders) if folder is not None)

    def rescan(self) -> None:
        """List everything again, and report every known file."""
        self._scan.restart(self._root)

    def retry(self) -> None:
        """Have the folders listed that were put off."""
        self._scan.retry()

    def advance(self, seconds: float) -> None:
        """List waiting folders for about ``seconds``."""
        self._scan.advance(seconds)

    def feed(self, event: inotify.Event) -> None:
        """Take one event into the tree."""
        folder = self._table.folder(event.wd)
        if event.mask & inotify.Q_OVERFLOW:
            self.rescan()
        elif event.mask & inotify.IGNORED:
            self._lost_watch(event.wd)
        elif folder is None or (path := folder.path()) is None:
            return  # given up, or on the move: it is listed again where it arrives
        elif event.mask & inotify.MOVE_SELF:
            if folder.parent is not None and folder.parent.wd == UNWATCHED:
                self._scan.drop(folder)  # nobody will tell us its new name
        elif event.mask & inotify.ISDIR and event.name not in FILE_NAMES:
            self._folder_event(folder, path, event)
        elif event.name in folder.wanted():
            self._file_event(folder, path, event)
        elif event.name not in WATCHED_NAMES:
            self._sign_event(path, event)

    def forget_moved(self) -> None:
        """Give up the folders that moved to where we do not look."""
        for folder, path in self._parked.values():
            self._scan.discard(folder, path)
        self._parked.clear()

    def _find(self, path: bytes) -> Folder | None:
        folder: Folder | None = self._root
        for name in path.strip(b"/").split(b"/"):
            folder = None if folder is None else folder.children.get(name)
        return folder

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
            self._report(Change(Kind.CLOSED, file))
        if folder.has_go_file is not had_go_file:
            self._scan.look_beside(folder, path)

    def _sign_event(self, path: bytes, event: inotify.Event) -> None:
        path = join(path, event.name)
        if event.mask & (inotify.DELETE | inotify.MOVED_FROM):
            self._report(Change(Kind.VANISHED, path))
        elif event.mask & (inotify.CREATE | inotify.MOVED_TO):
            self._report(Change(Kind.FOUND, path))

    def _folder_event(self, parent: Folder, path: bytes, event: inotify.Event) -> None:
        child = parent.children.get(event.name)
        if event.mask & inotify.DELETE:
            if child is not None:
                self._scan.drop(child)
        elif event.mask & inotify.MOVED_FROM:
            if child is not None:
                child.detach()
                self._parked[event.cookie] = (child, join(path, event.name))
        elif event.mask & inotify.MOVED_TO:
            self._arrived(parent, path, event)
        elif event.mask & inotify.CREATE and child is None:
            self._scan.enter(parent, path, event.name)

    def _arrived(self, parent: Folder, path: bytes, event: inotify.Event) -> None:
        replaced = parent.children.get(event.name)
        if replaced is not None:
            self._scan.drop(replaced)
        moved, source = self._parked.pop(event.cookie, (None, b""))
        if moved is None:
            self._scan.enter(parent, path, event.name)
        elif any(folder is moved for folder in parent.upward()):
            self._scan.discard(moved, source)  # our picture is older than the disk: it would bite its tail
            self.rescan()
        elif moved.reach is Reach.TREE and self._scan.reach(parent, path, event.name) is Reach.TREE:
            self._adopt(parent, path, moved, event.name, source)
        else:
            self._scan.discard(moved, source)
            self._scan.enter(parent, path, event.name)

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
