"""Watching the Go files below chosen folders: the daemon's view of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from watchdog.events import EVENT_TYPE_CREATED, EVENT_TYPE_MOVED, FileSystemEventHandler

from gowatchd.system.arrivals import Arrivals
from gowatchd.system.discovery import FILE_NAMES, GIT, MODULES_LIST, Pruning
from gowatchd.system.editors import SIGN_NAMES, sign_owner
from gowatchd.system.event_feed import WATCHED_NAMES
from gowatchd.system.folders import Reach
from gowatchd.system.git import STATE_NAMES
from gowatchd.system.inotify import Inotify
from gowatchd.system.link_news import LinkNews
from gowatchd.system.links import Links
from gowatchd.system.observer import Changes, LoopObserver
from gowatchd.system.polling import FolderPoller
from gowatchd.system.pump import Pump
from gowatchd.system.repositories import Repositories
from gowatchd.system.watch_budget import WatchBudget
from gowatchd.system.watch_shortcomings import WatchShortcomings
from gowatchd.system.watch_table import WatchTable
from gowatchd.system.watch_tree import WatchTree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from watchdog.events import FileSystemEvent

    from gowatchd.services.tally import Tally
    from gowatchd.system.loop import MainLoop
    from gowatchd.system.watch_listener import Listener


class Watcher:
    """Watches for Go files below ``roots``, without the folders that a walk leaves out (``Pruning``).

    Paths are reported below the roots' real paths. ``sign_folders`` are those where editors keep the signs
    of open files. ``budget`` is the most watches to take (None: a fair share). Level-triggered: the same
    path may be reported twice, and nothing is read here.
    """

    def __init__(
        self,
        loop: MainLoop,
        roots: Iterable[str],
        excludes: Iterable[str],
        listener: Listener,
        *,
        sign_folders: Iterable[str] = (),
        budget: int | None = None,
        tally: Tally | None = None,
    ) -> None:
        """Open the descriptor; raises ``InstanceLimitError`` where the user has no instance left."""
        self._listener = listener
        self._inotify = Inotify()
        self._pruning = Pruning(excludes)
        watch_budget = WatchBudget(budget)
        self._table = WatchTable(self._inotify, watch_budget.watches)
        changes = Changes()
        self._tree = WatchTree(self._table, self._pruning, changes.add, tally)
        self._pump = Pump(loop, self._inotify, self._table, self._tree, WATCHED_NAMES | SIGN_NAMES)
        self._observer = LoopObserver(self._pump, changes, self._settled)
        self._repositories = Repositories(loop, self._tree, self._stirred)
        self._links = Links(self._tree, self._pump)
        self._link_news = LinkNews(self._links, self._pump, listener)
        self._shortcomings = WatchShortcomings(
            loop, watch_budget, self._table, self._tree, self._pump, listener
        )
        self._arrivals = Arrivals(loop, self._pruning, self._tree, self._replaced)
        self._poller = FolderPoller(loop, self._polled)
        self._roots = tuple(roots)
        self._announced = 0
        self._near_told = False
        for root in self._roots:
            self._links.follow(root, Reach.TREE)
        for folder in sign_folders:
            self._tree.add(os.fsencode(os.path.realpath(folder)), Reach.SIGNS)

    def start(self, near: Iterable[str] | None = None) -> None:
        """Begin; ``on_found`` is called for each file as it is found, ``on_rescanned`` at the end.

        With ``near`` only those of these folders are looked at which the whole scan would come across, then
        ``on_near`` is called, and the rest waits for ``scan_all``.
        """
        if near is not None:
            self._tree.begin_near(map(os.fsencode, near))
        self._observer.schedule(_Handler(self), "/", recursive=True)
        self._observer.start()
        self._arrivals.start()

    def close(self) -> None:
        """Stop for good and give all watches back."""
        self._arrivals.close()
        self._poller.close()
        self._observer.stop()
        self._repositories.close()
        self._shortcomings.close()
        self._inotify.close()

    def add_folder(self, path: str) -> None:
        """Watch the Go files of one more folder, wherever it is; it need not exist yet.

        Where ``path`` leads through symlinks, its files are reported under ``path`` too.
        """
        if self._links.reach(path) is None:
            self._links.follow(path, Reach.SINGLE)
            self._pump.scan_soon()

    def poll_blind(self, folders: Iterable[str]) -> None:
        """Look at ``folders``, all that matter, from time to time where inotify is blind."""
        real = (self._links.real(folder) for folder in folders)
        self._poller.choose(real, self._pruning.mounts)

    def scan_all(self) -> None:
        """Look at everything, after ``on_near``."""
        self._tree.release()
        self._pump.scan_soon()

    def rescan(self) -> None:
        """List everything again and report every file: after a suspend, or because somebody asked."""
        self._tree.rescan()
        self._pump.scan_soon()

    def known_files(self) -> tuple[str, ...]:
        """Return the paths of the go.mod and go.work files found so far, sorted."""
        return tuple(sorted(map(os.fsdecode, self._tree.files())))

    @property
    def folders_watched(self) -> int:
        """How many watches are in use."""
        return len(self._table)

    @property
    def roots_to_be_mounted(self) -> tuple[str, ...]:
        """The roots where an automounter waits; they are listed once something is mounted there."""
        waits = self._pruning.mounts.waits
        return tuple(root for root in self._roots if waits(os.fsencode(self._links.real(root))))

    @property
    def blind(self) -> str:
        """What is said of the file systems where inotify is blind, nothing where there are none."""
        roots = (self._links.real(root) for root in self._roots)
        return self._poller.describe(roots, self._pruning.mounts)

    def changed(self, path: str, *, found: bool = False) -> None:
        """Pass on that ``path``, a file that matters, changed or was ``found`` by a listing."""
        self._link_news.changed(path)
        folder, _, name = path.rpartition("/")
        kind = os.fsencode(name)
        if kind in STATE_NAMES:
            self._repositories.changed(folder)
        elif kind == GIT:
            self._repositories.linked(path)
        else:
            if kind in FILE_NAMES:
                self._link_news.file(path)
            if kind == MODULES_LIST:  # seen through the folder that has the vendor folder
                folder = folder.rpartition("/")[0]
                name = path[len(folder) + 1 :]
            for shown in (path, *(f"{alias}/{name}" for alias in self._links.aliases(folder))):
                self._tell(shown, kind, found=found)

    def _tell(self, path: str, kind: bytes, *, found: bool) -> None:
        if kind in FILE_NAMES:
            if not found:
                self._listener.on_file(path)
            elif not self._arrivals.includes(path):
                self._listener.on_found(path)
        elif kind in WATCHED_NAMES:
            self._listener.on_beside(path)
        elif (owner := sign_owner(path)) is not None:
            self._listener.on_sign(owner)

    def _replaced(self, points: tuple[str, ...]) -> None:
        """Look again at the links on what was mounted or unmounted."""
        self._link_news.replaced(points)
        self._pump.scan_soon()
        self._poller.remount(self._pruning.mounts)

    def _polled(self, path: str) -> None:
        """Look at ``path``, which changed without an event; in its folder another file may have come."""
        folder = os.path.dirname(path)
        self._tree.list_again(os.fsencode(folder))
        self._pump.scan_soon()
        self.changed(path, found=True)

    def _settled(self) -> None:
        """Nothing waits to be listed: say so after a whole scan, and what could not be watched."""
        self._link_news.settled()
        if self._tree.held:
            if not self._near_told:
                self._near_told = True
                self._listener.on_near()
            return
        if self._arrivals.listed():
            self._listener.on_arrived()
        whole_scan = self._tree.scan != self._announced
        self._announced = self._tree.scan
        if whole_scan:
            self._listener.on_rescanned()
            self._shortcomings.scanned()
        self._shortcomings.tell()

    def _stirred(self, git_directory: str) -> None:
        """Tell what git did, and look into the folders that we do not watch, which it may have changed."""
        self._listener.on_repository(git_directory)
        if self._table.refused and not os.path.lexists(f"{git_directory}/index.lock"):
            for top in self._repositories.work_trees(git_directory):
                self._tree.list_below(os.fsencode(top))
            self._pump.scan_soon()


class _Handler(FileSystemEventHandler):  # type: ignore[misc] # watchdog has no types in every release
    """Turns watchdog's events into looks."""

    def __init__(self, watcher: Watcher) -> None:
        super().__init__()
        self._watcher = watcher

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Pass on both ends of ``event``."""
        self._watcher.changed(os.fsdecode(event.src_path), found=event.event_type == EVENT_TYPE_CREATED)
        if event.event_type == EVENT_TYPE_MOVED:
            self._watcher.changed(os.fsdecode(event.dest_path))
