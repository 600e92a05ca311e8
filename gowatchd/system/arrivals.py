"""What comes and goes with a file system that is mounted or unmounted while we watch."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gowatchd.system.mount_watch import MountWatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.system.discovery import Pruning
    from gowatchd.system.loop import MainLoop
    from gowatchd.system.mounts import Mounts
    from gowatchd.system.watch_tree import WatchTree


class Arrivals:
    """Has ``tree`` look anew wherever the mount table changes, and knows which files were found by that.

    ``replaced`` is called with the mount points, after that.
    """

    def __init__(
        self,
        loop: MainLoop,
        pruning: Pruning,
        tree: WatchTree,
        replaced: Callable[[tuple[str, ...]], None],
    ) -> None:
        self._pruning = pruning
        self._tree = tree
        self._tell = replaced
        self._watch = MountWatch(loop, pruning.mounts, self._changed)
        self._points: set[str] = set()  # what is not listed yet
        self._any = False

    def start(self) -> None:
        """Begin."""
        self._watch.start()

    def close(self) -> None:
        """Stop for good."""
        self._watch.close()

    def includes(self, path: str) -> bool:
        """Say whether the file ``path``, which a listing came across, came with a mount."""
        self._watch.check()  # a listing may be ahead of what we know of the mounts
        for point in self._points:
            if path.startswith(f"{point.rstrip('/')}/"):
                self._any = True
                return True
        return False

    def listed(self) -> bool:
        """Note that all is listed; return whether files came since the last time."""
        came, self._any = self._any, False
        self._points.clear()
        return came

    def _changed(self, before: Mounts, after: Mounts) -> None:
        self._pruning.mounts = after
        points = after.changes_since(before)
        for point in points:
            self._tree.replaced(point)
        self._tree.look_at_goals()  # what came and went in between may have been listed
        shown = tuple(map(os.fsdecode, points))
        self._points.update(shown)
        self._tell(shown)
