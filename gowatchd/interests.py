"""The folders whose Go files matter to a run, wherever they are: watched, remembered, cleaned once."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from gowatchd.system.strays import clean_strays

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gowatchd.lookout import Lookout
    from gowatchd.services.ports import Handle
    from gowatchd.services.workspaces import Workspaces
    from gowatchd.surroundings import Surroundings

log = logging.getLogger(__name__)


class Interests:
    """Knows in which folders ``lookout`` found files, and has it watch those that ``workspaces`` name beyond.

    Once it is ``complete``, because all there is was looked at, the next start begins with these folders.
    """

    def __init__(self, around: Surroundings, workspaces: Workspaces, lookout: Lookout) -> None:
        self.complete = False
        self._loop = around.loop
        self._memory = around.memory
        self._workspaces = workspaces
        self._lookout = lookout
        self._found: set[str] = set()
        self._cleaned: set[str] = set()
        self._asked_for: set[str] = set()
        self._due: Handle | None = None

    def close(self) -> None:
        """Call off what is due."""
        if self._due is not None:
            self._due.cancel()

    def found(self, paths: Iterable[str]) -> None:
        """Take note of files that a listing came across: their folders are watched."""
        self._found.update(map(os.path.dirname, paths))

    def gone(self, path: str) -> None:
        """Take note that a file is gone: if it comes back, it may be through a symbolic link."""
        self._found.discard(os.path.dirname(path))
        self._asked_for.discard(os.path.dirname(path))

    def clean(self) -> None:
        """Rid the folders found so far of what a kill left there."""
        for folder in sorted(self._found - self._cleaned):
            for stray in clean_strays(folder):
                log.warning("left over from an interrupted write, not ours to remove: %s", stray)
        self._cleaned = set(self._found)

    def watch_soon(self) -> None:
        """Do it once for all files that a clone brings, since it looks at every workspace."""
        if self._due is None:
            self._due = self._loop.call_when_idle(self.watch)

    def watch(self) -> None:
        """Watch the folders that a go.work or a replacement names, wherever they are."""
        self._due = None
        folders = self._workspaces.folders_of_interest()
        new = folders - self._asked_for
        self._asked_for |= new
        self._lookout.watch_also(sorted(new - self._found), folders)
        if self.complete:
            self._memory.keep(folders)
