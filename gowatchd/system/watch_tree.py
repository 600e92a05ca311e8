"""The watched tree: scanning, and following what the kernel reports about it.

Level-triggered: a change says "look there", never what is there. Why no folder and no save is lost:

- A folder is watched first and listed second, so every change after the listing has an event behind it, and
  a listing is newer than every event that waits. Events are therefore safe to take late or twice.
- A folder that moves keeps its watch while its other half of the move may still come.
- When the kernel's queue overflowed, everything is listed again and every known file reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.services.tally import Tally
from gowatchd.system import inotify
from gowatchd.system.discovery import join
from gowatchd.system.event_feed import EventFeed
from gowatchd.system.folder_scan import Change, FolderScan
from gowatchd.system.folders import Folder, Reach
from gowatchd.system.goals import Goals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from gowatchd.system.discovery import Pruning
    from gowatchd.system.watch_table import WatchTable


class WatchTree:
    """The folders below the goals, kept true by ``feed`` (events) and ``advance`` (scanning).

    ``report`` gets every ``Change``. A name that is neither in ``WATCHED_NAMES`` nor a folder's counts as an
    editor's sign: whoever feeds leaves out the others. ``places`` are paths about which everything is told.
    """

    def __init__(
        self,
        table: WatchTable,
        pruning: Pruning,
        report: Callable[[Change], None],
        tally: Tally | None = None,
    ) -> None:
        self._tally = tally or Tally()
        self._table = table
        self._goals = Goals()
        self._root = Folder(b"/", Reach.WAY)
        self._scan = FolderScan(table, pruning, self._goals, report)
        self._scan.again(self._root)
        self.places: set[bytes] = set()
        self._events = EventFeed(table, self._scan, self.places, report)
        self._sign_folders: list[bytes] = []

    @property
    def scanning(self) -> bool:
        """Whether folders wait to be listed."""
        return self._scan.waiting

    @property
    def held(self) -> bool:
        """Whether all but the near folders wait for ``release``."""
        return self._scan.queue.held

    def begin_near(self, paths: Iterable[bytes]) -> None:
        """Before anything was listed: look at ``paths`` first, and hold the others.

        A path that is not there, or that a walk leaves out, is passed over without a word.
        """
        self._scan.queue.begin_near(paths)

    def release(self) -> None:
        """Look at everything."""
        self._scan.queue.release()

    @property
    def scan(self) -> int:
        """The number of the whole scan that is under way or was the last."""
        return self._scan.number

    @property
    def put_off(self) -> Mapping[bytes, str]:
        """The folders that the system failed to list, with what it said, until ``retry``."""
        return self._scan.queue.failures

    @property
    def moving(self) -> bool:
        """Whether a folder moved away and may still come back elsewhere."""
        return self._events.moving

    def add(self, path: bytes, reach: Reach) -> None:
        """Ask for the folder ``path``, absolute and without symlinks, which need not exist yet."""
        self._goals.add(path, reach)
        if reach is Reach.SIGNS:
            self._sign_folders.append(path)
        folder, here = self._root, b"/"
        self._widen(folder, here)
        for name in path.strip(b"/").split(b"/") if path != b"/" else ():
            here = join(here, name)
            child = folder.children.get(name)
            if child is None:
                self._scan.again(folder)  # that finds it, or an event brings it
                return
            self._widen(child, here)
            folder = child
        if not folder.weight and reach > Reach.REPOSITORY:
            folder.weigh(1)

    def remove(self, path: bytes, reach: Reach) -> None:
        """Take back one ``add`` of the same; what leads nowhere else is given up."""
        self._goals.remove(path, reach)
        folder = self._nearest(path)
        while folder.parent is not None:
            parent, above = folder.parent, folder.parent.path()
            rest = None if above is None else self._scan.reach(parent, above, folder.name)
            if rest is None:
                self._scan.drop(folder)
            elif rest is not folder.reach:
                folder.reach = rest
                self._scan.again(folder)
            folder = parent

    def list_below(self, path: bytes) -> None:
        """List ``path`` and the folders below it again, which finds what is new in those without a watch."""
        folder = self._find(path)
        for one in () if folder is None else folder.walk():
            self._scan.again(one)

    def replaced(self, path: bytes) -> None:
        """Look at ``path`` as at a new folder: something was mounted there, or is no longer."""
        if path == b"/":
            self.rescan()
            return
        folder = self._find(path)
        if folder is not None:
            self._scan.drop(folder)
        above = self._find(path.rpartition(b"/")[0] or b"/")
        if above is not None:
            self._scan.again(above)

    def list_again(self, path: bytes) -> None:
        """List ``path`` again, if it is known."""
        folder = self._find(path)
        if folder is not None:
            self._scan.again(folder)

    def look_at_goals(self) -> None:
        """List what was asked for again, and the folders above: each may be another one by now."""
        for path in self._goals.paths():
            self.list_again(path)

    def files(self) -> Iterator[bytes]:
        """Yield the paths of the Go files that are known."""
        return self._root.file_paths()

    def sign_watches(self) -> frozenset[int]:
        """Return the watches where any name may be an editor's sign."""
        return frozenset(folder.wd for folder in map(self._find, self._sign_folders) if folder is not None)

    def rescan(self) -> None:
        """List everything again, and report every known file."""
        self._tally.rescans += 1
        self._scan.restart(self._root)

    def retry(self) -> None:
        """Have the folders listed that were put off."""
        self._scan.queue.retry()

    def advance(self, seconds: float) -> None:
        """List waiting folders for about ``seconds``."""
        self._scan.advance(seconds)

    def feed(self, event: inotify.Event) -> None:
        """Take one event into the tree."""
        if event.mask & inotify.Q_OVERFLOW:
            self._tally.overflows += 1
            self.rescan()
        elif not self._events.feed(event):
            self.rescan()

    def forget_moved(self) -> None:
        """Give up the folders that moved to where we do not look."""
        self._events.forget_moved()

    def _widen(self, folder: Folder, path: bytes) -> None:
        reach = max(folder.reach, self._goals.reach(path) or Reach.WAY)
        if reach is not folder.reach:
            folder.reach = reach
            self._scan.again(folder)

    def _find(self, path: bytes) -> Folder | None:
        folder = self._nearest(path)
        return folder if folder.path() == path else None

    def _nearest(self, path: bytes) -> Folder:
        """Return the folder ``path``, or the lowest above it that is known."""
        folder = self._root
        for name in path.strip(b"/").split(b"/"):
            child = folder.children.get(name)
            if child is None:
                break
            folder = child
        return folder
