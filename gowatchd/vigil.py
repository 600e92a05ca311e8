"""What a run does with what it hears of the watched folders: at the beginning, and at every save after it."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from gowatchd.interests import Interests
from gowatchd.lookout import WATCHING
from gowatchd.services.restriction import FILE_NAME as RESTRICTIONS
from gowatchd.surroundings import Heritage

if TYPE_CHECKING:
    from gowatchd.go_use import GoUse
    from gowatchd.lookout import Lookout
    from gowatchd.services.parts import Parts
    from gowatchd.services.pipeline import Pipeline
    from gowatchd.services.ports import Handle
    from gowatchd.services.publishing import Publisher
    from gowatchd.surroundings import Surroundings

log = logging.getLogger(__name__)


class Vigil:
    """Hears ``lookout``, and leads what it says to ``pipeline``.

    It begins with the folders that are remembered: once they are watched they are checked, and then all there
    is gets listed. Until that is over it is ``scanning``.
    """

    def __init__(
        self,
        around: Surroundings,
        publisher: Publisher,
        parts: Parts,
        pipeline: Pipeline,
        lookout: Lookout,
        go_use: GoUse,
    ) -> None:
        self.scanning = True
        self.heritage = Heritage()
        self._around = around
        self._publisher = publisher
        self._parts = parts
        self._pipeline = pipeline
        self._workspaces = pipeline.workspaces
        self._lookout = lookout
        self._go_use = go_use
        self._interests = Interests(around, self._workspaces, lookout)
        self._near = False  # whether the remembered folders are checked
        self._early: dict[str, None] = {}  # saves that wait for the end of the scan, in order
        self._restrictions_due: Handle | None = None

    def close(self) -> None:
        """Call off what is due."""
        self._interests.close()
        if self._restrictions_due is not None:
            self._restrictions_due.cancel()

    def on_watching(self) -> None:
        """Begin: what is found now was there before, and no news."""
        self.scanning, self._near = True, False
        self._publisher.announcer.quiet = True

    def on_unwatched(self) -> None:
        """Be ready all the same: whoever asks is answered."""
        self.scanning, self._near = False, True
        self._around.begun()

    def on_near(self) -> None:
        """Begin with what is remembered; the other folders follow when a child process has read them once."""
        self._around.begun()  # nothing that is saved from now on is missed
        self._interests.clean()
        files = self._covered_files()
        if files:
            self._pipeline.begin(files)
            self._interests.watch()
            log.info("checked what is remembered: %d workspaces", len(self._pipeline.verdicts))
        self._near = True
        self._look_again_early()
        self._lookout.scan_all()

    def on_rescanned(self) -> None:
        """Go on to all there is, when everything was listed for the first time."""
        if not self.scanning:
            return
        self.scanning = False
        self._interests.clean()
        self._pipeline.admit(self._covered_files())
        self._publisher.announcer.quiet = False
        self._publisher.announcer.keep_only(verdict.workspace.path for verdict in self._pipeline.verdicts)
        self._take_up_heritage()
        self._interests.complete = True
        self._interests.watch()
        self._look_again_early()
        below, number = ", ".join(self._lookout.territory.paths), len(self._pipeline.verdicts)
        log.info("checked everything below %s: %d workspaces", below, number)
        self._publisher.changed()

    def on_arrived(self) -> None:
        """Check what came with a mount, as at the start: nobody saved it, so nothing of it is news."""
        if self.scanning:
            return  # the end of the scan does that
        files = self._covered_files()
        self._interests.found(files)
        self._interests.clean()
        before = {verdict.workspace.path for verdict in self._pipeline.verdicts}
        self._publisher.announcer.quiet = True
        self._pipeline.admit(files)
        self._publisher.announcer.quiet = False
        after = {verdict.workspace.path for verdict in self._pipeline.verdicts}
        self._publisher.announcer.arrived(after - before)
        self._interests.watch_soon()
        self._publisher.changed()

    def on_file(self, path: str) -> None:
        """Look at a file that was saved or has gone."""
        if self.scanning and not (self._near and self._workspaces.source(path)):
            self._early[path] = None  # what it belongs to is not known yet
            return
        self._pipeline.look(path)
        if not os.path.lexists(path):
            self._interests.gone(path)
        self._go_use.saved()
        self._interests.watch_soon()

    def on_found(self, path: str) -> None:
        """Take note of a file that a listing came across."""
        self._interests.found((path,))
        if not self.scanning:
            self._pipeline.look(path, saved=False)
            self._interests.watch_soon()

    def on_beside(self, path: str) -> None:
        """Look at a file beside a go.work or go.mod: go.sum, go.work.sum or vendor/modules.txt."""
        if os.path.basename(path) == RESTRICTIONS:
            self._around.restrictions.forget(path)
            if self._restrictions_due is None:
                self._restrictions_due = self._around.loop.call_when_idle(self._restrict)
        elif self._near:
            self._pipeline.look_beside(path)

    def on_repository(self, git_directory: str) -> None:
        """Look again at what waits for git."""
        self._pipeline.tidier.repository_changed(git_directory)

    def on_sign(self, path: str) -> None:
        """Look whether an editor let go of a file."""
        self._pipeline.tidier.sign_changed(path)

    def on_root_moved(self, root: str) -> None:
        """Begin anew: what lies below ``root`` is something else now."""
        log.info("%s leads elsewhere now: beginning anew", root)
        self._around.begin_anew()

    def on_degraded(self, text: str) -> None:
        """Say that something cannot be watched."""
        self._parts.degraded(WATCHING, text)

    def on_restored(self) -> None:
        """Take back what was said of the watching."""
        self._parts.restored(WATCHING)

    def _covered_files(self) -> list[str]:
        return [*filter(self._workspaces.covers, self._lookout.known_files())]

    def _take_up_heritage(self) -> None:
        """Go on where the run before ended; what was saved in between is a save like any other."""
        heritage, self.heritage = self.heritage, Heritage()
        for one in heritage.unfinished:
            if self._workspaces.covers(one.path):
                self._pipeline.tidier.take_up(one)
            elif one.refused:
                self._publisher.write_over(one.path)
        for path, data in heritage.known.items():
            source = self._workspaces.source(path)
            if source is not None and source.data != data:
                self._pipeline.look(path)

    def _look_again_early(self) -> None:
        """Answer the saves that came before we knew what they belong to."""
        early, self._early = self._early, {}
        for path in early:
            self.on_file(path)

    def _restrict(self) -> None:
        """Do what a repository's own file says by now."""
        self._restrictions_due = None
        if not self._near:
            return  # the beginning reads it
        if not self.scanning:
            self._pipeline.admit(self._covered_files())
        self._pipeline.recheck_soon()
        self._publisher.announcer.limits_changed()
        self._publisher.changed()
