"""The watcher of a run: there from the start, or asked for until the system has one to give."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

from gowatchd.system.editors import neovim_swap_folders
from gowatchd.system.home_walk import forget_walk, walk_beside
from gowatchd.system.inotify import InstanceLimitError
from gowatchd.system.watch_listener import Listener
from gowatchd.system.watching import Watcher

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gowatchd.services.parts import Parts
    from gowatchd.services.ports import Handle
    from gowatchd.services.territory import Territory
    from gowatchd.surroundings import Surroundings

# Without an inotify instance nothing is watched. One is asked for again after a second, then twice as long
# each time: one call of the kernel.
WATCH_AGAIN_FIRST_SECONDS = 1.0
WATCH_AGAIN_MOST_SECONDS = 60.0

WATCHING, INOTIFY = "watching", "inotify"  # the parts of the daemon that may be off here


class Hearer(Listener, Protocol):
    """Who hears what is watched, and whether it is."""

    def on_watching(self) -> None:
        """There is a watcher, which begins now."""

    def on_unwatched(self) -> None:
        """The system has no watcher to give; it is asked again."""


class Lookout:
    """Watches ``territory`` with at most ``budget`` watches, and does nothing while there is no watcher.

    ``paths`` are its roots as the configuration spells them, which may lead through symbolic links. With
    ``walk`` a child process reads everything before the main loop does.
    """

    def __init__(
        self,
        around: Surroundings,
        territory: Territory,
        paths: tuple[str, ...],
        budget: int | None,
        parts: Parts,
        *,
        walk: bool,
    ) -> None:
        self._around = around
        self.territory = territory
        self._paths = paths
        self._budget = budget
        self._parts = parts
        self._walk = walk
        self._watcher: Watcher | None = None
        self._due: Handle | None = None
        self._wait = WATCH_AGAIN_FIRST_SECONDS

    def start(self, hearer: Hearer) -> None:
        """Begin with the folders that are remembered; ``hearer`` asks for the others."""
        if not self._open(hearer):
            hearer.on_unwatched()
            self._open_later(hearer)

    def close(self) -> None:
        """Watch nothing any more."""
        if self._due is not None:
            self._due.cancel()
        forget_walk(self._around.walk_pool)
        if self._watcher is not None:
            self._watcher.close()

    def scan_all(self) -> None:
        """Look at everything, now that what is remembered is known."""
        if self._watcher is None:
            return
        if self._walk:
            roots, excludes = self.territory.paths, self.territory.excludes
            walk_beside(self._around.walk_pool, roots, excludes, self._watcher.scan_all)
        else:
            self._watcher.scan_all()

    def rescan(self) -> None:
        """List all folders anew."""
        if self._watcher is not None:
            self._watcher.rescan()

    def watch_also(self, new: Iterable[str], of_interest: Iterable[str]) -> None:
        """Watch the ``new`` folders, wherever they are, and poll those ``of_interest`` that tell nothing."""
        if self._watcher is not None:
            for folder in new:
                self._watcher.add_folder(folder)
            self._watcher.poll_blind(of_interest)

    def known_files(self) -> tuple[str, ...]:
        """Return the paths of the go.mod and go.work files found so far, sorted."""
        return () if self._watcher is None else self._watcher.known_files()

    @property
    def folders_watched(self) -> int:
        """How many inotify watches are in use."""
        return 0 if self._watcher is None else self._watcher.folders_watched

    def off(self) -> Iterator[tuple[str, str]]:
        """Yield what is not watched as it should be: the part of the daemon, and the reason."""
        missing = [root for root in self.territory.paths if not os.path.isdir(root)]
        if missing:
            yield WATCHING, f"there is no folder {missing[0]} yet"
        if self._watcher is None:
            return
        if self._watcher.blind:
            yield INOTIFY, self._watcher.blind
        for root in self._watcher.roots_to_be_mounted[:1]:
            yield WATCHING, f"{root}: its automounter waits; it is watched once somebody looks there"

    def _open(self, hearer: Hearer) -> bool:
        """Begin, unless the user has no inotify instance left."""
        try:
            watcher = Watcher(
                self._around.loop,
                self._paths,
                self.territory.excludes,
                hearer,
                sign_folders=neovim_swap_folders(os.environ),
                budget=self._budget,
                tally=self._around.tally,
            )
        except InstanceLimitError as error:
            reason = error.strerror or str(error)
            if self._parts.reason(WATCHING) != reason:
                self._parts.degraded(WATCHING, reason)
            return False
        self._watcher = watcher
        self._parts.restored(WATCHING)
        hearer.on_watching()
        watcher.start(near=self._around.memory.folders)
        return True

    def _open_later(self, hearer: Hearer) -> None:
        """Try again: another program may end, or the limit be raised."""
        self._due = self._around.loop.call_later(self._wait, lambda: self._open_again(hearer))
        self._wait = min(self._wait * 2, WATCH_AGAIN_MOST_SECONDS)

    def _open_again(self, hearer: Hearer) -> None:
        self._due = None
        if not self._open(hearer):
            self._open_later(hearer)
